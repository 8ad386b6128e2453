package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Scores} and {@link Gallery}. */
class ScoresTest {
    private static final int N = 16;

    @Test
    void numbersAreWhatTheySay() {
        Scanner scanner = new Scanner(ParallelBeam.of(N, 8));
        float[] truth = Ellipse.draw(List.of(new Ellipse(0.95, 0.6, 0.4, 0, 0, 0)), N);
        Scans scans = Scans.of(scanner, List.of(truth, truth, truth), 0.02, 3);
        float[] brighter = truth.clone();
        for (int i = 0; i < brighter.length; i++) {
            brighter[i] += 0.1f;
        }
        float[] lost = truth.clone();
        lost[5] = Float.NaN;
        Scores scores = Scores.of(new float[][] {truth, brighter, lost}, scans, scanner);
        assertThat(scores.psnr()[0]).isInfinite();
        assertThat(scores.psnr()[1]).isCloseTo(20, within(1e-4));
        assertThat(scores.ssim()[0]).isCloseTo(1, within(1e-9));
        assertThat(scores.box()[0]).isZero();
        double outside = 0;
        for (float v : brighter) {
            outside += Math.pow(Math.max(0, (double) v - 1), 2);
        }
        assertThat(scores.box()[1]).isCloseTo(Math.sqrt(outside), within(1e-6)).isPositive();
        // The truth misses the data by just the errors that were drawn.
        assertThat(scores.excess()[0]).isCloseTo(1, within(1e-4));
        double size = 0;
        for (float v : Tensors.rows(scans.data())[0]) {
            size += (double) v * v;
        }
        assertThat(scores.fidelity()[0]).isCloseTo(scans.noise()[0] / Math.sqrt(size), within(1e-6));
        for (double[] lostOnes : List.of(scores.psnr(), scores.ssim(), scores.box(), scores.fidelity())) {
            assertThat(lostOnes[2]).isNaN();
            assertThat(Scores.mean(lostOnes)).isNaN();
        }
        assertThatThrownBy(() -> Scores.of(new float[][] {truth}, scans, scanner))
                .hasMessage("Scores: need an image for each of 3 rows, got 1");
    }

    @Test
    void galleryShowsImageSquareAndError() {
        float[] truth = new float[N * N];
        Arrays.fill(truth, 0.5f);
        float[] image = truth.clone();
        image[0] = 1;
        image[N * N - 1] = Float.NaN;
        Gallery gallery = new Gallery(N, truth, 12, 12, 4);
        Gallery.Panel own = new Gallery.Panel("truth", truth, List.of());
        Gallery.Panel other = new Gallery.Panel(
                "method",
                image,
                List.of(new Gallery.Line("20 dB", Gallery.Tone.PLAIN), new Gallery.Line("box", Gallery.Tone.BAD)));
        var picture = gallery.draw(List.of(own, other));
        int second = Gallery.GAP + Gallery.PANEL + Gallery.GAP;
        assertThat(picture.getRGB(Gallery.GAP + 5, Gallery.HEAD + 5) & 0xffffff).isEqualTo(0x808080);
        assertThat(picture.getRGB(second + 5, Gallery.HEAD + 5) & 0xffffff).isEqualTo(0xffffff);
        int errors = picture.getHeight() - Gallery.GAP - Gallery.PANEL;
        assertThat(picture.getRGB(Gallery.GAP + 5, errors + 5) & 0xffffff)
                .as("no error")
                .isZero();
        assertThat(picture.getRGB(second + 5, errors + 5) & 0xffffff)
                .as("worst")
                .isEqualTo(0xffffff);
        assertThat(picture.getRGB(second + 250, errors + 250) & 0xffffff)
                .as("NaN")
                .isEqualTo(0xff00ff);
        int zoom = errors - Gallery.GAP - Gallery.PANEL;
        assertThat(picture.getRGB(second + 200, zoom + 200) & 0xffffff)
                .as("enlarged NaN")
                .isEqualTo(0xff00ff);
        assertThat(picture.getRGB(second + 100, zoom + 100) & 0xffffff).isEqualTo(0x808080);
        assertThat(gallery.png(List.of(own))).startsWith(0x89, 'P', 'N', 'G');
        assertThatThrownBy(() -> new Gallery(N, truth, 13, 12, 4))
                .hasMessage("Gallery: need a square within 16 pixels, got side 4 at 13, 12");
        assertThatThrownBy(() -> gallery.draw(List.of())).hasMessage("Gallery: need at least one panel, got none");
        assertThatThrownBy(() -> gallery.draw(List.of(new Gallery.Panel("x", new float[3], List.of()))))
                .hasMessage("Gallery: x: need 256 pixels, got 3");
    }
}
