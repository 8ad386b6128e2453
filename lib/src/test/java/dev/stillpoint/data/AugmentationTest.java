package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private static final int H = 11;
    private static final int W = 9;
    private static final int DRAWS = 20_000;
    /** Of a mean over the draws: a right generator is beyond 4.5 once in 150,000 times. */
    private static final double DEVIATIONS = 4.5;

    private static final Normalisation TWO = new Normalisation(List.of(0.4, 0.2), List.of(0.25, 0.5));
    private static final Augmentation ALL =
            new Augmentation(0.5, 2, 0.449, new Augmentation.Erasing(0.7, 0.1, 0.25, 0.2, 5));
    private static final Images IMAGES = images(40);

    @Test
    void everyValueIsThatOfTheStepsOneAfterTheOther() {
        int[] rows = {7, 0, 39, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20};
        for (int epoch = 0; epoch < 30; epoch++) {
            float[] values = values(ALL, 3, epoch, rows);
            for (int i = 0; i < rows.length; i++) {
                Augmentation.Change change = ALL.draw(3, epoch, rows[i], H, W);
                assertThat(slice(values, i)).isEqualTo(stepByStep(rows[i], change));
            }
        }
    }

    @Test
    void anImageDependsOnSeedEpochAndRowAlone() {
        float[] one = values(ALL, 3, 5, 7);
        assertThat(slice(values(ALL, 3, 5, 1, 7, 2), 1)).isEqualTo(one);
        assertThat(values(ALL, 3, 6, 7)).isNotEqualTo(one);
        assertThat(values(ALL, 4, 5, 7)).isNotEqualTo(one);
        // Sums of seed, epoch and row that are equal must not give equal draws.
        assertThat(ALL.draw(3, 6, 7, H, W)).isNotEqualTo(ALL.draw(3, 5, 8, H, W));
        assertThat(ALL.draw(4, 5, 7, H, W)).isNotEqualTo(ALL.draw(3, 6, 7, H, W));
    }

    @Test
    void noneChangesNothing() {
        try (TensorScope scope = TensorScope.open()) {
            assertThat(values(Augmentation.NONE, 1, 2, 4, 3)).isEqualTo(Tensors.floats(TWO.batch(IMAGES, 4, 3)));
        }
    }

    @Test
    void theDrawsHaveTheirDistributions() {
        Augmentation paper = Augmentation.CIFAR10;
        int mirrored = 0;
        int[] places = new int[25];
        int erased = 0;
        double share = 0;
        double logAspect = 0;
        double place = 0;
        for (int i = 0; i < DRAWS; i++) {
            Augmentation.Change change = paper.draw(1, i % 7, i, 32, 32);
            mirrored += change.mirrored() ? 1 : 0;
            places[5 * (change.down() + 2) + change.right() + 2]++;
            if (change.height() > 0) {
                erased++;
                share += change.height() * change.width() / 1024.0;
                logAspect += Math.log(change.height() / (double) change.width());
                place += change.top() / (double) (32 - change.height());
                assertThat(change.top() + change.height()).isLessThanOrEqualTo(32);
                assertThat(change.left() + change.width()).isLessThanOrEqualTo(32);
                assertThat(change.height()).isLessThan(32);
            }
        }
        near(mirrored / (double) DRAWS, 0.5, 0.5, DRAWS);
        for (int count : places) {
            near(count / (double) DRAWS, 1 / 25.0, Math.sqrt(24) / 25, DRAWS);
        }
        // An area of a quarter at the sharpest aspect, 36 x 7, does not fit; ten attempts nearly always find one that
        // does.
        near(erased / (double) DRAWS, 0.95, Math.sqrt(0.95 * 0.05), DRAWS);
        near(place / erased, 0.5, 0.36, erased);
        near(logAspect / erased, 0, Math.log(5) / Math.sqrt(3), erased);
        // Rectangles of whole pixels, and the large ones do not fit at sharp aspects: a little below the mean of 0.175.
        assertThat(share / erased).isBetween(0.170, 0.176);
    }

    @Test
    void refusals() {
        assertThatThrownBy(() -> new Augmentation(1.5, 0, 0, Augmentation.Erasing.NEVER))
                .hasMessage("Augmentation: need mirror and fill in [0, 1] and a padding >= 0, got 1.5, 0.0 and 0");
        assertThatThrownBy(() -> new Augmentation.Erasing(1, 0.3, 0.2, 1, 1))
                .hasMessageStartingWith(
                        "Erasing: need a probability in [0, 1], shares in (0, 1] and aspects > 0, in order");
        assertThatThrownBy(() -> Augmentation.NONE.batch(IMAGES, Normalisation.MNIST, 0, 0, 0))
                .hasMessage("Normalisation: need images of 1 channels, got 2");
    }

    /** Mirror, then pad, then cut out, then erase: each on the whole picture. */
    private static float[] stepByStep(int image, Augmentation.Change change) {
        int pad = ALL.padding();
        float[] result = new float[2 * H * W];
        for (int c = 0; c < 2; c++) {
            float[][] padded = new float[H + 2 * pad][W + 2 * pad];
            for (float[] row : padded) {
                java.util.Arrays.fill(row, (float)
                        ((ALL.fill() - TWO.mean().get(c)) / TWO.deviation().get(c)));
            }
            for (int y = 0; y < H; y++) {
                for (int x = 0; x < W; x++) {
                    int from = change.mirrored() ? W - 1 - x : x;
                    padded[y + pad][x + pad] = TWO.of(c, IMAGES.at(image, c, y, from));
                }
            }
            for (int y = 0; y < H; y++) {
                for (int x = 0; x < W; x++) {
                    boolean erased = y >= change.top()
                            && y < change.top() + change.height()
                            && x >= change.left()
                            && x < change.left() + change.width();
                    result[(c * H + y) * W + x] =
                            erased ? 0 : padded[y + pad + change.down()][x + pad + change.right()];
                }
            }
        }
        return result;
    }

    private static void near(double mean, double expected, double deviation, int draws) {
        assertThat(mean)
                .isCloseTo(expected, org.assertj.core.data.Offset.offset(DEVIATIONS * deviation / Math.sqrt(draws)));
    }

    private static float[] values(Augmentation augmentation, long seed, int epoch, int... rows) {
        try (TensorScope scope = TensorScope.open()) {
            return Tensors.floats(augmentation.batch(IMAGES, TWO, seed, epoch, rows));
        }
    }

    private static float[] slice(float[] values, int image) {
        return java.util.Arrays.copyOfRange(values, image * 2 * H * W, (image + 1) * 2 * H * W);
    }

    private static Images images(int count) {
        byte[] pixels = new byte[count * 2 * H * W];
        new Random(9).nextBytes(pixels);
        return new Images(pixels, count, 2, H, W);
    }
}
