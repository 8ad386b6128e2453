package dev.stillpoint.set;

import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * g(x) = w/2·‖x − q‖², w ≥ 0. prox_{αg}(x) = (x + αwq)/(1 + αw). O(n).
 *
 * <p>Where a sample's own w is negative or NaN, its result is NaN.
 *
 * @param <C> the context, which carries what differs from sample to sample
 */
public final class SquaredDistance<C> implements Proximal<C> {
    private final Weight<C> weight;
    private final Datum<C> centre;

    private SquaredDistance(Weight<C> weight, Datum<C> centre) {
        this.weight = weight;
        this.centre = centre;
    }

    /**
     * The distance with one weight and one centre for all samples.
     *
     * @param weight w
     * @param centre q, [n], copied
     * @param <C> any context
     * @throws IllegalArgumentException unless all numbers are finite and w ≥ 0
     */
    public static <C> SquaredDistance<C> of(double weight, double[] centre) {
        return new SquaredDistance<>(
                Weight.of("SquaredDistance", weight), Datum.finite("SquaredDistance: centre", centre));
    }

    /**
     * The distance to a centre of a sample's own.
     *
     * @param weight w
     * @param centre reads q, [batch, n], from a context
     * @param <C> the context
     * @throws IllegalArgumentException unless w is finite and not negative
     */
    public static <C> SquaredDistance<C> of(double weight, Function<C, Tensor> centre) {
        return new SquaredDistance<>(
                Weight.of("SquaredDistance", weight), Datum.read("SquaredDistance: centre", centre));
    }

    /**
     * The distance whose weight and centre are a sample's own.
     *
     * @param weight reads w, [batch, 1], from a context
     * @param centre reads q, [batch, n], from a context
     * @param <C> the context
     */
    public static <C> SquaredDistance<C> of(Function<C, Tensor> weight, Function<C, Tensor> centre) {
        return new SquaredDistance<>(
                Weight.of("SquaredDistance", weight), Datum.read("SquaredDistance: centre", centre));
    }

    @Override
    public Tensor prox(Tensor x, Tensor step, C c) {
        Tensor pull = weight.at(x, c).mul(step);
        return x.add(pull.mul(centre.vector(x, c))).div(pull.add(new Scalar(1.0)));
    }
}
