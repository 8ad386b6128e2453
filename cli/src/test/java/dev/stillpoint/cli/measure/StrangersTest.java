package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.Images;
import dev.stillpoint.data.LabelledImages;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The images that are none of a model's: what is done to digits and photographs. */
class StrangersTest {
    private static final int SIDE = 28;
    /** Sines and cosines of right angles are off by their rounding. */
    private static final float ROUNDING = 1e-3f;

    @Test
    void aQuarterTurnMovesEveryPixelToItsPlace() {
        float[] image = row(1);
        float[] turned = Strangers.turned(new float[][] {image}, 90)[0];
        float[] half = Strangers.turned(new float[][] {image}, 180)[0];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                assertThat(turned[y * SIDE + x]).isCloseTo(image[x * SIDE + SIDE - 1 - y], within(ROUNDING));
                assertThat(half[y * SIDE + x]).isCloseTo(image[(SIDE - 1 - y) * SIDE + SIDE - 1 - x], within(ROUNDING));
            }
        }
    }

    @Test
    void turnsBetweenKeepTheMiddleAndLeaveTheCornersBlack() {
        float[] bright = new float[SIDE * SIDE];
        Arrays.fill(bright, 100);
        float[] turned = Strangers.turned(new float[][] {bright}, 30)[0];
        assertThat(turned[14 * SIDE + 14]).isCloseTo(100, within(ROUNDING));
        assertThat(turned[0]).isZero();
    }

    @Test
    void kindsAreMadeOfTheTestImages() {
        int n = 5;
        byte[] pixels = new byte[n * SIDE * SIDE];
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < SIDE * SIDE; p++) {
                pixels[i * SIDE * SIDE + p] = (byte) row(i)[p];
            }
        }
        LabelledImages digits = new LabelledImages(new Images(pixels, n, 1, SIDE, SIDE), new int[] {3, 1, 4, 1, 5}, 10);
        byte[] photographs = new byte[2 * 3 * 32 * 32];
        Arrays.fill(photographs, 0, 3 * 32 * 32, (byte) 200);
        List<Strangers.Kind> kinds = Strangers.kinds(digits, new Images(photographs, 2, 3, 32, 32), 4, 7);
        assertThat(kinds).extracting(kind -> kind.rows().length).containsExactly(5, 4, 4, 4, 4, 4, 4, 2);
        assertThat(kinds.get(0).rows()[2]).isEqualTo(row(2));
        assertThat(kinds.get(3).labels()).containsExactly(3, 1, 4, 1);
        float[] shuffled = kinds.get(6).rows()[1].clone();
        float[] same = row(1);
        assertThat(shuffled).isNotEqualTo(same);
        Arrays.sort(shuffled);
        Arrays.sort(same);
        assertThat(shuffled).isEqualTo(same);
        assertThat(kinds.get(7).rows()[0][100]).isCloseTo(200, within(ROUNDING));
        assertThat(kinds.get(7).rows()[1][100]).isZero();
        assertThat(Strangers.kinds(digits, new Images(photographs, 2, 3, 32, 32), 4, 7)
                        .get(5)
                        .rows())
                .isDeepEqualTo(kinds.get(5).rows());
    }

    private static float[] row(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] row = new float[SIDE * SIDE];
        for (int p = 0; p < row.length; p++) {
            row[p] = random.nextInt(128);
        }
        return row;
    }
}
