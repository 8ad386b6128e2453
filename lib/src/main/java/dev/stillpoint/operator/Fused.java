package dev.stillpoint.operator;

import dev.stillpoint.kernel.Judge;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * An operator that can bring a loop of its own, which iterates z ← T(z; c) faster than one application after another. What it
 * computes is what {@link #apply} does, up to rounding; when a sample ends is not its to say.
 *
 * @param <C> the context
 */
public interface Fused<C> extends Operator<C> {
    /**
     * The loop for this start and context.
     *
     * @param z0 [batch, ...], with a sample at least, off the tape; to be left as it was
     * @param c the context, of the same batch size
     * @return empty where there is none: for a device, element type, shape or part that it cannot take
     */
    Optional<Loop> loop(Tensor z0, C c);

    /** The same operator without a loop of its own, to compare with. */
    default Operator<C> unfused() {
        return new Unfused<>(this);
    }

    /** Iterates a batch. */
    @FunctionalInterface
    interface Loop {
        /**
         * Iterates every sample from its row of z0 until the judge ends it. Any threads that take part have come to their end
         * when this returns.
         *
         * @param judge says when
         * @return what z0 is, [batch, ...] of its type: the z of each sample at which the judge ended it; of the open scope
         */
        Tensor run(Judge judge);
    }
}
