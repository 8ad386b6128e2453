package dev.stillpoint.set;

import dev.stillpoint.kernel.Bounds;
import java.util.Optional;

/**
 * {x : l ≤ x ≤ u}, entry by entry: what kernels recognise.
 *
 * @param <C> the context, which carries the bounds where they differ from sample to sample
 */
public sealed interface Bounded<C> extends ConvexSet<C> permits Box, NonNegative {
    /**
     * l and u in float32.
     *
     * @param n their length
     * @return empty where they are a sample's own, or of another length
     */
    Optional<Bounds> bounds(int n);
}
