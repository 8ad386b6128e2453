package dev.stillpoint.set;

import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {x : x ≥ 0, Σx = r}, r &gt; 0. P(x) = max(x − τ, 0) with τ = (Σ_{j∈S} x_j − r)/|S| over the support S, exact. O(n log n).
 *
 * <p>S holds the k largest entries for the greatest k with Σ_{i≤k} (x₍ᵢ₎ − x₍ₖ₎) &lt; r: equal entries enter together. The
 * derivative is I − 11ᵀ/|S| on S and 0 elsewhere; an entry with x_j = τ counts as outside. Where a sample's own r is not
 * a positive number, its projection and its violation are NaN. Reference: Held, Wolfe and Crowder 1974; Duchi et al.
 * 2008, figure 1.
 *
 * @param <C> the context, which carries r where it differs from sample to sample
 */
public final class Simplex<C> implements ConvexSet<C> {
    private final Datum<C> sum;

    private Simplex(Datum<C> sum) {
        this.sum = sum;
    }

    /**
     * The simplex with one r for all samples.
     *
     * @param sum r
     * @param <C> any context
     * @throws IllegalArgumentException unless r is finite and positive
     */
    public static <C> Simplex<C> of(double sum) {
        if (!(sum > 0) || Double.isInfinite(sum)) {
            throw new IllegalArgumentException("Simplex: need finite sum > 0, got " + sum);
        }
        return new Simplex<>(Datum.fixed("Simplex: sum", sum));
    }

    /**
     * The simplex whose r is a sample's own.
     *
     * @param sum reads [batch, 1] from a context
     * @param <C> the context
     */
    public static <C> Simplex<C> of(Function<C, Tensor> sum) {
        return new Simplex<>(Datum.read("Simplex: sum", sum));
    }

    /** {@inheritDoc} Refuses n = 0, where the set is empty. */
    @Override
    public Tensor project(Tensor x, C c) {
        Tensor r = sum(x, c);
        // P(x − t·1) = P(x): with the largest entry at 0, entries of S lie in (−r, 0] and their sum loses nothing.
        Tensor y = x.sub(x.detach().amax(new long[] {1}, true));
        Tensor support = support(y.detach(), r.detach());
        Tensor size = support.sum(1).unsqueeze(1);
        Tensor inside = torch.where(support, y, new Scalar(0.0)).sum(1).unsqueeze(1);
        return y.sub(inside.sub(r).div(size)).relu();
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Tensor off = x.sum(1).unsqueeze(1).sub(sum(x, c)).abs();
        return Violations.largest(torch.maximum(x.neg(), off));
    }

    /** Whether an entry of P(y) is positive, [batch, n]: k is found by sorting, then y_j ≥ y₍ₖ₎. */
    private static Tensor support(Tensor y, Tensor r) {
        Tensor sorted = y.sort(1, true).get0();
        Tensor rank = torch.ones_like(sorted).cumsum(1);
        Tensor above = sorted.cumsum(1).sub(rank.mul(sorted));
        // Without NaN at least one entry is in; with NaN y is NaN throughout, and so is the result.
        Tensor last = above.lt(r).sum(1).unsqueeze(1).sub(new Scalar(1L)).clamp_min(new Scalar(0L));
        return y.ge(sorted.gather(1, last));
    }

    private Tensor sum(Tensor x, C c) {
        Tensor r = sum.number(x, c);
        if (x.size(1) == 0) {
            throw new IllegalArgumentException("Simplex: need n > 0, got x of [" + x.size(0) + ", 0]");
        }
        return Datum.orNan(r, r.gt(new Scalar(0.0)));
    }
}
