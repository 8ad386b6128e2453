package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Catalogue.ProximalInstance;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.Tensors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every proximal map of the catalogue obeys the laws of proximal maps, and every law is seen to fail. */
class ProximalLawsTest {
    static Stream<Arguments> instances() {
        return Catalogue.PROXIMALS.stream().flatMap(entry -> ConvexSetLaws.SIZES.stream()
                .flatMap(n -> ConvexSetLaws.SCALES.stream().map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void holds(Catalogue.ProximalEntry entry, int n, double scale) {
        ProximalLaws.checkAll(n, scale, (size, s, random) -> entry.maker()
                .make(size, s, random)
                .instance());
        Cases.forSeeds(3, random -> {
            ProximalInstance instance = entry.maker().make(n, scale, random);
            ProximalLaws.checkMoreau(instance.prox(), instance.conjugate(), n, scale, 0.7, random);
        });
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
        assertThatThrownBy(() -> ProximalLaws.checkMoreau(
                        soft, (x, step) -> x.mul(new Scalar(step)), 13, 1, 0.3, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Moreau");

        ProximalInstance distance = Instances.squaredDistance(13, 1, Cases.random(0));
        Proximal<Object> exact = distance.prox();
        // Shrinks towards 0 where it should towards the centre.
        caught("optimal", distance, (x, step, c) -> x.sub(exact.prox(x.neg(), step, c))
                .div(new Scalar(2.0)));
    }

    private static void caught(String law, ProximalInstance honest, Proximal<Object> saboteur) {
        ProximalLaws.Instance instance = new ProximalLaws.Instance(saboteur, honest.g());
        assertThatThrownBy(() -> ProximalLaws.check(instance, 13, 1, 0.3, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }
}
