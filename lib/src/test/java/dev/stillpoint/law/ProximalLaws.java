package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What makes a map the prox of a convex function g: it is firmly nonexpansive, (x − p)/α is a subgradient of g at its result
 * p, its gradient is that of its values, and float32 agrees with float64.
 *
 * <p>A law that does not hold throws an {@link AssertionError} that begins with its name.
 */
public final class ProximalLaws {
    /** Rounding of n ≤ 101 float64 operations, relative to the scale of the data. */
    private static final double ROUNDING = 1e-11;
    /** The same for float32. */
    private static final double SINGLE = 1e-5;
    /** Central differences with h = 1e-6·scale of a piecewise linear map: rounding over h. */
    private static final double DIFFERENCE = 1e-7;

    private static final List<Double> STEPS = List.of(0.1, 1.7);
    private static final Object NO_CONTEXT = new Object();
    private static final int BATCH = 4;
    private static final int SEEDS = 3;

    private ProximalLaws() {}

    /**
     * A proximal map with what the laws hold it against.
     *
     * @param prox prox_{αg}
     * @param g the function itself
     */
    public record Instance(Proximal<Object> prox, ToDoubleFunction<double[]> g) {}

    /** Makes a map of dimension n that is no projection, with random data at the given scale. */
    public interface Maker {
        /** The map and its function. */
        Instance make(int n, double scale, RandomGenerator random);
    }

    /** All laws, at all sizes, scales and steps, for three seeds. */
    public static void checkAll(Maker maker) {
        for (int n : ConvexSetLaws.SIZES) {
            for (double scale : ConvexSetLaws.SCALES) {
                checkAll(n, scale, maker);
            }
        }
    }

    /** All laws at one size and scale, for two steps and three seeds. */
    public static void checkAll(int n, double scale, Maker maker) {
        for (double step : STEPS) {
            Cases.forSeeds(SEEDS, random -> check(maker.make(n, scale, random), n, scale, step, random));
        }
    }

    /** All laws, for one map and one step. */
    public static void check(Instance instance, int n, double scale, double step, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Proximal<Object> prox = instance.prox();
            Tensor alpha = Tensors.scalar(step);
            double tolerance = ROUNDING * scale * scale * Math.max(1, n);
            Tensor x = Tensors.of(Cases.normal(random, BATCH * n, 2 * scale), BATCH, n);
            Tensor y = Tensors.of(Cases.normal(random, BATCH * n, 2 * scale), BATCH, n);
            double[] before = Tensors.doubles(x);
            Tensor px = prox.prox(x, alpha, NO_CONTEXT);
            Tensor py = prox.prox(y, alpha, NO_CONTEXT);
            assertThat(Tensors.doubles(x)).as("input untouched").isEqualTo(before);

            Tensor apart = px.sub(py);
            for (double v : Tensors.doubles(apart.mul(x.sub(y).sub(apart)).sum(1))) {
                assertThat(v).as("firmly nonexpansive").isGreaterThanOrEqualTo(-tolerance);
            }
            // Near points tell a wrong slope from rounding, far ones a wrong function.
            for (double reach : List.of(1e-3, 1.0, 10.0)) {
                Tensor u = px.add(Tensors.of(Cases.normal(random, BATCH * n, reach * scale), BATCH, n));
                optimal(instance, x, px, u, step, tolerance);
            }
            optimal(instance, x, px, py, step, tolerance);
            optimal(instance, x, px, px.mul(new Scalar(0.0)), step, tolerance);

            Tensor rows = Tensors.of(new double[] {step, step, step, step}, BATCH, 1);
            assertThat(Distances.largest(prox.prox(x, rows, NO_CONTEXT).sub(px)))
                    .as("a step a row")
                    .isZero();
            Tensor single = prox.prox(x.to(ScalarType.Float), alpha, NO_CONTEXT);
            assertThat(Tensors.type(single)).as("float32 stays float32").isEqualTo(ScalarType.Float);
            assertThat(Distances.largest(single.sub(px)))
                    .as("float32 agrees with float64")
                    .isLessThanOrEqualTo(SINGLE * scale);
            Pullbacks.check(leaf -> prox.prox(leaf, alpha, NO_CONTEXT), x, 1e-6 * scale, DIFFERENCE * n, random);
        }
    }

    /** (x − p)/α is a subgradient of g at p: g(u) ≥ g(p) + ⟨(x − p)/α, u − p⟩. */
    private static void optimal(Instance instance, Tensor x, Tensor p, Tensor u, double step, double tolerance) {
        double[] linear = Tensors.doubles(x.sub(p).mul(u.sub(p)).sum(1));
        for (int i = 0; i < BATCH; i++) {
            double gap = instance.g().applyAsDouble(row(u, i)) - instance.g().applyAsDouble(row(p, i));
            double slack = tolerance * (1 + 100 / step);
            assertThat(gap - linear[i] / step).as("optimal").isGreaterThanOrEqualTo(-slack);
        }
    }

    /**
     * Moreau's decomposition: x = prox_{αg}(x) + α·prox_{g* / α}(x/α), which ties the map to that of its conjugate.
     *
     * @param conjugate (x, α) to α·prox_{g* / α}(x/α)
     */
    public static void checkMoreau(
            Proximal<Object> prox,
            BiFunction<Tensor, Double, Tensor> conjugate,
            int n,
            double scale,
            double step,
            RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(random, BATCH * n, 2 * scale), BATCH, n);
            Tensor px = prox.prox(x, Tensors.scalar(step), NO_CONTEXT);
            assertThat(Distances.largest(px.add(conjugate.apply(x, step)).sub(x)))
                    .as("Moreau: x = prox of g + scaled prox of g*")
                    .isLessThanOrEqualTo(ROUNDING * scale);
        }
    }

    private static double[] row(Tensor t, int i) {
        return Distances.row(Tensors.doubles(t), i, (int) t.size(1));
    }
}
