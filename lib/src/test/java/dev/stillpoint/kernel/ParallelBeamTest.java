package dev.stillpoint.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ParallelBeam}. */
class ParallelBeamTest {
    /** Of sums of some thousand products in float64. */
    private static final double ADJOINT = 1e-10;
    /** Differences of areas that are exact up to a rounding of the pixel's. */
    private static final double ROUNDING = 1e-12;
    /** The midpoint rule with so many rays a bin, on chords with slopes up to 1/|sin 2θ|: quadratic but at kinks. */
    private static final int RAYS = 400;

    /** The published geometry: 183 bins, some 68 beams a pixel. */
    @Test
    void geometryIsThePublished() {
        ParallelBeam beam = ParallelBeam.of(128, 30);
        assertThat(beam.bins()).isEqualTo(183);
        assertThat(beam.beams()).isEqualTo(5490);
        assertThat(beam.reach()).isEqualTo(Math.sqrt(2));
        assertThat(beam.angle(0)).isCloseTo(Math.PI / 60, within(ROUNDING));
        assertThat(beam.angle(29)).isCloseTo(Math.PI - Math.PI / 60, within(ROUNDING));
        assertThat(beam.offset(91)).isCloseTo(0, within(ROUNDING));
        assertThat(beam.strips().nonZeros() / (128.0 * 128)).isBetween(67.0, 70.0);
    }

    /** Each weight is the mean chord of the pixel over the bin, by rays cut with the pixel's four sides. */
    @ParameterizedTest
    @CsvSource({"5, 7", "4, 1", "3, 2", "1, 4"})
    void weightsAreMeanChords(int n, int angles) {
        ParallelBeam beam = ParallelBeam.of(n, angles);
        double[][] dense = dense(beam.strips());
        for (int i = 0; i < beam.beams(); i++) {
            for (int j = 0; j < n * n; j++) {
                double sum = 0;
                for (int ray = 0; ray < RAYS; ray++) {
                    double s = beam.offset(i % beam.bins()) + ((ray + 0.5) / RAYS - 0.5) * beam.spacing();
                    sum += chord(beam, beam.angle(i / beam.bins()), s, j);
                }
                // A jump, of a pixel met along its side, is met by a ray more or less.
                assertThat(dense[i][j]).isCloseTo(sum / RAYS, within(1.5 * beam.pixel() / RAYS));
            }
        }
    }

    /** The length of x cos θ + y sin θ = s in a pixel: Liang and Barsky's clipping. */
    private static double chord(ParallelBeam beam, double theta, double s, int j) {
        int row = j / beam.pixels();
        double left = -1 + j % beam.pixels() * beam.pixel();
        double top = 1 - row * beam.pixel();
        double[] from = {left, top - beam.pixel()};
        double[] to = {left + beam.pixel(), top};
        double[] point = {s * Math.cos(theta), s * Math.sin(theta)};
        double[] direction = {-Math.sin(theta), Math.cos(theta)};
        double enter = Double.NEGATIVE_INFINITY;
        double leave = Double.POSITIVE_INFINITY;
        for (int axis = 0; axis < 2; axis++) {
            double a = (from[axis] - point[axis]) / direction[axis];
            double b = (to[axis] - point[axis]) / direction[axis];
            enter = Math.max(enter, Math.min(a, b));
            leave = Math.min(leave, Math.max(a, b));
        }
        return Math.max(0, leave - enter);
    }

    /** Every angle sees the whole image: bins times their width add up to the integral. */
    @Test
    void everyAngleSeesAllOfTheImage() {
        ParallelBeam beam = ParallelBeam.of(16, 9);
        double[] x = Cases.normal(Cases.random(1), 256, 1);
        double integral = 0;
        for (double v : x) {
            integral += v * beam.pixel() * beam.pixel();
        }
        double[] d = beam.strips().multiply(x);
        for (int k = 0; k < 9; k++) {
            double sum = 0;
            for (int b = 0; b < beam.bins(); b++) {
                sum += d[k * beam.bins() + b] * beam.spacing();
            }
            assertThat(sum).isCloseTo(integral, within(ROUNDING));
        }
    }

    @Test
    void transposeIsTheAdjoint() {
        SparseMatrix a = ParallelBeam.of(128, 30).strips();
        SparseMatrix transposed = a.transpose();
        Cases.forSeeds(3, random -> {
            double[] x = Cases.normal(random, a.columns(), 1);
            double[] y = Cases.normal(random, a.rows(), 1);
            double left = dot(a.multiply(x), y);
            assertThat(dot(x, transposed.multiply(y))).isCloseTo(left, within(ADJOINT * Math.abs(left)));
            // Saboteur: one entry of some million, off by a thousandth.
            double[] spoilt = transposed.values().clone();
            spoilt[spoilt.length / 2] *= 1.001;
            SparseMatrix wrong =
                    new SparseMatrix(a.columns(), a.rows(), transposed.pointers(), transposed.indices(), spoilt);
            assertThat(Math.abs(dot(x, wrong.multiply(y)) - left)).isGreaterThan(ADJOINT * Math.abs(left));
        });
    }

    /**
     * A disc, each pixel with the part of its area that is inside, has the sinogram 2√(r² − s²) in the mean over each bin, up to
     * 0.6/n of its norm: the edge of the disc is smeared over pixels.
     */
    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128})
    void discHasItsSinogram(int n) {
        ParallelBeam beam = ParallelBeam.of(n, 30);
        SparseMatrix a = beam.strips();
        assertThat(discError(beam, a, 0.6, 0.6)).isBetween(0.3 / n, 0.6 / n);
        // Saboteur: a disc larger by half a pixel at n = 32.
        assertThat(discError(beam, a, 0.6, 0.63)).isGreaterThan(0.6 / n);
    }

    /** ‖A(disc of one radius) − closed form for another‖/‖closed form‖. */
    private static double discError(ParallelBeam beam, SparseMatrix a, double drawn, double radius) {
        double cx = 0.13;
        double cy = -0.21;
        int n = beam.pixels();
        int fine = 32;
        double[] x = new double[n * n];
        for (int j = 0; j < x.length; j++) {
            int inside = 0;
            int row = j / n;
            for (int p = 0; p < fine * fine; p++) {
                int down = p / fine;
                double px = (j % n + (p % fine + 0.5) / fine) * beam.pixel() - 1;
                double py = 1 - (row + (down + 0.5) / fine) * beam.pixel();
                inside += Math.hypot(px - cx, py - cy) < drawn ? 1 : 0;
            }
            x[j] = inside / (double) (fine * fine);
        }
        double[] d = a.multiply(x);
        double error = 0;
        double size = 0;
        for (int i = 0; i < d.length; i++) {
            double theta = beam.angle(i / beam.bins());
            double s = beam.offset(i % beam.bins()) - cx * Math.cos(theta) - cy * Math.sin(theta);
            double half = beam.spacing() / 2;
            double exact = (segment(s + half, radius) - segment(s - half, radius)) / beam.spacing();
            error += (d[i] - exact) * (d[i] - exact);
            size += exact * exact;
        }
        return Math.sqrt(error / size);
    }

    /** ∫ from −r to s of 2√(r² − t²). */
    private static double segment(double s, double r) {
        double t = Math.max(-r, Math.min(r, s));
        return t * Math.sqrt(r * r - t * t) + r * r * (Math.asin(t / r) + Math.PI / 2);
    }

    /** At a pixel's middle, of a sinogram that is linear in s, the sum over the angles of its value there. */
    @Test
    void interpolationIsExactOnLines() {
        ParallelBeam beam = ParallelBeam.of(9, 5);
        double[] q = new double[beam.beams()];
        for (int i = 0; i < q.length; i++) {
            q[i] = 2 + 3 * beam.offset(i % beam.bins());
        }
        double[] image = beam.interpolation().multiply(q);
        for (int j = 0; j < image.length; j++) {
            int row = j / 9;
            double x = (j % 9 + 0.5) * beam.pixel() - 1;
            double y = 1 - (row + 0.5) * beam.pixel();
            double expected = 0;
            for (int k = 0; k < 5; k++) {
                expected += 2 + 3 * (x * Math.cos(beam.angle(k)) + y * Math.sin(beam.angle(k)));
            }
            assertThat(image[j]).isCloseTo(expected, within(ROUNDING));
        }
    }

    /** A detector that is too short sees nothing beyond its ends. */
    @Test
    void shortDetectorCutsOff() {
        ParallelBeam narrow = new ParallelBeam(8, 4, 5, 0.4);
        ParallelBeam full = new ParallelBeam(8, 4, 15, 1.2);
        double[] x = Cases.normal(Cases.random(2), 64, 1);
        double[] cut = narrow.strips().multiply(x);
        double[] all = full.strips().multiply(x);
        for (int i = 0; i < cut.length; i++) {
            assertThat(cut[i]).isCloseTo(all[i / 5 * 15 + 5 + i % 5], within(ROUNDING));
        }
        assertThat(narrow.interpolation().rows()).isEqualTo(64);
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> ParallelBeam.of(0, 30)).hasMessage("ParallelBeam: need pixels >= 1, got 0");
        assertThatThrownBy(() -> ParallelBeam.of(8, 0))
                .hasMessage("ParallelBeam: need pixels, angles and bins >= 1, got 8, 0 and 13");
        assertThatThrownBy(() -> new ParallelBeam(8, 1, 3, Double.NaN))
                .hasMessage("ParallelBeam: need a finite reach > 0, got NaN");
    }

    private static double[][] dense(SparseMatrix a) {
        double[][] dense = new double[a.rows()][a.columns()];
        for (int i = 0; i < a.rows(); i++) {
            for (int t = a.pointers()[i]; t < a.pointers()[i + 1]; t++) {
                dense[i][a.indices()[t]] = a.values()[t];
            }
        }
        return dense;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
