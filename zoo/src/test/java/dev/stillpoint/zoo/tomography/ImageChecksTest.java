package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ImageChecksTest {
    private static final int N = 16;
    private static final double NOISE = 0.015;

    private final Scanner scanner = new Scanner(ParallelBeam.of(N, 8));
    private final ConstrainedNetwork model = new ConstrainedNetwork(
            scanner,
            ConstrainedNetwork.Options.small(),
            RandomGeneratorFactory.of("L64X128MixRandom").create(1));

    @Test
    void valuesAreWhatTheySay() {
        float[] flat = new float[N * N];
        Arrays.fill(flat, 0.5f);
        float[] bright = flat.clone();
        bright[3] = 1.25f;
        bright[7] = -1;
        assertThat(ImageChecks.outside(flat)).isZero();
        assertThat(ImageChecks.outside(bright)).isCloseTo(Math.hypot(0.25, 1), within(1e-7));
        float[] lost = flat.clone();
        lost[9] = Float.NaN;
        assertThat(ImageChecks.outside(lost)).isNaN();
        assertThat(ImageChecks.roughness(flat, N)).isZero();
        assertThat(ImageChecks.roughness(new float[N * N], N)).isZero();
        float[] step = new float[N * N];
        for (int i = 0; i < step.length; i++) {
            step[i] = i % N < N / 2 ? 0 : 1;
        }
        // A step a row, over half of the pixels.
        assertThat(ImageChecks.roughness(step, N)).isCloseTo(N / (N * N / 2.0), within(1e-12));
    }

    /** A noisy image is told from those that the thresholds are of by each of its properties; the truth passes. */
    @Test
    void thresholdsTellANoisyImage() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        float[] truth = Ellipse.draw(List.of(new Ellipse(0.8, 0.6, 0.4, 0.1, 0, 0.4)), N);
        float[] noisy = truth.clone();
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] += (float) (0.2 * random.nextGaussian());
        }
        float[] lost = truth.clone();
        lost[0] = Float.NaN;
        Scans scans = Scans.of(scanner, List.of(truth, truth, truth), NOISE, 2);
        ImageChecks checks = new ImageChecks(scanner, Optional.of(model));
        try (TensorScope scope = TensorScope.open()) {
            double[][] values =
                    checks.values(new float[][] {truth, noisy, lost}, scans.data(), new double[] {0.3, 2, Double.NaN});
            Certificates certificates = checks.calibrated(new double[][] {values[0], values[2]}, 1.2 * NOISE);
            assertThat(certificates.checks()).extracting(check -> check.name()).isEqualTo(ImageChecks.names(true));
            assertThat(certificates.checks().get(2))
                    .isInstanceOfSatisfying(Quantile.class, quantile -> assertThat(quantile.calibration())
                            .containsExactly(values[0][2]));
            assertThat(certificates.checks().get(1))
                    .isEqualTo(new HardLimit(ImageChecks.FIDELITY, ImageChecks.KEPT * 1.2 * NOISE));
            List<List<Certificate>> labels = checks.judge(
                    new float[][] {truth, noisy, lost}, scans.data(), new double[] {0.3, 2, Double.NaN}, certificates);
            assertThat(labels.get(0)).extracting(Certificate::label).containsOnly(Label.PASS);
            assertThat(labels.get(1)).extracting(Certificate::label).containsOnly(Label.FAIL);
            assertThat(labels.get(2)).extracting(Certificate::label).containsOnly(Label.FAIL);
        }
        assertThat(ImageChecks.names(false)).doesNotContain(ImageChecks.REGULARISER);
    }
}
