package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class NormalisationTest {
    private static final Normalisation TWO = new Normalisation(List.of(0.5, 0.2), List.of(0.25, 2.0));
    private static final Images IMAGES = new Images(new byte[] {0, (byte) 255, 51, 0, 1, 2, 3, 4}, 2, 2, 1, 2);

    @Test
    void eachChannelByItsOwnNumbersInTheOrderOfTheRows() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor batch = TWO.batch(IMAGES, 1, 0, 0);
            assertThat(batch.sizes().vec().get()).containsExactly(3, 2, 1, 2);
            float[] values = Tensors.floats(batch);
            assertThat(values[0]).isEqualTo((float) ((1 / 255.0 - 0.5) / 0.25));
            assertThat(List.of(values[4], values[5], values[6], values[7])).containsExactly(-2f, 2f, 0f, -0.1f);
            assertThat(values[8]).isEqualTo(-2f);
        }
    }

    @Test
    void allImages() {
        try (TensorScope scope = TensorScope.open()) {
            assertThat(Tensors.floats(TWO.batch(IMAGES))).isEqualTo(Tensors.floats(TWO.batch(IMAGES, 0, 1)));
        }
    }

    @Test
    void refusals() {
        assertThatThrownBy(() -> Normalisation.MNIST.batch(IMAGES, 0))
                .hasMessage("Normalisation: need images of 1 channels, got 2");
        assertThatThrownBy(() -> TWO.batch(IMAGES, 2)).hasMessage("Images: need an image from 0 to 1, got 2");
        assertThatThrownBy(() -> new Normalisation(List.of(0.5), List.of(0.0)))
                .hasMessage(
                        "Normalisation: need a finite mean and a positive deviation, got 0.5 and 0.0 for channel 0");
        assertThatThrownBy(() -> new Images(new byte[3], 2, 1, 1, 2))
                .hasMessage("Images: need 2 x 1 x 1 x 2 values, got 3");
        assertThatThrownBy(() -> new LabelledImages(IMAGES, new int[] {0, 10}, 10))
                .hasMessage("LabelledImages: need labels from 0 to 9, got 10 for image 1");
        assertThatThrownBy(() -> IMAGES.range(1, 3)).hasMessage("Images: need a range within 0 to 2, got 1 to 3");
        assertThatThrownBy(() -> IMAGES.at(0, 2, 0, 0))
                .hasMessage("Images: need a place within [2, 2, 1, 2], got [0, 2, 0, 0]");
    }
}
