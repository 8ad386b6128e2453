package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** {@link FeasibilityStep}. */
class FeasibilityStepTest {
    private static final int N = 16;
    private final Scanner scanner = new Scanner(ParallelBeam.of(N, 12));
    private final FeasibilityStep step = new FeasibilityStep(scanner, random(1));

    @Test
    void hasThePublishedWeights() {
        assertThat(step.parameters().values().stream().mapToLong(Tensor::numel).sum())
                .isEqualTo(96_307);
    }

    /** Without a regulariser it is a projection method: it finds an image that fits the data. */
    @Test
    void withoutWeightsItFitsTheData() {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (Tensor weight : step.parameters().values()) {
                weight.zero_();
            }
            float[] image = Ellipse.draw(Ellipse.sheppLogan(), N);
            Rows d = new Rows(Tensors.of(
                    new float[][] {scanner.measure(image, 0, random(1)).d()}));
            Tensor zero = Tensors.zeros(ScalarType.Float, 1, N * N);
            Solution solution =
                    FixedPointSolver.of(new StoppingRule(1e-7, 0, 100, 10)).solve(step, zero, d);
            Tensor off = scanner.operator().apply(solution.z(), d).sub(d.values());
            assertThat(off.norm().item_double() / d.values().norm().item_double())
                    .isLessThan(0.1);
            // And a step brings two images no farther apart, in the norm of D's inverse: here all of D is nearly one
            // number.
            Tensor a = Tensors.zeros(ScalarType.Float, 1, N * N).normal_();
            Tensor b = Tensors.zeros(ScalarType.Float, 1, N * N).normal_();
            double before = a.sub(b).norm().item_double();
            assertThat(step.apply(a, d).sub(step.apply(b, d)).norm().item_double())
                    .isLessThan(1.1 * before);
        }
    }

    /** Weights ten times as large make no contraction, until they are scaled back. */
    @Test
    void normaliseBringsTheRatioDown() {
        try (TensorScope scope = TensorScope.open()) {
            Rows d = new Rows(Tensors.zeros(ScalarType.Float, 2, scanner.beam().beams()));
            Tensor u = Tensors.zeros(ScalarType.Float, 2, N * N);
            try (NoGradGuard offTape = new NoGradGuard()) {
                for (Tensor weight : step.parameters().values()) {
                    weight.mul_(new Scalar(4.0));
                }
            }
            double first = step.normalise(u, d, random(2));
            assertThat(first).isGreaterThan(0.99);
            double last = first;
            for (int i = 0; i < 50 && last > 0.99; i++) {
                last = step.normalise(u, d, random(2));
            }
            assertThat(last).isLessThan(first).isLessThanOrEqualTo(1.05);
        }
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
