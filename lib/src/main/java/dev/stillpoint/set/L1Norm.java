package dev.stillpoint.set;

import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * g(x) = w‖x‖₁, w ≥ 0. prox_{αg}(x) = sign(x)·max(|x| − αw, 0), the soft threshold; its derivative at |x| = αw is taken
 * as 0. O(n).
 *
 * <p>Where a sample's own w is negative or NaN, its result is NaN.
 *
 * @param <C> the context, which carries w where it differs from sample to sample
 */
public final class L1Norm<C> implements Proximal<C> {
    private final Weight<C> weight;

    private L1Norm(Weight<C> weight) {
        this.weight = weight;
    }

    /**
     * The norm with one weight for all samples.
     *
     * @param weight w
     * @param <C> any context
     * @throws IllegalArgumentException unless w is finite and not negative
     */
    public static <C> L1Norm<C> of(double weight) {
        return new L1Norm<>(Weight.of("L1Norm", weight));
    }

    /**
     * The norm whose weight is a sample's own.
     *
     * @param weight reads w, [batch, 1], from a context
     * @param <C> the context
     */
    public static <C> L1Norm<C> of(Function<C, Tensor> weight) {
        return new L1Norm<>(Weight.of("L1Norm", weight));
    }

    @Override
    public Tensor prox(Tensor x, Tensor step, C c) {
        Tensor threshold = weight.at(x, c).mul(step);
        return x.sub(threshold).relu().sub(x.add(threshold).neg().relu());
    }
}
