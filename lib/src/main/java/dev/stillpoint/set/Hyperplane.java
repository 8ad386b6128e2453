package dev.stillpoint.set;

import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * {x : aᵀx = b}, a ≠ 0. P(x) = x − (aᵀx − b)·a/‖a‖², exact. O(n).
 *
 * <p>Where a sample's own a is 0, its projection and its violation are NaN.
 *
 * @param <C> the context, which carries what differs from sample to sample
 */
public final class Hyperplane<C> implements ConvexSet<C> {
    private final LinearForm<C> form;

    private Hyperplane(LinearForm<C> form) {
        this.form = form;
    }

    /**
     * The set with one a and one b for all samples.
     *
     * @param a [n], copied
     * @param b a number
     * @param <C> any context
     * @throws IllegalArgumentException if a number is not finite, or a = 0
     */
    public static <C> Hyperplane<C> of(double[] a, double b) {
        return new Hyperplane<>(LinearForm.of("Hyperplane", a, b));
    }

    /**
     * The set whose b is a sample's own.
     *
     * @param a [n], copied
     * @param b reads [batch, 1] from a context
     * @param <C> the context
     * @throws IllegalArgumentException if a number of a is not finite, or a = 0
     */
    public static <C> Hyperplane<C> of(double[] a, Function<C, Tensor> b) {
        return new Hyperplane<>(LinearForm.of("Hyperplane", a, b));
    }

    /**
     * The set whose a and b are a sample's own.
     *
     * @param a reads [batch, n] from a context
     * @param b reads [batch, 1] from a context
     * @param <C> the context
     */
    public static <C> Hyperplane<C> of(Function<C, Tensor> a, Function<C, Tensor> b) {
        return new Hyperplane<>(LinearForm.of("Hyperplane", a, b));
    }

    @Override
    public Tensor project(Tensor x, C c) {
        return form.against(x, c, distance -> distance);
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        return Violations.largest(form.residual(x, c).abs());
    }
}
