package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.tensor.Tensors;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every set of the catalogue obeys the laws of convex sets, and every law is seen to fail. */
class ConvexSetLawsTest {
    static Stream<Arguments> instances() {
        return Catalogue.SETS.stream().flatMap(entry -> ConvexSetLaws.SIZES.stream()
                .filter(n -> n >= entry.smallest())
                .flatMap(n -> ConvexSetLaws.SCALES.stream().map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void holds(Catalogue.SetEntry entry, int n, double scale) {
        ConvexSetLaws.checkAll(n, scale, entry.maker());
    }

    /** Maps that are no projections: each must break the law that it is named after. */
    @Test
    void saboteursAreCaught() {
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
                "float32 stays float32", x -> x.relu().to(ScalarType.Double),
                // Within rounding in float64, and not in float32.
                "float32 agrees with float64",
                        x -> Tensors.type(x) == ScalarType.Float ? x.relu().add(new Scalar(1e-3)) : x.relu());
        saboteurs.forEach((law, projection) -> caught(law, new Saboteur(projection)));
        // Right at first, and another point of C at the second call: x − Px makes no acute angle with that either.
        AtomicInteger calls = new AtomicInteger();
        caught("firmly nonexpansive", new Saboteur(x -> x.relu()
                .mul(new Scalar(calls.incrementAndGet() == 2 ? 10.0 : 1.0))));
        // Mixes the rows at the fifth call, the one with other neighbours.
        AtomicInteger again = new AtomicInteger();
        caught(
                "rows apart",
                new Saboteur(x -> again.incrementAndGet() == 5
                        ? x.relu().add(x.relu().mean(0L).mul(new Scalar(1e-3)))
                        : x.relu()));
        caught("violation is positive outside of C", new Saboteur(Tensor::relu) {
            @Override
            public Tensor violation(Tensor x, Object c) {
                return torch.zeros_like(x.select(1, 0));
            }
        });
        caught("prox of the indicator is the projection", new Saboteur(Tensor::relu) {
            @Override
            public Tensor prox(Tensor x, Tensor step, Object c) {
                return x.sub(step).relu();
            }
        });
        ConvexSetLaws.check(new Saboteur(Tensor::relu), new Object(), 13, 1, Cases.random(0));
    }

    private static void caught(String law, ConvexSet<Object> saboteur) {
        assertThatThrownBy(() -> ConvexSetLaws.check(saboteur, new Object(), 13, 1, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }

    /** Claims to be the nonnegative orthant. */
    private static class Saboteur implements ConvexSet<Object> {
        private final UnaryOperator<Tensor> projection;

        Saboteur(UnaryOperator<Tensor> projection) {
            this.projection = projection;
        }

        @Override
        public Tensor project(Tensor x, Object c) {
            return projection.apply(x);
        }

        @Override
        public Tensor violation(Tensor x, Object c) {
            return new NonNegative<>().violation(x, c);
        }
    }
}
