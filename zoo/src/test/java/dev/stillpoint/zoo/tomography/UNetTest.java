package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** {@link UNet}. */
class UNetTest {
    private final UNet net = net(UNet.Output.IMAGE);

    private static UNet net(UNet.Output output) {
        return new UNet(output, RandomGeneratorFactory.of("L64X128MixRandom").create(1));
    }

    @Test
    void hasThePublishedWeights() {
        long weights =
                net.parameters().values().stream().mapToLong(Tensor::numel).sum();
        assertThat(weights).isEqualTo(533_593);
    }

    @Test
    void keepsTheImagesSizeAndHasGradients() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.zeros(ScalarType.Float, 2, 1, 24, 16).normal_();
            Tensor y = net.forward(x, Mode.TRAIN);
            assertThat(y.shape()).isEqualTo(x.shape());
            y.mul(y).mean().backward();
            // A convolution's bias before a batch norm has none: the mean takes it away.
            net.parameters().forEach((name, weight) -> assertThat(Tensors.doubles(weight.grad()))
                    .as(name)
                    .satisfies(g -> assertThat(java.util.Arrays.stream(g).allMatch(Double::isFinite))
                            .isTrue()));
            assertThat(net.forward(x).shape()).isEqualTo(x.shape());
            assertThatThrownBy(() -> net.forward(Tensors.zeros(ScalarType.Float, 2, 1, 12, 16)))
                    .hasMessage("UNet: x: need sides that are multiples of 8, got 12 x 16");
        }
    }

    @Test
    void correctionIsAddedToTheImage() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.zeros(ScalarType.Float, 2, 1, 16, 16).normal_();
            Tensor sum = x.add(net.forward(x));
            assertThat(Tensors.doubles(net(UNet.Output.CORRECTION).forward(x))).isEqualTo(Tensors.doubles(sum));
        }
    }
}
