/**
 * The user's tables: columns of words and numbers made features that a network can learn from, and read alike from a file
 * and from Java.
 */
@NullMarked
package dev.stillpoint.zoo.table;

import org.jspecify.annotations.NullMarked;
