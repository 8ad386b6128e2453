/** Programs under 120 lines: run in the tests, quoted by the documentation. */
@NullMarked
package dev.stillpoint.examples;

import org.jspecify.annotations.NullMarked;
