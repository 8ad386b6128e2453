package dev.stillpoint.set;

import org.bytedeco.pytorch.Tensor;

/**
 * What a solution must satisfy, measured; a {@link ConvexSet} can also project onto it.
 *
 * @param <C> the context
 */
public interface Constraint<C> {
    /**
     * How far {@code x} is from satisfying it: the largest absolute residual of one of its conditions, in the condition's own
     * unit, 0 inside. [batch, n] to [batch].
     */
    Tensor violation(Tensor x, C c);
}
