package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.network.Layer;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** {@link UNet} and {@link PublishedUNet}. */
class UNetTest {
    private final UNet full = new UNet(random());
    private final PublishedUNet published = new PublishedUNet(random());

    private static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    }

    @Test
    void haveTheWeightsThatTheySay() {
        assertThat(weights(published)).isEqualTo(533_593);
        assertThat(weights(full)).isEqualTo(518_433);
    }

    private static long weights(Layer net) {
        return net.parameters().values().stream().mapToLong(Tensor::numel).sum();
    }

    @Test
    void keepTheImagesSizeAndHaveGradients() {
        keepsSize(published, "PublishedUNet: x: need sides that are multiples of 8, got 12 x 18");
        keepsSize(full, "UNet: x: need sides that are multiples of 4, got 12 x 18");
    }

    private static void keepsSize(Layer net, String refusal) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.zeros(ScalarType.Float, 2, 1, 24, 16).normal_();
            Tensor y = net.forward(x, Mode.TRAIN);
            assertThat(y.shape()).isEqualTo(x.shape());
            y.mul(y).mean().backward();
            // A convolution's bias before a batch norm has none: the mean takes it away.
            net.parameters().forEach((name, weight) -> assertThat(Tensors.doubles(weight.grad()))
                    .as(name)
                    .satisfies(g -> assertThat(Arrays.stream(g).allMatch(Double::isFinite))
                            .isTrue()));
            assertThat(net.forward(x).shape()).isEqualTo(x.shape());
            assertThatThrownBy(() -> net.forward(Tensors.zeros(ScalarType.Float, 2, 1, 12, 18)))
                    .hasMessage(refusal);
        }
    }

    /** Without its last convolution there is no correction. */
    @Test
    void correctsTheImageThatItIsGiven() {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.zeros(ScalarType.Float, 1, 1, 8, 8).normal_();
            assertThat(Tensors.doubles(full.forward(x))).isNotEqualTo(Tensors.doubles(x));
            full.parameters().forEach((name, weight) -> {
                if (name.startsWith("last.")) {
                    weight.zero_();
                }
            });
            assertThat(Tensors.doubles(full.forward(x))).isEqualTo(Tensors.doubles(x));
        }
    }
}
