/**
 * Data in and out, as plain arrays: strict readers that name the file, line and column of what they refuse, writers
 * that never leave half a file behind, and numpy's random draws.
 */
@NullMarked
package dev.stillpoint.data;

import org.jspecify.annotations.NullMarked;
