package dev.stillpoint.certificate;

import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * How far a feasible point y is from the solution x* of min f over C₁ ∩ C₂, a sample, whatever the solver says of itself.
 *
 * <p>Any iterate z of Davis-Yin gives a lower bound of f. With x₁ = P₁(z), x₂ = P₂(2x₁ − z − α∇f(x₁)), the normals
 * u₁ = (z − x₁)/α and u₂ = (2x₁ − z − α∇f(x₁) − x₂)/α satisfy ⟨u₁, x − x₁⟩ ≤ 0 and ⟨u₂, x − x₂⟩ ≤ 0 for all feasible x, and
 * ∇f(x₁) + u₁ + u₂ = (x₁ − x₂)/α. For a γ-strongly convex f therefore
 *
 * <p>f(x) ≥ D = f(x₁) + ⟨u₂, x₁ − x₂⟩ − ‖x₁ − x₂‖²/(2γα²),&nbsp; and&nbsp; ‖y − x*‖ ≤ √(2(f(y) − D)/γ).
 *
 * <p>It is as true as the projections are, so {@link #ROUNDINGS} roundings of all terms are added: in float32 the bound ends
 * near 10⁻³, in float64 near 10⁻⁷ of the numbers involved. Both are NaN where y violates a set by more than as many
 * roundings of its size, and where a number is not finite.
 *
 * <p>Reference: Fenchel duality, as in Bauschke and Combettes 2017, section 15.3, doi 10.1007/978-3-319-48311-5.
 *
 * @param gap f(y) − D ≥ f(y) − f(x*) ≥ 0
 * @param bound √(2·gap/γ) ≥ ‖y − x*‖₂
 */
public record DualityGap(double[] gap, double[] bound) {
    /** The sums inside a projection round more often than once. */
    public static final double ROUNDINGS = 64;

    /**
     * The gap between feasible points and the lower bounds that iterates give. Two proximal maps; best in float64.
     *
     * @param t its smooth part {@link Quadratic} with γ &gt; 0, its other parts convex sets
     * @param z [batch, n], any iterates: the nearer to a fixed point, the smaller the gap
     * @param y [batch, n], feasible, such as a rounded-down decision; {@code t.solution(z, c)} lies in the first set alone
     * @param c the context
     * @param <C> the context
     * @throws IllegalArgumentException if the operator is another, or the shapes differ
     */
    public static <C extends Batch<C>> DualityGap of(DavisYin<C> t, Tensor z, Tensor y, C c) {
        ConvexSet<C> first = set("g", t.g());
        ConvexSet<C> second = set("h", t.h());
        if (!(t.smooth() instanceof Quadratic<C> f) || !(f.gamma() > 0)) {
            throw new IllegalArgumentException("DualityGap: need a Quadratic with gamma > 0, got " + t.smooth());
        }
        Tensors.check("DualityGap: z", z, c.size(), -1);
        Tensors.check("DualityGap: y", y, z.shape());
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            double alpha = t.step();
            double rounding = ROUNDINGS * Tensors.rounding(Tensors.type(z));
            Tensor x1 = first.project(z, c);
            Tensor slope = f.at(x1, c);
            Tensor reflected = x1.add(x1).sub(z).sub(slope, new Scalar(alpha));
            Tensor x2 = second.project(reflected, c);
            Tensor u1 = z.sub(x1).div(new Scalar(alpha));
            Tensor u2 = reflected.sub(x2).div(new Scalar(alpha));
            Tensor apart = x1.sub(x2);
            Tensor d = y.sub(x1);
            // f(y) − f(x₁) from the difference of the points: no cancellation of two large values.
            double[] rise = Tensors.doubles(dot(slope, d));
            double[] kink = Tensors.doubles(dot(u2, apart));
            double[] far = norms(d);
            double[] split = norms(apart);
            double[] forces = sum(norms(slope), norms(u1), norms(u2));
            double[] sizes = sum(norms(x1), norms(x2), norms(y));
            double[] violation =
                    largest(Tensors.doubles(first.violation(y, c)), Tensors.doubles(second.violation(y, c)));
            double[] size = norms(y);
            double gamma = f.gamma();
            double[] gap = new double[rise.length];
            Arrays.setAll(gap, i -> {
                // Written so that NaN is no feasible point.
                if (!(violation[i] <= rounding * (1 + size[i]))) {
                    return Double.NaN;
                }
                return rise[i]
                        + gamma / 2 * far[i] * far[i]
                        - kink[i]
                        + split[i] * split[i] / (2 * gamma * alpha * alpha)
                        + rounding * forces[i] * sizes[i];
            });
            double[] bound = new double[gap.length];
            Arrays.setAll(bound, i -> Math.sqrt(2 * gap[i] / gamma));
            return new DualityGap(gap, bound);
        }
    }

    private static <C> ConvexSet<C> set(String name, Proximal<C> part) {
        if (part instanceof ConvexSet<C> set) {
            return set;
        }
        throw new IllegalArgumentException("DualityGap: need " + name + " to be a convex set, got "
                + part.getClass().getSimpleName());
    }

    private static Tensor dot(Tensor a, Tensor b) {
        return a.mul(b).sum(new long[] {1}, false, new ScalarTypeOptional());
    }

    private static double[] norms(Tensor x) {
        return Tensors.doubles(Tensors.rowNorm(x));
    }

    private static double[] sum(double[] a, double[] b, double[] c) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i] + c[i]);
        return sum;
    }

    private static double[] largest(double[] a, double[] b) {
        double[] largest = new double[a.length];
        Arrays.setAll(largest, i -> Math.max(a[i], b[i]));
        return largest;
    }
}
