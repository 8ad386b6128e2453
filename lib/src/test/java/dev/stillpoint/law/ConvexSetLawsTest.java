package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a map a projection onto a convex set, for every set of the catalogue, in float64. */
class ConvexSetLawsTest {
    /** Rounding of n ≤ 101 float64 operations, relative to the scale of the data. */
    private static final double ROUNDING = 1e-11;
    /** The same for float32. */
    private static final double SINGLE = 1e-5;
    /** Central differences with h = 1e-6·scale: rounding over h, and h² times the curvature of a ball. */
    private static final double DIFFERENCE = 1e-7;

    private static final Object NO_CONTEXT = new Object();
    private static final int BATCH = 4;

    static Stream<Arguments> instances() {
        return Catalogue.SETS.stream().flatMap(entry -> Stream.of(0, 1, 2, 13, 101)
                .filter(n -> n >= entry.smallest())
                .flatMap(n -> Stream.of(1.0, 1e6).map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void holds(Catalogue.SetEntry entry, int n, double scale) {
        Cases.forSeeds(3, random -> check(entry.maker().make(n, scale, random), n, scale, random));
    }

    /** Maps that are no projections: each must break the law that it is named after. */
    @Test
    void saboteursAreCaught() {
        ConvexSet<Object> nonNegative = new NonNegative<>();
        Map<String, UnaryOperator<Tensor>> saboteurs = Map.of(
                // Reflects: feasible and idempotent, yet not the nearest point.
                "variational inequality", x -> x.abs(),
                // Shrinks.
                "idempotent", x -> x.relu().mul(new Scalar(0.999)),
                // Infeasible by a little.
                "result in C", x -> x.relu().sub(new Scalar(1e-6)),
                // The right value with a gradient that forgets the bound.
                "pullback", x -> x.add(x.relu().sub(x).detach()),
                "input untouched", Tensor::relu_,
                "float32 stays float32", x -> x.relu().to(ScalarType.Double));
        saboteurs.forEach((law, projection) -> assertThatThrownBy(
                        () -> check(saboteur(nonNegative, projection), 13, 1, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law));
        // Right at first, and another point of C at the second call: x − Px makes no acute angle with that either.
        AtomicInteger calls = new AtomicInteger();
        assertThatThrownBy(() -> check(
                        saboteur(nonNegative, x -> x.relu().mul(new Scalar(calls.incrementAndGet() == 2 ? 10.0 : 1.0))),
                        13,
                        1,
                        Cases.random(0)))
                .hasMessageContaining("firmly nonexpansive");
        // Within rounding in float64, and not in float32.
        assertThatThrownBy(() -> check(
                        saboteur(
                                nonNegative,
                                x -> Tensors.type(x) == ScalarType.Float
                                        ? x.relu().add(new Scalar(1e-3))
                                        : x.relu()),
                        13,
                        1,
                        Cases.random(0)))
                .hasMessageContaining("float32 agrees with float64");
    }

    private static void check(ConvexSet<Object> set, int n, double scale, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            double tolerance = ROUNDING * scale * Math.max(1, n);
            Tensor x = Tensors.of(Cases.normal(random, BATCH * n, 2 * scale), BATCH, n);
            Tensor y = Tensors.of(Cases.normal(random, BATCH * n, 2 * scale), BATCH, n);
            double[] before = Tensors.doubles(x);
            Tensor px = set.project(x, NO_CONTEXT);
            Tensor py = set.project(y, NO_CONTEXT);

            assertThat(Tensors.doubles(x)).as("input untouched").isEqualTo(before);
            for (double v : Tensors.doubles(set.violation(px, NO_CONTEXT))) {
                assertThat(v).as("result in C").isBetween(0.0, tolerance);
            }
            assertThat(largest(set.project(px, NO_CONTEXT).sub(px)))
                    .as("idempotent")
                    .isLessThanOrEqualTo(tolerance);
            double[] firm =
                    Tensors.doubles(px.sub(py).mul(x.sub(y).sub(px.sub(py))).sum(1));
            double[] inner = Tensors.doubles(x.sub(px).mul(py.sub(px)).sum(1));
            for (int i = 0; i < BATCH; i++) {
                // py is a point of C: the angle at Px is obtuse.
                assertThat(inner[i]).as("variational inequality").isLessThanOrEqualTo(tolerance * scale);
                // ‖Px − Py‖² ≤ ⟨Px − Py, x − y⟩, which implies ‖Px − Py‖ ≤ ‖x − y‖.
                assertThat(firm[i]).as("firmly nonexpansive").isGreaterThanOrEqualTo(-tolerance * scale);
            }
            assertThat(largest(set.prox(x, Tensors.scalar(0.3), NO_CONTEXT).sub(px)))
                    .as("prox of the indicator is the projection")
                    .isZero();
            Tensor single = set.project(x.to(ScalarType.Float), NO_CONTEXT);
            assertThat(Tensors.type(single)).as("float32 stays float32").isEqualTo(ScalarType.Float);
            assertThat(largest(single.sub(px)))
                    .as("float32 agrees with float64")
                    .isLessThanOrEqualTo(SINGLE * scale * Math.max(1, n));
            Pullbacks.check(leaf -> set.project(leaf, NO_CONTEXT), x, 1e-6 * scale, DIFFERENCE * n, random);
        }
    }

    private static double largest(Tensor t) {
        double worst = 0;
        for (double v : Tensors.doubles(t)) {
            worst = Math.max(worst, Math.abs(v));
        }
        return worst;
    }

    private static ConvexSet<Object> saboteur(ConvexSet<Object> honest, UnaryOperator<Tensor> projection) {
        return new ConvexSet<>() {
            @Override
            public Tensor project(Tensor x, Object c) {
                return projection.apply(x);
            }

            @Override
            public Tensor violation(Tensor x, Object c) {
                return honest.violation(x, c);
            }
        };
    }
}
