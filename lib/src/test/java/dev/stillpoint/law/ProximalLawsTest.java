package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Catalogue.ProximalInstance;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a map the prox of a convex function that is no indicator, for every one of the catalogue. */
class ProximalLawsTest {
    /** Rounding of n ≤ 101 float64 operations, relative to the scale of the data. */
    private static final double ROUNDING = 1e-11;
    /** The same for float32. */
    private static final double SINGLE = 1e-5;
    /** Central differences with h = 1e-6·scale of a piecewise linear map: rounding over h. */
    private static final double DIFFERENCE = 1e-7;

    private static final Object NO_CONTEXT = new Object();
    private static final int BATCH = 4;

    static Stream<Arguments> instances() {
        return Catalogue.PROXIMALS.stream()
                .flatMap(entry -> Stream.of(0, 1, 2, 13, 101).flatMap(n -> Stream.of(1.0, 1e6)
                        .flatMap(scale -> Stream.of(0.1, 1.7).map(step -> Arguments.of(entry, n, scale, step)))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}, step {3}")
    @MethodSource("instances")
    void holds(Catalogue.ProximalEntry entry, int n, double scale, double step) {
        Cases.forSeeds(3, random -> check(entry.maker().make(n, scale, random), n, scale, step, random));
    }

    /** Maps that are not the prox of their function: each must break the law that it is named after. */
    @Test
    void saboteursAreCaught() {
        ProximalInstance l1 = Instances.l1(13, 1, Cases.random(0));
        Proximal<Object> soft = l1.prox();
        // The hard threshold jumps.
        caught("firmly nonexpansive", l1, (x, step, c) -> x.mul(x.abs().gt(step)));
        // The prox of another convex function: twice the weight.
        caught("optimal", l1, (x, step, c) -> soft.prox(x, step.add(step), c));
        // No step at all.
        caught("optimal", l1, (x, step, c) -> soft.prox(x, Tensors.scalar(1), c));
        caught(
                "pullback",
                l1,
                (x, step, c) -> x.add(soft.prox(x, step, c).sub(x).detach()));
        caught("input untouched", l1, (x, step, c) -> x.copy_(soft.prox(x, step, c)));
        caught("a step a row", l1, (x, step, c) -> soft.prox(x, step.dim() == 0 ? step : Tensors.scalar(1), c));
        caught("float32 stays float32", l1, (x, step, c) -> soft.prox(x, step, c)
                .to(ScalarType.Double));
        // A conjugate that does not belong to it.
        ProximalInstance other = new ProximalInstance(soft, l1.g(), (x, step) -> x.mul(new Scalar(step)));
        caught("Moreau", other, soft);

        ProximalInstance distance = Instances.squaredDistance(13, 1, Cases.random(0));
        Proximal<Object> exact = distance.prox();
        // Shrinks towards 0 where it should towards the centre.
        caught("optimal", distance, (x, step, c) -> x.sub(exact.prox(x.neg(), step, c))
                .div(new Scalar(2.0)));
    }

    private static void caught(String law, ProximalInstance honest, Proximal<Object> saboteur) {
        ProximalInstance instance = new ProximalInstance(saboteur, honest.g(), honest.conjugate());
        assertThatThrownBy(() -> check(instance, 13, 1, 0.3, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }

    private static void check(ProximalInstance instance, int n, double scale, double step, RandomGenerator random) {
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

            assertThat(largest(px.add(instance.conjugate().apply(x, step)).sub(x)))
                    .as("Moreau: x = prox of g + scaled prox of g*")
                    .isLessThanOrEqualTo(ROUNDING * scale);
            Tensor rows = Tensors.of(new double[] {step, step, step, step}, BATCH, 1);
            assertThat(largest(prox.prox(x, rows, NO_CONTEXT).sub(px)))
                    .as("a step a row")
                    .isZero();
            Tensor single = prox.prox(x.to(ScalarType.Float), alpha, NO_CONTEXT);
            assertThat(Tensors.type(single)).as("float32 stays float32").isEqualTo(ScalarType.Float);
            assertThat(largest(single.sub(px)))
                    .as("float32 agrees with float64")
                    .isLessThanOrEqualTo(SINGLE * scale);
            Pullbacks.check(leaf -> prox.prox(leaf, alpha, NO_CONTEXT), x, 1e-6 * scale, DIFFERENCE * n, random);
        }
    }

    /** (x − p)/α is a subgradient of g at p: g(u) ≥ g(p) + ⟨(x − p)/α, u − p⟩. */
    private static void optimal(
            ProximalInstance instance, Tensor x, Tensor p, Tensor u, double step, double tolerance) {
        double[] linear = Tensors.doubles(x.sub(p).mul(u.sub(p)).sum(1));
        for (int i = 0; i < BATCH; i++) {
            double gap = instance.g().applyAsDouble(row(u, i)) - instance.g().applyAsDouble(row(p, i));
            double slack = tolerance * (1 + 100 / step);
            assertThat(gap - linear[i] / step).as("optimal").isGreaterThanOrEqualTo(-slack);
        }
    }

    private static double[] row(Tensor t, int i) {
        int n = (int) t.size(1);
        return Arrays.copyOfRange(Tensors.doubles(t), i * n, (i + 1) * n);
    }

    private static double largest(Tensor t) {
        return Arrays.stream(Tensors.doubles(t)).map(Math::abs).reduce(0, Math::max);
    }
}
