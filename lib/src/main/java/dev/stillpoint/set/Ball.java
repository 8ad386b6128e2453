package dev.stillpoint.set;

import dev.stillpoint.tensor.Tensors;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {x : ‖x − q‖₂ ≤ ρ}, ρ ≥ 0. P(x) = q + (x − q)·min(1, ρ/‖x − q‖), exact; points inside stay to the bit. O(n).
 *
 * <p>Where a sample's own ρ is negative or NaN, its projection and its violation are NaN.
 *
 * @param <C> the context, which carries what differs from sample to sample
 */
public final class Ball<C> implements ConvexSet<C> {
    private final Datum<C> centre;
    private final Datum<C> radius;

    private Ball(Datum<C> centre, Datum<C> radius) {
        this.centre = centre;
        this.radius = radius;
    }

    /**
     * The ball with one centre and one radius for all samples.
     *
     * @param centre q, [n], copied
     * @param radius ρ
     * @param <C> any context
     * @throws IllegalArgumentException unless all numbers are finite and ρ ≥ 0
     */
    public static <C> Ball<C> of(double[] centre, double radius) {
        return new Ball<>(Datum.finite("Ball: centre", centre), fixed(radius));
    }

    /**
     * The ball whose radius is a sample's own.
     *
     * @param centre q, [n], copied
     * @param radius reads ρ, [batch, 1], from a context
     * @param <C> the context
     * @throws IllegalArgumentException unless the centre is finite
     */
    public static <C> Ball<C> of(double[] centre, Function<C, Tensor> radius) {
        return new Ball<>(Datum.finite("Ball: centre", centre), Datum.read("Ball: radius", radius));
    }

    /**
     * The ball whose centre is a sample's own.
     *
     * @param centre reads q, [batch, n], from a context
     * @param radius ρ
     * @param <C> the context
     * @throws IllegalArgumentException unless ρ is finite and not negative
     */
    public static <C> Ball<C> of(Function<C, Tensor> centre, double radius) {
        return new Ball<>(Datum.read("Ball: centre", centre), fixed(radius));
    }

    /**
     * The ball whose centre and radius are a sample's own.
     *
     * @param centre reads q, [batch, n], from a context
     * @param radius reads ρ, [batch, 1], from a context
     * @param <C> the context
     */
    public static <C> Ball<C> of(Function<C, Tensor> centre, Function<C, Tensor> radius) {
        return new Ball<>(Datum.read("Ball: centre", centre), Datum.read("Ball: radius", radius));
    }

    @Override
    public Tensor project(Tensor x, C c) {
        Tensor q = centre.vector(x, c);
        Tensor rho = radius(x, c);
        Tensor offset = x.sub(q);
        Tensor distance = Tensors.rowNorm(offset).unsqueeze(1);
        Tensor inside = distance.le(rho);
        // Dividing by 1 inside keeps the untaken branch from sending 0/0 back.
        Tensor shrink = rho.div(distance.masked_fill(inside, new Scalar(1.0)));
        return torch.where(inside, x, q.add(offset.mul(shrink)));
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Tensor distance = Tensors.rowNorm(x.sub(centre.vector(x, c))).unsqueeze(1);
        return Violations.largest(distance.sub(radius(x, c)));
    }

    private Tensor radius(Tensor x, C c) {
        Tensor rho = radius.number(x, c);
        return Datum.orNan(rho, rho.ge(new Scalar(0.0)));
    }

    private static <C> Datum<C> fixed(double radius) {
        if (!(radius >= 0) || Double.isInfinite(radius)) {
            throw new IllegalArgumentException("Ball: need finite radius >= 0, got " + radius);
        }
        return Datum.fixed("Ball: radius", radius);
    }
}
