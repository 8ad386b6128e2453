package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link FilteredBackProjection}, against scikit-image and against discs. */
class FilteredBackProjectionTest {
    /** Both compute in float64; scikit-image's Fourier transforms round by some 1e-16 of sums of 47 numbers. */
    private static final double ROUNDING = 1e-11;

    /** Near the edge of a disc of 0.7: the ramp's overshoot, a few percent three pixels away. */
    private static final float RINGING = 0.06f;

    /** What scikit-image 0.26's {@code iradon(d.T, theta, output_size=33, circle=False, filter_name)} gives. */
    @ParameterizedTest
    @CsvSource({
        "RAMP, 0.09840168111725155, 0.1639584701741146, 0.01695682603211689, 0.010016759320647757, 0.10855942864914954,"
                + " 2.088228865653761",
        "SHEPP_LOGAN, 0.0942285404908535, 0.13983081950729573, 0.008625602528457236, 0.0018867972954783533,"
                + " 0.08821870354262691, 1.6172445602639025",
        "COSINE, 0.08624135501731141, 0.09584011134130423, -0.006572399613860269, -0.01282609140858233,"
                + " 0.05092753077740591, 0.8884780285384539",
        "HAMMING, 0.08042348403841855, 0.08504141231065483, -0.009785934364724495, -0.014850619042882143,"
                + " 0.04015930497990199, 0.7301761948026185",
        "HANN, 0.07886016255330264, 0.07817905945296265, -0.012111391790536786, -0.01701299977014562,"
                + " 0.03421146813909786, 0.6798963499637014"
    })
    void isWhatScikitImageGives(
            RampFilter filter, double corner, double right, double middle, double upper, double lower, double norm) {
        int n = 33;
        // Bins as wide as pixels, and both grids around the same middle, as scikit-image has them.
        ParallelBeam beam = new ParallelBeam(n, 12, 47, 47.0 / n);
        double[] d = new double[beam.beams()];
        for (int i = 0; i < d.length; i++) {
            int k = i / 47;
            int b = i % 47;
            d[i] = (5 * k + 3 * b) % 7 / 7.0 + (b - 23) * (b - 23) / 400.0;
        }
        try (TensorScope scope = TensorScope.open()) {
            double[] x = Tensors.doubles(new FilteredBackProjection(beam, filter).apply(Tensors.of(d, 1, d.length)));
            // Its unit of length is the pixel.
            double unit = beam.pixel();
            assertThat(unit * x[0]).isCloseTo(corner, within(ROUNDING));
            assertThat(unit * x[32]).isCloseTo(right, within(ROUNDING));
            assertThat(unit * x[16 * n + 16]).isCloseTo(middle, within(ROUNDING));
            assertThat(unit * x[5 * n + 20]).isCloseTo(upper, within(ROUNDING));
            assertThat(unit * x[28 * n + 3]).isCloseTo(lower, within(ROUNDING));
            double squares = Arrays.stream(x).map(v -> v * v).sum();
            assertThat(unit * Math.sqrt(squares)).isCloseTo(norm, within(ROUNDING));
            // Saboteur: the next filter's numbers.
            RampFilter other = filter == RampFilter.RAMP ? RampFilter.COSINE : RampFilter.RAMP;
            double[] wrong = Tensors.doubles(
                    new FilteredBackProjection(beam, filter).with(other).apply(Tensors.of(d, 1, d.length)));
            assertThat(Math.abs(unit * wrong[16 * n + 16] - middle)).isGreaterThan(1e-3);
        }
    }

    /** From many angles the exact data of a disc give its brightness inside and nothing outside, away from the edge. */
    @ParameterizedTest
    @EnumSource
    void discComesBack(RampFilter filter) {
        int n = 64;
        ParallelBeam beam = ParallelBeam.of(n, 180);
        List<Ellipse> disc = List.of(new Ellipse(0.7, 0.5, 0.5, 0.1, -0.15, 0));
        double[] d = Ellipse.sinogram(disc, beam);
        try (TensorScope scope = TensorScope.open()) {
            float[] x = Tensors.floats(new FilteredBackProjection(beam, filter)
                    .apply(Tensors.of(d, 1, d.length).to(ScalarType.Float)));
            double sum = 0;
            int inside = 0;
            for (int j = 0; j < x.length; j++) {
                int row = j / n;
                double px = (j % n + 0.5) * beam.pixel() - 1;
                double py = 1 - (row + 0.5) * beam.pixel();
                double from = Math.hypot(px - 0.1, py + 0.15);
                if (from < 0.5 - 3 * beam.pixel()) {
                    sum += x[j];
                    inside++;
                } else if (from > 0.5 + 3 * beam.pixel() && Math.hypot(px, py) < 1) {
                    assertThat(x[j]).as("outside").isCloseTo(0, within(RINGING));
                }
            }
            assertThat(sum / inside).as("inside").isCloseTo(0.7, within(0.004));
        }
    }

    @Test
    void sizesAreChecked() {
        try (TensorScope scope = TensorScope.open()) {
            FilteredBackProjection back = new FilteredBackProjection(ParallelBeam.of(8, 3), RampFilter.RAMP);
            assertThatThrownBy(() -> back.apply(Tensors.of(new double[38], 1, 38)))
                    .hasMessage("FilteredBackProjection: d: expected [any, 39], got [1, 38]");
        }
    }
}
