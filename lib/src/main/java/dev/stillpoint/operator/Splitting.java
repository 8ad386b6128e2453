package dev.stillpoint.operator;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** What splitting operators share: the steps that known constants admit, what these promise, and the forward step. */
final class Splitting {
    private Splitting() {}

    /** Checks that α is finite and positive. */
    static void checkStep(String operator, double step) {
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException(operator + ": need finite step > 0, got " + step);
        }
    }

    /** Checks 0 &lt; α &lt; 2/L where L is known, and that α is finite and positive in any case. */
    static void checkStep(String operator, double step, Gradient<?> smooth) {
        OptionalDouble lipschitz = smooth.lipschitz();
        if (lipschitz.isPresent()) {
            double l = lipschitz.getAsDouble();
            checkRange(
                    operator, "step", step, step > 0 && step * l < 2 && !Double.isInfinite(step), "< 2/L = " + 2 / l);
        } else {
            checkStep(operator, step);
        }
    }

    /** Checks 0 &lt; λ &lt; 1/a where a is known, and 0 &lt; λ ≤ 1 otherwise. */
    static void checkRelaxation(String operator, double relaxation, OptionalDouble averagedness) {
        if (averagedness.isPresent()) {
            double a = averagedness.getAsDouble();
            checkRange(operator, "relaxation", relaxation, relaxation > 0 && relaxation * a < 1, "< 1/a = " + 1 / a);
        } else {
            checkRange(operator, "relaxation", relaxation, relaxation > 0 && relaxation <= 1, "<= 1");
        }
    }

    /** Checks 0 &lt; λ ≤ 1/α, and 0 &lt; β &lt; 1/(α(‖K‖² + ‖A‖²)) where the norms are known. */
    static void checkAdmm(String operator, double alpha, double lambda, double beta, OptionalDouble normSquared) {
        checkRange(operator, "alpha", alpha, alpha > 0 && !Double.isInfinite(alpha), "and finite");
        checkRange(operator, "lambda", lambda, lambda > 0 && lambda <= 1 / alpha, "<= 1/alpha = " + 1 / alpha);
        double most = normSquared.isPresent() ? 1 / (alpha * normSquared.getAsDouble()) : Double.POSITIVE_INFINITY;
        checkRange(operator, "beta", beta, beta > 0 && beta < most, "< 1/(alpha(|K|^2 + |A|^2)) = " + most);
    }

    private static void checkRange(String operator, String name, double value, boolean inside, String upper) {
        if (!inside) {
            throw new IllegalArgumentException(operator + ": need 0 < " + name + " " + upper + ", got " + value);
        }
    }

    /** 2/(4 − αL): of a firmly nonexpansive map after a gradient step, and of Davis-Yin splitting. */
    static OptionalDouble averagedness(double step, Gradient<?> smooth) {
        OptionalDouble lipschitz = smooth.lipschitz();
        return lipschitz.isEmpty() ? lipschitz : below1(2 / (4 - step * lipschitz.getAsDouble()));
    }

    /**
     * √(1 − αμ(2 − αL)) for x ↦ x − αF(x), and so for a nonexpansive map after it: with d = x − y and e = F(x) − F(y),
     * ‖d − αe‖² = ‖d‖² − 2α⟨e, d⟩ + α²‖e‖², where ‖e‖² ≤ L⟨e, d⟩ and then ⟨e, d⟩ ≥ μ‖d‖².
     */
    static OptionalDouble contractionFactor(double step, Gradient<?> smooth) {
        if (smooth.lipschitz().isEmpty() || smooth.strongConvexity().isEmpty()) {
            return OptionalDouble.empty();
        }
        double l = smooth.lipschitz().getAsDouble();
        double mu = smooth.strongConvexity().getAsDouble();
        // μ ≤ L makes this (1 − αL)² or more, up to rounding.
        return below1(Math.sqrt(Math.max(0, 1 - step * mu * (2 - step * l))));
    }

    /** The constant, unless rounding has made it one that promises nothing. */
    static OptionalDouble below1(double constant) {
        return constant < 1 ? OptionalDouble.of(constant) : OptionalDouble.empty();
    }

    /** x − α∇f(x). */
    static <C> Tensor forward(Tensor x, Gradient<C> smooth, double step, C c) {
        return x.sub(smooth.at(x, c), new Scalar(step));
    }

    /** Those of the parts that are sets. */
    static <C> List<ConvexSet<C>> sets(List<Proximal<C>> parts) {
        List<ConvexSet<C>> sets = new ArrayList<>();
        for (Proximal<C> part : parts) {
            if (part instanceof ConvexSet<C> set) {
                sets.add(set);
            }
        }
        return sets;
    }
}
