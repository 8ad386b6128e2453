package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.set.Resolvent;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link ResolventLaws} over the catalogue. */
class ResolventLawsTest {
    private static final int BATCH = 4;
    private static final int N = 13;

    static Stream<Arguments> instances() {
        return Catalogue.RESOLVENTS.stream().flatMap(entry -> Stream.of(0, 1, 2, 13, 101)
                .filter(n -> n >= entry.smallest())
                .flatMap(n -> Stream.of(1.0, 1e6).map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void holds(Catalogue.ResolventEntry entry, int n, double scale) {
        Cases.forSeeds(2, random -> check(entry.maker().make(n, scale, random), n, scale, random));
    }

    @Test
    void saboteursAreCaught() {
        Resolvent<Costs> honest = AdmmInstances.softThreshold(N, 1, Cases.random(0));
        // Nonexpansive, even with room to spare, and no resolvent: its square is not below its inner product.
        caught("firmly nonexpansive", (x, c) -> torch.cat(new TensorVector(x.narrow(1, 1, N - 1), x.narrow(1, 0, 1)), 1)
                .mul(new Scalar(0.99)));
        caught("firmly nonexpansive", (x, c) -> x.mul(new Scalar(-0.1)));
        caught("firmly nonexpansive", (x, c) -> honest.apply(x, c).mul(new Scalar(1.01)));
        // Right on random pairs nearly always: one direction of many is stretched.
        caught("firmly nonexpansive", (x, c) -> {
            Tensor first = x.narrow(1, 0, 1);
            Tensor others = x.narrow(1, 1, N - 1).mul(new Scalar(0.5));
            return torch.cat(new TensorVector(first.mul(new Scalar(1.002)), others), 1);
        });
        caught("no influence of the step", new Resolvent<>() {
            @Override
            public Tensor apply(Tensor x, Costs c) {
                return honest.apply(x, c);
            }

            @Override
            public Tensor prox(Tensor x, Tensor step, Costs c) {
                return honest.apply(x, c).mul(step);
            }
        });
        caught("pullback", (x, c) -> honest.apply(x.detach(), c));
        check(honest, N, 1, Cases.random(0));
    }

    private static void caught(String law, Resolvent<Costs> saboteur) {
        assertThatThrownBy(() -> check(saboteur, N, 1, Cases.random(0)))
                .as(law)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }

    private static void check(Resolvent<Costs> r, int n, double scale, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(random, BATCH * n, scale), BATCH, n);
            ResolventLaws.check(r, Costs::new, x, x, random);
        }
    }
}
