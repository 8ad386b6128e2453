package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.operator.AdmmOptimality;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.tomography.ConstrainedNetwork.Strength;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ConstrainedNetworkTest {
    private static final int PIXELS = 16;
    private static final Scanner SCANNER = new Scanner(ParallelBeam.of(PIXELS, 10));
    private static final ConstrainedNetwork.Options LOCAL =
            new ConstrainedNetwork.Options(16, 7, 16, 1, 1, 0.01, 0.015, 1.05, 1, 1, Strength.LOCAL);
    /** Of the solves here, of the whole state. */
    private static final StoppingRule STOP = new StoppingRule(0, 1e-4, 5_000, 10);
    /** The iterate's residual over its steps, in parts of the smallest part. */
    private static final double OPTIMAL = 0.05;
    /** Ax is in the ball up to the residual. */
    private static final double KEPT = 1.01;

    @Test
    void weightsAreNoMoreThanThePublishedOnes() {
        assertThat(weights(network(ConstrainedNetwork.Options.full()))).isEqualTo(59_136);
        assertThat(weights(network(ConstrainedNetwork.Options.small()))).isEqualTo(2_464);
        assertThat(weights(network(LOCAL))).isEqualTo(54_416);
        assertThat(weights(network(
                        new ConstrainedNetwork.Options(16, 7, 16, 1, 1, 0.01, 0.015, 1.05, 1, 1, Strength.EVEN))))
                .isEqualTo(1_056);
    }

    @Test
    void solvesKeepTheConstraintsBeforeAnyTraining() {
        ConstrainedNetwork model = network(ConstrainedNetwork.Options.small());
        Scans scans = scans(3);
        try (TensorScope scope = TensorScope.open()) {
            Inference<ScanContext> inference =
                    model.network(STOP, new JacobianFree()).infer(scans.data());
            assertThat(inference.solution().status()).containsOnly(Status.CONVERGED);
            assertThat(inference.x().amin().item_double()).isGreaterThanOrEqualTo(0);
            assertThat(inference.x().amax().item_double()).isLessThanOrEqualTo(1);
            ScanContext c = inference.context();
            Tensor off = model.operator().a().apply(inference.x(), c).sub(c.data());
            double[] fidelity =
                    Tensors.doubles(Tensors.rowNorm(off).unsqueeze(1).div(c.radius()));
            AdmmOptimality optimality =
                    AdmmOptimality.of(model.operator(), inference.solution().z(), c);
            for (int i = 0; i < scans.size(); i++) {
                assertThat(fidelity[i]).isLessThan(KEPT);
                assertThat(optimality.worst(i)).isLessThan(OPTIMAL);
            }
        }
    }

    /** Before training the local weights are one, and afterwards each image's thresholds keep their geometric mean. */
    @Test
    void localWeightsBeginEvenAndKeepTheMean() {
        ConstrainedNetwork model = network(LOCAL);
        Scans scans = scans(2);
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Tensor even = model.context(scans.data()).potentials().get(0).threshold();
            assertThat(even.shape()).containsExactly(2, 16, PIXELS, PIXELS);
            for (double threshold : Tensors.doubles(even.flatten())) {
                assertThat(threshold).isCloseTo(LOCAL.threshold(), within(1e-6 * LOCAL.threshold()));
            }
            model.encoder().parameters().forEach((name, weight) -> {
                if (name.contains("local.last")) {
                    weight.normal_();
                }
            });
            Tensor local = model.context(scans.data()).potentials().get(0).threshold();
            Tensor logs = local.log().flatten(1, -1);
            assertThat(logs.std().item_double()).isGreaterThan(0.1);
            for (double sum : Tensors.doubles(logs.sum(1))) {
                assertThat(sum / logs.size(1)).isCloseTo(Math.log(LOCAL.threshold()), within(1e-4));
            }
            // A row of the context is that row's problem.
            Tensor second = model.context(scans.data())
                    .select(Tensors.of(new long[] {1}))
                    .potentials()
                    .get(0)
                    .threshold();
            assertThat(Tensors.doubles(second)).isEqualTo(Tensors.doubles(local.narrow(0, 1, 1)));
        }
    }

    @Test
    void everyWeightGetsAGradient() {
        ConstrainedNetwork model =
                network(new ConstrainedNetwork.Options(3, 3, 4, 3, 3, 0.01, 0.015, 1.05, 1, 1, Strength.LOCAL));
        // The network of local weights begins with zeros in its last layer, which would hide it from the loss.
        try (NoGradGuard offTape = new NoGradGuard()) {
            model.encoder().parameters().forEach((name, weight) -> {
                if (name.contains("local.last")) {
                    weight.normal_();
                }
            });
        }
        Scans scans = scans(2);
        try (TensorScope scope = TensorScope.open()) {
            // A gradient is asked for, not its worth: it needs no solution.
            ImplicitNetwork<Tensor, ScanContext> network =
                    model.network(new StoppingRule(0, 1e-4, 30, 10), new JacobianFree());
            Tensor loss = torch.mse_loss(network.forward(scans.data()).x(), scans.images());
            loss.backward();
            network.parameters().forEach((name, weight) -> assertThat(
                            weight.grad().abs().amax().item_double())
                    .as(name)
                    .isPositive());
        }
    }

    private static ConstrainedNetwork network(ConstrainedNetwork.Options options) {
        return new ConstrainedNetwork(SCANNER, options, random(1));
    }

    private static long weights(ConstrainedNetwork model) {
        return model.network(STOP, new JacobianFree()).parameters().values().stream()
                .mapToLong(Tensor::numel)
                .sum();
    }

    private static Scans scans(int count) {
        RandomGenerator random = random(2);
        List<float[]> images = Stream.generate(() -> Ellipse.draw(Ellipse.random(random), PIXELS))
                .limit(count)
                .toList();
        return Scans.of(SCANNER, images, 0.015, 3);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
