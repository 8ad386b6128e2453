/** Planted violations: every rule of the architecture must be seen to fail on one of these. */
@NullMarked
package dev.stillpoint.saboteur;

import org.jspecify.annotations.NullMarked;
