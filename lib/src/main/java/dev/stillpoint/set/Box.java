package dev.stillpoint.set;

import dev.stillpoint.kernel.Bounds;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {x : l ≤ x ≤ u}. P(x) = min(max(x, l), u), exact. O(n).
 *
 * <p>Where a sample's own bounds cross, or one is NaN, that entry of its projection and its violation are NaN.
 *
 * @param <C> the context, which carries the bounds where they differ from sample to sample
 */
public final class Box<C> implements Bounded<C> {
    private final Datum<C> lower;
    private final Datum<C> upper;

    private Box(Datum<C> lower, Datum<C> upper) {
        this.lower = lower;
        this.upper = upper;
    }

    /**
     * The box between two vectors, infinities allowed. Both are copied.
     *
     * @param lower l, [n]
     * @param upper u, [n]
     * @param <C> any context
     * @throws IllegalArgumentException if the lengths differ, or l_j ≤ u_j fails for some j
     */
    public static <C> Box<C> of(double[] lower, double[] upper) {
        if (lower.length != upper.length) {
            throw new IllegalArgumentException(
                    "Box: need bounds of one length, got " + lower.length + " and " + upper.length);
        }
        for (int j = 0; j < lower.length; j++) {
            if (!(lower[j] <= upper[j])) {
                throw new IllegalArgumentException(
                        "Box: need lower <= upper, got " + lower[j] + " and " + upper[j] + " at index " + j);
            }
        }
        return new Box<>(Datum.fixed("Box: lower", lower), Datum.fixed("Box: upper", upper));
    }

    /**
     * The cube between two numbers, infinities allowed, in any dimension.
     *
     * @param lower l
     * @param upper u
     * @param <C> any context
     * @throws IllegalArgumentException unless l ≤ u
     */
    public static <C> Box<C> of(double lower, double upper) {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException("Box: need lower <= upper, got " + lower + " and " + upper);
        }
        return new Box<>(Datum.constant("Box: lower", lower), Datum.constant("Box: upper", upper));
    }

    /**
     * The box whose bounds are a sample's own, infinities allowed.
     *
     * @param lower reads l, [batch, n], from a context
     * @param upper reads u, [batch, n], from a context
     * @param <C> the context
     */
    public static <C> Box<C> of(Function<C, Tensor> lower, Function<C, Tensor> upper) {
        return new Box<>(Datum.read("Box: lower", lower), Datum.read("Box: upper", upper));
    }

    @Override
    public Tensor project(Tensor x, C c) {
        Tensor u = upper.vector(x, c);
        return torch.minimum(torch.maximum(x, lower(x, c, u)), u);
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Tensor u = upper.vector(x, c);
        return Violations.largest(torch.maximum(lower(x, c, u).sub(x), x.sub(u)));
    }

    @Override
    public Optional<Bounds> bounds(int n) {
        return lower.values(n).flatMap(l -> upper.values(n).map(u -> new Bounds(l, u)));
    }

    private Tensor lower(Tensor x, C c, Tensor u) {
        Tensor l = lower.vector(x, c);
        return Datum.orNan(l, l.le(u));
    }
}
