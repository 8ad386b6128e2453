package dev.stillpoint.zoo.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.network.Mode;
import dev.stillpoint.operator.ContractionEstimate;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ContractionTest {
    private static final ImageModel MODEL = model(LatentNorm.NONE);

    private static ImageModel model(LatentNorm norm) {
        return new ImageModel(
                new MnistNetwork(0.5, 1, norm, Digits.random(3)),
                FixedPointSolver.of(StoppingRule.tolerance(1e-3).withMaxSteps(60)),
                new JacobianFree());
    }

    /** Latent weights large enough that R expands. */
    private static ImageModel expanding() {
        ImageModel model = model(LatentNorm.NONE);
        try (NoGradGuard offTape = new NoGradGuard()) {
            model.network().latentConvolutions().forEach(c -> c.weight().mul_(new Scalar(5.0)));
        }
        return model;
    }

    private static double measured(ImageModel model, Tensor u, Rows c) {
        Engine.seed(11);
        return Contraction.measured(model.network().operator(Mode.TRAIN), u, c);
    }

    @Test
    void rescalingBringsTheMeasuredFactorDownAndLeavesACalmNetworkAlone() {
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            Engine.seed(5);
            Tensor u = torch.randn(4, 32, 9, 9);
            Rows c = new Rows(torch.randn(4, 32, 9, 9));
            ImageModel wild = expanding();
            double before = measured(wild, u, c);
            assertThat(before).isGreaterThan(0.9);
            Operator<Rows> t = wild.network().operator(Mode.TRAIN);
            Contraction rescale = Contraction.parse("rescale:0.7").of(wild.network());
            for (int i = 0; i < 10; i++) {
                rescale.adjust(t, u, c);
            }
            assertThat(measured(wild, u, c)).isLessThan(0.75).isLessThan(before);

            double[] calm =
                    Tensors.doubles(MODEL.network().latentConvolutions().get(0).weight());
            Contraction.parse("rescale:0.95")
                    .of(MODEL.network())
                    .adjust(MODEL.network().operator(Mode.TRAIN), u, c);
            assertThat(Tensors.doubles(
                            MODEL.network().latentConvolutions().get(0).weight()))
                    .isEqualTo(calm);
        }
    }

    /** Without a norm R(u, v) = γ(x + B(x)), so with norms s of both convolutions the factor is at most γ(1 + 0.01 s²). */
    @Test
    void spectralBoundsHoldTheFactorOfRForAllPoints() {
        ImageModel wild = expanding();
        Contraction spectral = Contraction.parse("spectral:0.8").of(wild.network());
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            Tensor u = torch.randn(4, 32, 9, 9);
            for (int i = 0; i < 30; i++) {
                spectral.adjust(wild.network().operator(Mode.TRAIN), u, new Rows(u));
            }
            assertThat(measured(wild, u, new Rows(u))).isLessThan(0.5 * (1 + 0.64));
            assertThat(spectral.state().keySet()).contains("spectral.1.direction");
        }
    }

    /** γ(1 + s²)ᵏ = (1 + γ)/2; with twice that bound it is not so. */
    @Test
    void withoutANormAutoProvesThatRContracts() {
        assertThat(Contraction.proven(0.5, 1)).isCloseTo(Math.sqrt(0.5), within(1e-12));
        double deep = Contraction.proven(0.5, 5);
        assertThat(0.5 * Math.pow(1 + deep * deep, 5)).isCloseTo(0.75, within(1e-12));
        assertThat(factor("auto")).isLessThan(0.75);
        assertThat(factor("none")).isGreaterThan(1);
    }

    /** The largest factor at some points, by the power method. */
    private static double factor(String contraction) {
        ImageModel wild = expanding();
        Contraction chosen = Contraction.parse(contraction).of(wild.network());
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            Engine.seed(2);
            Operator<Rows> t = wild.network().operator(Mode.TRAIN);
            Tensor u = torch.randn(4, 32, 9, 9);
            Rows c = new Rows(torch.randn(4, 32, 9, 9));
            for (int i = 0; i < 30; i++) {
                chosen.adjust(t, u, c);
            }
            double[] factors = new ContractionEstimate(20, 1e-2).at(t, u, c, torch.randn_like(u));
            return Arrays.stream(factors).max().orElseThrow();
        }
    }

    /** What a batch norm does not bound must contract before it is solved: afterwards it is too late. */
    @Test
    void withoutANormTheSolveItselfContracts() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor images = torch.randn(2, 1, 28, 28);
            ImageModel calm = expanding();
            assertThat(calm.forward(images, Contraction.parse("auto").of(calm.network()))
                            .solution()
                            .count(Status.CONVERGED))
                    .isEqualTo(2);
            ImageModel wild = expanding();
            assertThat(wild.forward(images, new Contraction() {}).solution().count(Status.CONVERGED))
                    .isZero();
        }
    }

    /** E‖Jᵀε‖² = ‖J‖², here against a Jacobian of finite differences along every direction of a small probe. */
    @Test
    void thePenaltyIsTheSquaredNormOfTheJacobianAndPullsItDown() {
        ImageModel model = expanding();
        Contraction penalty = Contraction.parse("jacobian:2").of(model.network());
        try (TensorScope scope = TensorScope.open()) {
            Engine.seed(7);
            Tensor u = torch.randn(2, 32, 9, 9);
            Rows c = new Rows(torch.randn(2, 32, 9, 9));
            Operator<Rows> t = model.network().operator(Mode.TRAIN);
            double[] samples = new double[40];
            Arrays.setAll(samples, i -> penalty.penalty(t, u, c).orElseThrow().item_double());
            double mean = Arrays.stream(samples).average().orElseThrow();
            double forward = 0;
            try (NoGradGuard offTape = new NoGradGuard()) {
                Tensor base = t.apply(u, c);
                for (int i = 0; i < 40; i++) {
                    Tensor d = torch.randn_like(u);
                    Tensor change =
                            t.apply(u.add(d, new Scalar(1e-2)), c).sub(base).div(new Scalar(1e-2));
                    forward += change.square().sum().item_double() / 40;
                }
            }
            // ‖Jε‖² and ‖Jᵀε‖² have the same mean; 40 draws of 5,184 numbers agree within a few percent.
            assertThat(mean).isCloseTo(2 * forward / u.numel(), within(0.1 * mean));
            penalty.penalty(t, u, c).orElseThrow().backward();
            try (NoGradGuard offTape = new NoGradGuard()) {
                model.network().latentConvolutions().forEach(k -> k.weight()
                        .sub_(k.weight().grad(), new Scalar(0.05)));
            }
            double after = penalty.penalty(t, u, c).orElseThrow().item_double();
            assertThat(after).isLessThan(mean);
        }
    }

    @Test
    void theAdjustmentComesOnceBeforeTheTapedStep() {
        int[] calls = new int[1];
        Contraction counting = new Contraction() {
            @Override
            public void adjust(Operator<Rows> t, Tensor u, Rows c) {
                calls[0]++;
                assertThat(u.requires_grad()).isFalse();
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            Inference<Rows> inference = MODEL.forward(torch.randn(2, 1, 28, 28), counting);
            inference.x().sum().backward();
            assertThat(calls[0]).isEqualTo(1);
            MODEL.infer(torch.randn(2, 1, 28, 28), Mode.EVAL);
            assertThat(calls[0]).isEqualTo(1);
        }
    }
}
