package dev.stillpoint.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.adjoint.GradientCheck;
import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** What {@link PyTorchLayersTest} does not show of the layers of images: modes, masks, initial weights, errors. */
class ImageLayersTest {
    /** Of the share of 40,000 independent coins: by chance once in a million seeds, and the seed is fixed. */
    private static final double FIVE_SIGMA = 5 * Math.sqrt(0.3 * 0.7 / 40_000);
    /** Of float64 sums of some hundred products of size 1. */
    private static final double ROUNDING = 1e-12;

    @Test
    void initialWeightsAreUniformOnTheBoundsOfPyTorch() {
        uniform(new Conv2d(Conv2d.Options.of(16, 32, 3), Cases.random(1)), 1 / Math.sqrt(16 * 9));
        // PyTorch counts the output channels of a transposed convolution, the second dimension of its weight.
        uniform(new ConvTranspose2d(ConvTranspose2d.Options.of(16, 32, 3), Cases.random(1)), 1 / Math.sqrt(32 * 9));
    }

    private static void uniform(Layer layer, double bound) {
        double[] w = Tensors.doubles(value(layer.parameters(), "weight"));
        double largest = Arrays.stream(w).map(Math::abs).max().orElseThrow();
        double variance = Arrays.stream(w).map(v -> v * v).sum() / w.length;
        assertThat(largest).isBetween(0.99 * bound, bound);
        assertThat(variance * 3 / (bound * bound)).isCloseTo(1, within(0.1));
        for (double v : Tensors.doubles(value(layer.parameters(), "bias"))) {
            assertThat(Math.abs(v)).isBetween(0.0, bound);
        }
    }

    @Test
    void transposedConvolutionIsTheAdjoint() {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Conv2d a = new Conv2d(
                        Conv2d.Options.of(2, 3, 3).withStride(2).withPadding(1).withBias(Bias.NONE),
                        ScalarType.Double,
                        random);
                ConvTranspose2d b = new ConvTranspose2d(
                        ConvTranspose2d.Options.of(3, 2, 3)
                                .withStride(2)
                                .withPadding(1)
                                .withExtra(1)
                                .withBias(Bias.NONE),
                        ScalarType.Double,
                        random);
                set(value(b.parameters(), "weight"), value(a.parameters(), "weight"));
                Tensor x = normal(random, 2, 2, 6, 8);
                Tensor y = normal(random, 2, 3, 3, 4);
                double left = a.forward(x).mul(y).sum().item_double();
                double right = b.forward(y).mul(x).sum().item_double();
                assertThat(left).isCloseTo(right, within(ROUNDING * 100));
                assertThat(left).isNotCloseTo(-right, within(ROUNDING * 100));
            }
        });
    }

    @Test
    void runningStatisticsMoveOnTheTapeAlone() {
        BatchNorm2d norm = new BatchNorm2d(3, BatchNorm2d.Affine.LEARNED, ScalarType.Double);
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = normal(Cases.random(1), 4, 3, 5, 5).add(new Scalar(2.0));
            Tensor mean = value(norm.state(), "running_mean");
            Tensor batches = value(norm.state(), "num_batches_tracked");
            Tensor offTape;
            try (NoGradGuard guard = new NoGradGuard()) {
                offTape = norm.forward(x, Mode.TRAIN);
                norm.forward(x);
            }
            assertThat(Tensors.doubles(mean)).containsExactly(0, 0, 0);
            assertThat(batches.item_long()).isZero();
            Tensor onTape = norm.forward(x, Mode.TRAIN);
            assertThat(Tensors.doubles(onTape)).isEqualTo(Tensors.doubles(offTape));
            double[] own = Tensors.doubles(x.mean(new long[] {0, 2, 3}));
            assertThat(Tensors.doubles(mean)[1]).isCloseTo(0.1 * own[1], within(ROUNDING));
            assertThat(batches.item_long()).isEqualTo(1);
        }
    }

    @Test
    void inUseASampleIsIndependentOfTheOthersAndWhileTrainingNot() {
        BatchNorm2d norm = new BatchNorm2d(2, BatchNorm2d.Affine.NONE, ScalarType.Double);
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = normal(Cases.random(1), 4, 2, 3, 3);
            Tensor first = x.narrow(0, 0, 1);
            assertThat(Tensors.doubles(norm.forward(x).narrow(0, 0, 1)))
                    .isEqualTo(Tensors.doubles(norm.forward(first)));
            assertThat(Tensors.doubles(norm.forward(x, Mode.TRAIN).narrow(0, 0, 1)))
                    .isNotEqualTo(Tensors.doubles(norm.forward(first, Mode.TRAIN)));
        }
    }

    @Test
    void gradientsOfATrainingPassPassTheCheck() {
        RandomGenerator random = Cases.random(3);
        Layer net = Sequential.of(
                new Conv2d(Conv2d.Options.same(2, 3, 3).withEdge(Padding.REPLICATE), ScalarType.Double, random),
                new BatchNorm2d(3, BatchNorm2d.Affine.LEARNED, ScalarType.Double),
                new Residual(new Conv2d(Conv2d.Options.same(3, 3, 3), ScalarType.Double, random)),
                new AvgPool2d(2),
                new Flatten(),
                new Linear(3 * 2 * 2, 2, Bias.NONE, ScalarType.Double, random));
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = normal(random, 3, 2, 4, 4);
            Tensor weights = normal(random, 3, 2);
            GradientCheck.standard()
                    .of(net, () -> net.forward(x, Mode.TRAIN).mul(weights).sum())
                    .orThrow();
        }
    }

    @Test
    void dropoutKeepsTheMeanAndRepeatsWithTheSeed() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = torch.ones_like(Tensors.zeros(ScalarType.Double, 200, 200));
            double[] y = masked(new Dropout(0.3), x, 5);
            assertThat(Arrays.stream(y).distinct().sorted().toArray()).containsExactly(0, 1 / 0.7);
            double kept = Arrays.stream(y).filter(v -> v > 0).count() / (double) y.length;
            assertThat(kept).isCloseTo(0.7, within(FIVE_SIGMA));
            assertThat(masked(new Dropout(0.3), x, 5)).isEqualTo(y);
            assertThat(masked(new Dropout(0.3), x, 6)).isNotEqualTo(y);
            assertThat(new Dropout(0.3).forward(x)).isSameAs(x);
        }
    }

    @Test
    void dropout2dDropsWholeChannels() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = torch.ones_like(Tensors.zeros(ScalarType.Double, 200, 200, 2, 2));
            double[] y = masked(new Dropout2d(0.3), x, 5);
            double kept = 0;
            for (int i = 0; i < y.length; i += 4) {
                assertThat(y[i + 1]).isEqualTo(y[i]);
                assertThat(y[i + 3]).isEqualTo(y[i]);
                kept += y[i] > 0 ? 1 : 0;
            }
            assertThat(kept * 4 / y.length).isCloseTo(0.7, within(FIVE_SIGMA));
            assertThat(new Dropout2d(0.3).forward(x)).isSameAs(x);
        }
    }

    private static double[] masked(Layer dropout, Tensor x, long seed) {
        Engine.seed(seed);
        return Tensors.doubles(dropout.forward(x, Mode.TRAIN));
    }

    @Test
    void errorsSayNeedAndGot() {
        assertThatThrownBy(() -> Conv2d.Options.of(3, 0, 3))
                .hasMessage("Conv2d: need channels and kernel >= 1, got 3, 0 and kernel 3");
        assertThatThrownBy(() -> Conv2d.Options.of(3, 2, 3).withStride(0))
                .hasMessage("Conv2d: need stride >= 1 and padding >= 0, got 0 and 0");
        assertThatThrownBy(() -> ConvTranspose2d.Options.of(3, 2, 3).withExtra(1))
                .hasMessage("ConvTranspose2d: need stride >= 1, padding >= 0 and extra in [0, stride), got 1, 0 and 1");
        assertThatThrownBy(() -> new BatchNorm2d(0, BatchNorm2d.Affine.NONE)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> new Dropout(1)).hasMessage("Dropout: need probability in [0, 1), got 1.0");
        assertThatThrownBy(() -> new Dropout2d(Double.NaN)).hasMessageContaining("got NaN");
        assertThatThrownBy(() -> new MaxPool2d(0)).hasMessageContaining("got 0 and 0");
        assertThatThrownBy(() -> new AvgPool2d(2, 0)).hasMessageContaining("got 2 and 0");
        assertThatThrownBy(() -> new ConstantPad2d(-1, 0)).hasMessageContaining("got -1 and 0.0");
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.zeros(ScalarType.Float, 1, 3, 4, 4);
            Conv2d conv = new Conv2d(Conv2d.Options.of(2, 1, 3), Cases.random(0));
            assertThatThrownBy(() -> conv.forward(x))
                    .hasMessage("Conv2d: x: expected [any, 2, any, any], got [1, 3, 4, 4]");
            assertThatThrownBy(() -> new Conv2d(Conv2d.Options.of(3, 1, 5), Cases.random(0)).forward(x))
                    .hasMessage("Conv2d: x: need an image of at least 5 pixels a side, got 4 x 4");
            assertThatThrownBy(() -> conv.forward(Tensors.zeros(ScalarType.Double, 1, 2, 4, 4)))
                    .hasMessage("Conv2d: x: expected Float as the weights are, got Double");
            assertThatThrownBy(() -> new BatchNorm2d(2, BatchNorm2d.Affine.NONE).forward(x))
                    .hasMessage("BatchNorm2d: x: expected [any, 2, any, any], got [1, 3, 4, 4]");
            assertThatThrownBy(() -> new BatchNorm2d(2, BatchNorm2d.Affine.NONE)
                            .forward(Tensors.zeros(ScalarType.Float, 1, 2, 1, 1), Mode.TRAIN))
                    .hasMessage("BatchNorm2d: x: need more than one number a channel to train, got 1");
            assertThatThrownBy(() -> new MaxPool2d(5).forward(x)).hasMessageContaining("at least 5 pixels");
            assertThatThrownBy(() -> new ConvTranspose2d(
                                    ConvTranspose2d.Options.of(3, 1, 1).withPadding(2), Cases.random(0))
                            .forward(x))
                    .hasMessageContaining("padding 2");
            assertThatThrownBy(() -> new Residual(new AvgPool2d(2)).forward(x))
                    .hasMessage("Residual: B(x): expected [1, 3, 4, 4], got [1, 3, 2, 2]");
        }
    }

    private static Tensor normal(RandomGenerator random, long... shape) {
        int n = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return Tensors.of(Cases.normal(random, n, 1), shape);
    }

    private static void set(Tensor to, Tensor from) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            to.copy_(from);
        }
    }

    private static Tensor value(Map<String, Tensor> state, String name) {
        Tensor found = state.get(name);
        if (found == null) {
            throw new AssertionError("no " + name + " among " + state.keySet());
        }
        return found;
    }
}
