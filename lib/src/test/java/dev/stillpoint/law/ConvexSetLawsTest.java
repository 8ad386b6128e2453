package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a map a projection onto a convex set, for every set of the catalogue, in float64. */
class ConvexSetLawsTest {
    /** Rounding of n ≤ 101 float64 operations, relative to the scale of the data. */
    private static final double ROUNDING = 1e-11;
    /** Central differences with h = 1e-6·scale of a piecewise linear map: rounding over h. */
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

    /** Sets that are not: each must break a law. */
    @Test
    void saboteursAreCaught() {
        ConvexSet<Object> nonNegative = new NonNegative<>();
        List<ConvexSet<Object>> saboteurs = List.of(
                // Idempotent and feasible, yet not the nearest point.
                saboteur(nonNegative, x -> x.relu().add(x.neg().relu())),
                // Shrinks: not idempotent.
                saboteur(nonNegative, x -> x.relu().mul(new Scalar(0.999))),
                // Infeasible by a little.
                saboteur(nonNegative, x -> x.relu().sub(new Scalar(1e-6))),
                // The right value with a gradient that forgets the bound.
                saboteur(nonNegative, x -> x.add(x.relu().sub(x).detach())));
        for (ConvexSet<Object> set : saboteurs) {
            assertThatThrownBy(() -> check(set, 13, 1, Cases.random(0))).isInstanceOf(AssertionError.class);
        }
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
            double[] apart = Tensors.doubles(Tensors.rowNorm(x.sub(y)));
            double[] projected = Tensors.doubles(Tensors.rowNorm(px.sub(py)));
            double[] inner = Tensors.doubles(x.sub(px).mul(py.sub(px)).sum(1));
            for (int i = 0; i < BATCH; i++) {
                assertThat(projected[i]).as("nonexpansive").isLessThanOrEqualTo(apart[i] + tolerance);
                // py is a point of C: the angle at Px is obtuse.
                assertThat(inner[i]).as("variational inequality").isLessThanOrEqualTo(tolerance * scale);
            }
            assertThat(largest(set.prox(x, Tensors.scalar(0.3), NO_CONTEXT).sub(px)))
                    .as("prox of the indicator is the projection")
                    .isZero();
            if (n > 0) {
                pullback(set, x, scale, random);
            }
        }
    }

    /** ⟨v, dP·d⟩ from the tape against central differences along d; random points are away from the kinks. */
    private static void pullback(ConvexSet<Object> set, Tensor x, double scale, RandomGenerator random) {
        int n = (int) x.size(1);
        double h = 1e-6 * scale;
        Tensor v = Tensors.of(Cases.normal(random, BATCH * n, 1), BATCH, n);
        Tensor d = Tensors.of(Cases.normal(random, BATCH * n, 1), BATCH, n);
        Tensor leaf = x.detach().clone().requires_grad_(true);
        Tensor taped = set.project(leaf, NO_CONTEXT);
        double[] slope = taped.requires_grad()
                ? Tensors.doubles(Autograd.vjp(taped, leaf, v).mul(d).sum(1))
                : new double[BATCH];
        Tensor up = set.project(x.add(d, new Scalar(h)), NO_CONTEXT);
        Tensor down = set.project(x.sub(d, new Scalar(h)), NO_CONTEXT);
        double[] difference = Tensors.doubles(up.sub(down).mul(v).sum(1));
        for (int i = 0; i < BATCH; i++) {
            assertThat(slope[i])
                    .as("pullback")
                    .isCloseTo(difference[i] / (2 * h), org.assertj.core.data.Offset.offset(DIFFERENCE * n));
        }
    }

    private static double largest(Tensor t) {
        double worst = 0;
        for (double v : Tensors.doubles(t)) {
            worst = Math.max(worst, Math.abs(v));
        }
        return worst;
    }

    private static ConvexSet<Object> saboteur(
            ConvexSet<Object> honest, java.util.function.UnaryOperator<Tensor> projection) {
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
