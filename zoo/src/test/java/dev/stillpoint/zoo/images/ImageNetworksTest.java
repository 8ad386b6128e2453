package dev.stillpoint.zoo.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.Head;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.GradientCheck;
import dev.stillpoint.adjoint.GradientReport;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.network.Mode;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.GradientProbe;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageNetworksTest {
    private static final StoppingRule TIGHT = new StoppingRule(1e-12, 0, 2_000, 1);

    private static long count(Map<String, Tensor> tensors) {
        return tensors.values().stream().mapToLong(Tensor::numel).sum();
    }

    @Test
    void parametersAreAsManyAsThePaperCounts() {
        assertThat(count(new MnistNetwork(0.9, 1, LatentNorm.BATCH, Digits.random(0)).parameters()))
                .isEqualTo(35_856);
        assertThat(count(new MnistNetwork(0.5, 2, LatentNorm.BATCH, Digits.random(0)).parameters()))
                .isEqualTo(54_352);
        // The paper's 163,744 hold 256 of two batch norms without use.
        assertThat(count(new ResidualNetwork(0.9, 1, LatentNorm.BATCH, 0.1, Digits.random(0)).parameters()))
                .isEqualTo(163_744 - 256);
        assertThat(count(new DeepNetwork(0.5, 5, LatentNorm.BATCH, Digits.random(0)).parameters()))
                .isEqualTo(843_430);
    }

    /** Counted by hand: pixels of the output times weights of the convolution. */
    @Test
    void convolutionsTakeAsManyProductsAsTheyHave() {
        ImageNetwork digits = new MnistNetwork(0.9, 1, LatentNorm.BATCH, Digits.random(0));
        assertThat(digits.encoderProducts()).isEqualTo(784 * 144 + 81 * 4_608);
        assertThat(digits.stepProducts()).isEqualTo(2 * 81 * 9_216);
        assertThat(digits.headProducts()).isEqualTo(49 * 4_608);
        ImageNetwork photographs = new ResidualNetwork(0.9, 1, LatentNorm.BATCH, 0.1, Digits.random(0));
        assertThat(photographs.encoderProducts())
                .isEqualTo(1_024 * (432 + 2 * 2_304) + 256 * (4_608 + 9_216) + 64 * (18_432 + 36_864));
        assertThat(photographs.stepProducts()).isEqualTo(2 * 64 * 36_864);
        assertThat(photographs.headProducts()).isEqualTo(36 * 9_216);
        ImageNetwork deep = new DeepNetwork(0.5, 5, LatentNorm.BATCH, Digits.random(0));
        assertThat(deep.encoderProducts()).isEqualTo(1_600 * 5_145 + 32 * 11_025 * (1_600 + 400));
        assertThat(deep.stepProducts()).isEqualTo(10 * 100 * 11_025);
    }

    /** One layer of planes among the others would make every operation after it walk through memory in two orders. */
    @Test
    void channelsLieSideBySideThroughout() {
        for (ImageNetwork network : Digits.networks(LatentNorm.BATCH)) {
            long channels = network instanceof MnistNetwork ? 1 : 3;
            try (TensorScope scope = TensorScope.open()) {
                Tensor images = torch.randn(3, channels, network instanceof MnistNetwork ? 28 : 32, 32)
                        .narrow(3, 0, network instanceof MnistNetwork ? 28 : 32)
                        .contiguous();
                Rows c = new Rows(network.encoder().forward(images, Mode.TRAIN));
                assertThat(c.values().is_contiguous(torch.MemoryFormat.ChannelsLast))
                        .isTrue();
                Rows fewer = c.select(Tensors.of(new long[] {1, 2}));
                Tensor u = network.operator(Mode.TRAIN).apply(torch.zeros_like(fewer.values()), fewer);
                assertThat(u.is_contiguous(torch.MemoryFormat.ChannelsLast)).isTrue();
            }
        }
    }

    @Test
    void namesAreThoseOfThePapersCode() {
        assertThat(new MnistNetwork(0.9, 1, LatentNorm.BATCH, Digits.random(0))
                        .state()
                        .keySet())
                .contains(
                        "conv_d1.weight",
                        "bn_1.running_var",
                        "latent_convs.0.0.weight",
                        "latent_convs.0.3.bias",
                        "lat_batch_norm.0.num_batches_tracked",
                        "conv_y.bias",
                        "fc_y.weight")
                .doesNotContain("fc_y.bias", "lat_batch_norm.0.weight");
        assertThat(new MnistNetwork(0.9, 1, LatentNorm.NONE, Digits.random(0))
                        .state()
                        .keySet())
                .noneMatch(name -> name.startsWith("lat_batch_norm"));
        assertThat(new ResidualNetwork(0.9, 1, LatentNorm.BATCH, 0.1, Digits.random(0))
                        .state()
                        .keySet())
                .contains("conv1.weight", "layer3.0.conv_d2.weight", "layer2.0.bn1.running_mean");
        assertThat(new DeepNetwork(0.9, 5, LatentNorm.BATCH, Digits.random(0))
                        .state()
                        .keySet())
                .contains("label_fc.weight", "data_convs.31.3.bias", "dat_batch_norm.31.running_mean", "conv_y.weight");
    }

    @ParameterizedTest
    @EnumSource(LatentNorm.class)
    void everyNetworkSolvesAndItsGradientReachesEveryWeight(LatentNorm norm) {
        for (ImageNetwork network : Digits.networks(norm)) {
            long channels = network instanceof MnistNetwork ? 1 : 3;
            long side = channels == 1 ? 28 : 32;
            ImageModel model = new ImageModel(
                    network, FixedPointSolver.of(StoppingRule.tolerance(1e-2).withMaxSteps(100)), new JacobianFree());
            try (TensorScope scope = TensorScope.open()) {
                torch.manual_seed(3);
                Tensor images = torch.randn(3, channels, side, side);
                Inference<Rows> inference = model.forward(images, new Contraction() {});
                assertThat(inference.x().shape()).containsExactly(3, 10);
                assertThat(inference.solution().z().shape()[2]).isEqualTo(network.side());
                inference.x().square().sum().backward();
                network.parameters()
                        .forEach((name, p) -> assertThat(p.grad().abs().sum().item_double())
                                .as(name)
                                .isPositive());
                Inference<Rows> used = model.infer(images, Mode.EVAL);
                assertThat(used.x().requires_grad()).isFalse();
                assertThat(used.solution().count(Status.NON_FINITE)).isZero();
            }
        }
    }

    @Test
    void samplesAreCoupledByALatentNormWhileTraining() {
        ImageNetwork with = new MnistNetwork(0.9, 1, LatentNorm.BATCH, Digits.random(0));
        assertThat(with.operator(Mode.TRAIN).coupling()).isEqualTo(Coupling.BATCH);
        assertThat(with.operator(Mode.EVAL).coupling()).isEqualTo(Coupling.PER_SAMPLE);
        ImageNetwork without = new MnistNetwork(0.9, 1, LatentNorm.NONE, Digits.random(0));
        assertThat(without.operator(Mode.TRAIN).coupling()).isEqualTo(Coupling.PER_SAMPLE);
    }

    /** In float64, with batch norm in R and without: what the implicit adjoint gives is the derivative of the loss. */
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(LatentNorm.class)
    void theImplicitGradientIsTheTrueOne(LatentNorm norm) {
        ImageNetwork network = new MnistNetwork(0.4, 1, norm, Digits.random(1));
        Digits.toDouble(network);
        ImageSet digits = Digits.bars(4, 1);
        int[] rows = {0, 1, 2, 3};
        try (TensorScope scope = TensorScope.open()) {
            Tensor images = digits.batch(rows).to(torch.ScalarType.Double);
            ImageModel implicit = new ImageModel(network, FixedPointSolver.of(TIGHT), Implicit.gmres(TIGHT));
            // S without its dropout, whose masks differ from call to call.
            GradientReport report = new GradientCheck(1e-4, 1, 0, 0).of(network, () -> {
                Inference<Rows> inference = network.network(Mode.TRAIN, implicit.solver(), implicit.adjoint())
                        .withHead(Head.of(network.head(), Mode.EVAL))
                        .forward(images);
                return torch.cross_entropy_loss(inference.x(), digits.labels(rows));
            });
            assertThat(report.verdict()).as(report.toString()).isNotEqualTo(GradientReport.Verdict.WRONG);
        }
    }

    /** An independent way to the same gradient, and JFB as the saboteur. */
    @Test
    void implicitIsUnrolledForLong() {
        ImageNetwork network = new MnistNetwork(0.4, 1, LatentNorm.NONE, Digits.random(1));
        Digits.toDouble(network);
        ImageSet digits = Digits.bars(4, 1);
        double[] unrolled =
                gradient(network, digits, new ImageModel(network, FixedPointSolver.of(TIGHT), new Unrolled(120)));
        double[] implicit =
                gradient(network, digits, new ImageModel(network, FixedPointSolver.of(TIGHT), Implicit.gmres(TIGHT)));
        double[] cg = gradient(
                network,
                digits,
                new ImageModel(network, FixedPointSolver.of(TIGHT), Implicit.conjugateGradient(TIGHT)));
        double[] jfb =
                gradient(network, digits, new ImageModel(network, FixedPointSolver.of(TIGHT), new JacobianFree()));
        assertThat(1 - GradientProbe.cosine(unrolled, implicit)).isCloseTo(0, within(1e-8));
        assertThat(1 - GradientProbe.cosine(cg, implicit)).isCloseTo(0, within(1e-8));
        assertThat(1 - GradientProbe.cosine(jfb, implicit)).isGreaterThan(1e-4);
    }

    private static double[] gradient(ImageNetwork network, ImageSet digits, ImageModel model) {
        int[] rows = {0, 1, 2, 3};
        try (TensorScope scope = TensorScope.open()) {
            network.parameters().values().forEach(p -> {
                if (p.grad().defined()) {
                    p.grad().zero_();
                }
            });
            Inference<Rows> inference = network.network(Mode.EVAL, model.solver(), model.adjoint())
                    .forward(digits.batch(rows).to(torch.ScalarType.Double));
            torch.cross_entropy_loss(inference.x(), digits.labels(rows)).backward();
            return Tensors.doubles(torch.cat(
                    new TensorVector(network.parameters().values().stream()
                            .map(p -> p.grad().flatten(0, -1))
                            .toArray(Tensor[]::new)),
                    0));
        }
    }

    /** Without a batch norm R is nearly γ times the identity, which a few differences know all about. */
    @Test
    void accelerationPaysWhereRContractsAlikeInAllDirections() {
        ImageNetwork network = new MnistNetwork(0.9, 1, LatentNorm.NONE, Digits.random(1));
        Contraction.parse("auto").of(network);
        FixedPointSolver plain =
                FixedPointSolver.of(StoppingRule.tolerance(1e-4).withMaxSteps(400));
        try (TensorScope scope = TensorScope.open()) {
            Tensor images = Digits.bars(8, 1).batch(Scores.range(0, 8));
            Inference<Rows> slow = new ImageModel(network, plain, new JacobianFree()).infer(images, Mode.EVAL);
            Inference<Rows> fast = new ImageModel(network, plain.withAcceleration(Anderson.of(3)), new JacobianFree())
                    .infer(images, Mode.EVAL);
            assertThat(slow.solution().count(Status.CONVERGED)).isEqualTo(8);
            assertThat(fast.solution().count(Status.CONVERGED)).isEqualTo(8);
            assertThat(2 * fast.solution().stats().batchSteps())
                    .isLessThan(slow.solution().stats().batchSteps());
            // A residual of the tolerance is an error of twenty times as much where R contracts by 0.95.
            assertThat(Tensors.doubles(fast.solution().z()))
                    .containsExactly(Tensors.doubles(slow.solution().z()), within(0.1));
        }
    }

    @Test
    void errorsSayNeedAndGot() {
        assertThatThrownBy(() -> new MnistNetwork(1, 1, LatentNorm.NONE, Digits.random(0)))
                .hasMessage("ImageNetwork: need gamma in (0, 1), got 1.0");
        assertThatThrownBy(() -> new MnistNetwork(0.5, 0, LatentNorm.NONE, Digits.random(0)))
                .hasMessage("ImageNetwork: need at least one latent block, got 0");
        assertThatThrownBy(() -> Contraction.parse("rescale:0"))
                .hasMessage("need " + Contraction.KIND + ", got 'rescale:0'");
    }
}
