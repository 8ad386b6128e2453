package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** {@link Augmentation}. */
class AugmentationTest {
    private static final int SIDE = 64;

    /** Without any change but the mirror, it is the slice in fewer pixels. */
    @Test
    void nothingChangedIsTheSlice() {
        float[] slice = Ellipse.draw(List.of(new Ellipse(1, 0.4, 0.2, 0.3, 0.1, 0.4)), SIDE);
        Augmentation none = new Augmentation(0, 1, 0);
        int mirrored = 0;
        for (int seed = 0; seed < 8; seed++) {
            float[] look = none.look(slice, SIDE / 2, random(seed));
            boolean left = look[16 * 32 + 7] > look[16 * 32 + 24];
            mirrored += left ? 1 : 0;
            for (int p = 0; p < look.length; p++) {
                int i = p / 32;
                int j = left ? 31 - p % 32 : p % 32;
                double mean = 0;
                for (int k = 0; k < 4; k++) {
                    int down = k / 2;
                    mean += slice[(2 * i + down) * SIDE + 2 * j + k % 2] / 4.0;
                }
                assertThat((double) look[p]).isCloseTo(mean, within(1e-6));
            }
        }
        assertThat(mirrored).isBetween(1, 7);
    }

    /** A bright spot goes where the formula says: turned, zoomed and shifted looks differ, keep their mass up to the zoom, and stay in range. */
    @Test
    void looksAreSeededAndInRange() {
        float[] slice = Ellipse.draw(Ellipse.sheppLogan(), SIDE);
        Augmentation augmentation = Augmentation.standard();
        float[] first = augmentation.look(slice, SIDE / 2, random(1));
        assertThat(augmentation.look(slice, SIDE / 2, random(1))).isEqualTo(first);
        assertThat(augmentation.look(slice, SIDE / 2, random(2))).isNotEqualTo(first);
        double mass = mean(slice);
        for (int seed = 0; seed < 10; seed++) {
            float[] look = augmentation.look(slice, SIDE / 2, random(seed));
            assertThat(mean(look)).isBetween(mass / 1.7, mass * 1.7);
            for (float v : look) {
                assertThat(v).isBetween(0f, 1.000001f);
            }
        }
        // Shifted by all of the half side and more, nothing is left but air.
        Augmentation far = new Augmentation(0, 1, 1e3);
        assertThat(mean(far.look(slice, SIDE / 2, random(5)))).isZero();
    }

    private static double mean(float[] image) {
        double sum = 0;
        for (float v : image) {
            sum += v;
        }
        return sum / image.length;
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Test
    void numbersAreChecked() {
        assertThatThrownBy(() -> new Augmentation(0, 0.9, 0))
                .hasMessage("Augmentation: need finite turn >= 0, zoom >= 1 and shift >= 0, got 0.0, 0.9 and 0.0");
    }
}
