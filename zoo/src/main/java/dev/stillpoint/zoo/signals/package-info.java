/** {@code train signals}: signals from too few measurements, sparse in a dictionary that is learned. */
@NullMarked
package dev.stillpoint.zoo.signals;

import org.jspecify.annotations.NullMarked;
