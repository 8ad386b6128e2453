package dev.stillpoint.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.law.Pullbacks;
import dev.stillpoint.law.ResolventLaws;
import dev.stillpoint.set.HalfAveraged;
import dev.stillpoint.tensor.SpectralBound;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class ConvexPotentialTest {
    private static final ScalarType EXACT = ScalarType.Double;

    /** Whatever the weights become: the law holds far from where they started. */
    @Test
    void isNonexpansiveAtAnyWeights() {
        Cases.forSeeds(3, random -> {
            ConvexPotential first = new ConvexPotential(2, 3, 3, 0.3, EXACT, random);
            ConvexPotential second = new ConvexPotential(2, 2, 5, 0.1, EXACT, random);
            for (ConvexPotential layer : List.of(first, second)) {
                scatter(layer, random);
            }
            HalfAveraged<Costs> r = new HalfAveraged<>((x, c) -> {
                Tensor images = x.reshape(x.size(0), 2, 4, 5);
                return like(x, second).apply(like(x, first).apply(images)).flatten(1, -1);
            });
            try (TensorScope scope = TensorScope.open()) {
                Tensor x = Tensors.of(Cases.normal(random, 3 * 40, 2), 3, 40);
                ResolventLaws.check(r, Costs::new, x, x, random);
            }
        });
    }

    /** Without the bound on its norm it is none: the check above can fail. */
    @Test
    void unboundedWeightsAreCaught() {
        RandomGenerator random = Cases.random(0);
        ConvexPotential layer = new ConvexPotential(2, 3, 3, 5, EXACT, random);
        scatter(layer, random);
        HalfAveraged<Costs> r = new HalfAveraged<>((x, c) -> {
            ConvexPotential.Step step = like(x, layer);
            Tensor raw = Objects.requireNonNull(layer.parameters().get("weight"))
                    .detach()
                    .to(x.scalar_type());
            return new ConvexPotential.Step(raw, step.threshold())
                    .apply(x.reshape(x.size(0), 2, 4, 5))
                    .flatten(1, -1);
        });
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(random, 3 * 40, 0.1), 3, 40);
            assertThatThrownBy(() -> ResolventLaws.check(r, Costs::new, x, x, random))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("firmly nonexpansive");
        }
    }

    @Test
    void weightsHaveTheGradientOfDifferences() {
        Cases.forSeeds(2, random -> {
            ConvexPotential layer = new ConvexPotential(2, 3, 3, 0.3, EXACT, random);
            scatter(layer, random);
            try (TensorScope scope = TensorScope.open()) {
                Tensor p = Tensors.of(Cases.normal(random, 2 * 2 * 4 * 5, 1), 2, 2, 4, 5);
                Tensor weight = Objects.requireNonNull(layer.parameters().get("weight"))
                        .detach()
                        .flatten()
                        .unsqueeze(0);
                Tensor logs = Objects.requireNonNull(layer.parameters().get("threshold"))
                        .detach()
                        .unsqueeze(0);
                Pullbacks.check(w -> step(w, logs).apply(p).flatten().unsqueeze(0), weight, 1e-6, 1e-6, random);
                Pullbacks.check(t -> step(weight, t).apply(p).flatten().unsqueeze(0), logs, 1e-6, 1e-6, random);
                // The layer's own preparation is this one, on the tape of its parameters.
                Tensor own = layer.prepare().apply(p);
                assertThat(own.requires_grad()).isTrue();
                assertThat(own.sub(step(weight, logs).apply(p)).abs().amax().item_double())
                        .isZero();
            }
        });
    }

    private static ConvexPotential.Step step(Tensor flat, Tensor logs) {
        Tensor w = flat.reshape(3, 2, 3, 3);
        return new ConvexPotential.Step(
                w.div(SpectralBound.convolution(w)), logs.exp().reshape(1, 3, 1, 1));
    }

    /** At the start W is nearly the identity and R nearly the soft threshold. */
    @Test
    void startsNearTheSoftThreshold() {
        ConvexPotential layer = new ConvexPotential(1, 1, 3, 0.2, EXACT, Cases.random(1));
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            Objects.requireNonNull(layer.parameters().get("weight"))
                    .copy_(Tensors.of(new double[] {0, 0, 0, 0, 7, 0, 0, 0, 0}, 1, 1, 3, 3));
            Tensor p = Tensors.of(new double[] {-1, -0.1, 0.05, 0.7}, 1, 1, 2, 2);
            Tensor r = layer.prepare().apply(p).add(p).div(Tensors.scalar(2));
            // The bound is 4 % above the norm: W = 0.96·I.
            double w = Math.pow(Math.cos(Math.PI / 16), 2);
            double[] expected = {-1 + w * 0.2, -0.1 * (1 - w * w), 0.05 * (1 - w * w), 0.7 - w * 0.2};
            double[] found = Tensors.doubles(r);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-12));
            }
        }
    }

    @Test
    void badSizesAreRefused() {
        assertThatThrownBy(() -> new ConvexPotential(1, 2, 4, 0.1, EXACT, Cases.random(0)))
                .hasMessage("ConvexPotential: need positive sizes and an odd kernel, got 1, 2 and 4");
        assertThatThrownBy(() -> new ConvexPotential(1, 2, 3, 0, EXACT, Cases.random(0)))
                .hasMessage("ConvexPotential: need finite threshold > 0, got 0.0");
    }

    private static void scatter(ConvexPotential layer, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            Tensor w = Objects.requireNonNull(layer.parameters().get("weight"));
            w.copy_(Tensors.of(Cases.normal(random, (int) w.numel(), 3), w.shape()));
        }
    }

    private static ConvexPotential.Step like(Tensor x, ConvexPotential layer) {
        ConvexPotential.Step exact = layer.prepare();
        return new ConvexPotential.Step(
                exact.kernel().detach().to(x.scalar_type()),
                exact.threshold().detach().to(x.scalar_type()));
    }
}
