/** Data in batches, the training loop, optimiser and schedule with a state that can be saved, exact resume, provenance. */
@NullMarked
package dev.stillpoint.train;

import org.jspecify.annotations.NullMarked;
