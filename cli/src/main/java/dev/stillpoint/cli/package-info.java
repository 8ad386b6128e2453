/** The command: a thin layer over the library and the zoo. */
@NullMarked
package dev.stillpoint.cli;

import org.jspecify.annotations.NullMarked;
