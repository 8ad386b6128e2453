package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import dev.stillpoint.zoo.tomography.Similarity.Window;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** {@link Similarity}, against scikit-image 0.26. */
class SimilarityTest {
    /** The images are rounded to float32; the published pair's numbers have seven digits. */
    private static final double SINGLE = 2e-6;

    private static final int WIDTH = 17;
    private static final int HEIGHT = 13;

    @Test
    void isWhatScikitImageGives() {
        float[] x = new float[WIDTH * HEIGHT];
        float[] far = new float[x.length];
        float[] near = new float[x.length];
        for (int p = 0; p < x.length; p++) {
            int i = p / WIDTH;
            int j = p % WIDTH;
            x[p] = (float) ((7 * i + 3 * j) % 11 / 10.0);
            far[p] = (float) ((7 * i + 3 * j * j) % 13 / 12.0);
            near[p] = (float) Math.min(1, Math.max(0, x[p] + 0.05 * Math.sin(0.7 * i + 0.3 * j)));
        }
        close(x, far, 6.903495007867818, 0.0672971619839166, 0.18437652990068396, 0.1844062276580496);
        close(x, near, 29.46746246750221, 0.9944333284362031, 0.9950858147421457, 0.9950859819958379);
    }

    private static void close(float[] x, float[] y, double psnr, double uniform, double gaussian, double wang) {
        assertThat(Similarity.psnr(x, y)).isCloseTo(psnr, within(SINGLE * psnr));
        assertThat(Similarity.ssim(x, y, WIDTH, Window.UNIFORM)).isCloseTo(uniform, within(SINGLE));
        assertThat(Similarity.ssim(x, y, WIDTH, Window.GAUSSIAN)).isCloseTo(gaussian, within(SINGLE));
        assertThat(Similarity.ssim(x, y, WIDTH, Window.WANG)).isCloseTo(wang, within(SINGLE));
        assertThat(Similarity.ssim(x, y, WIDTH, Window.WANG)).isNotCloseTo(gaussian, within(SINGLE / 20));
    }

    /** The pair of a real slice and the same with waves. */
    @Test
    void knownPair() {
        String folder = System.getenv("STILLPOINT_DATA");
        assumeTrue(folder != null && !folder.isBlank(), "skipped: set STILLPOINT_DATA to the folder with ct/");
        NumpyArray slices = NumpyFile.read(Path.of(folder, "ct", "tcga_chest_128.npy"));
        float[] x = new float[128 * 128];
        float[] y = new float[x.length];
        for (int p = 0; p < x.length; p++) {
            int row = p / 128;
            double value = slices.number(p) / 65535;
            x[p] = (float) value;
            y[p] = (float) Math.min(1, Math.max(0, value + 0.05 * Math.sin(0.7 * row + 0.3 * (p % 128))));
        }
        assertThat(Similarity.psnr(x, y)).isCloseTo(29.98313, within(1e-5));
        assertThat(Similarity.ssim(x, y, 128, Window.UNIFORM)).isCloseTo(0.7030052, within(SINGLE));
        assertThat(Similarity.ssim(x, y, 128, Window.GAUSSIAN)).isCloseTo(0.7305864, within(SINGLE));
        assertThat(Similarity.ssim(x, y, 128, Window.WANG)).isCloseTo(0.7310267, within(SINGLE));
    }

    @Test
    void equalImages() {
        float[] x = new float[49];
        Arrays.fill(x, 0.3f);
        assertThat(Similarity.psnr(x, x)).isInfinite();
        assertThat(Similarity.ssim(x, x, 7, Window.UNIFORM)).isCloseTo(1, within(1e-12));
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> Similarity.psnr(new float[3], new float[4]))
                .hasMessage("Similarity: need images of one size, got 3 and 4 pixels");
        assertThatThrownBy(() -> Similarity.ssim(new float[60], new float[60], 10, Window.UNIFORM))
                .hasMessage("ssim: need full rows of an image of at least 7 x 7 pixels, got width 10 and 60 values");
    }
}
