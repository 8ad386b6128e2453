package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.operator.PowerIteration;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Scanner}, {@link Scans} and {@link TomographyData}. */
class ScansTest {
    private static final int N = 32;
    private final Scanner scanner = new Scanner(ParallelBeam.of(N, 30));

    @Test
    void unitMakesTheNormOne() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(new double[N * N], 1, N * N);
            double norm = new PowerIteration(300, 1e-10)
                    .estimate(scanner.operator(), x, new Rows(x), random(1))
                    .atLeast()[0];
            assertThat(norm).isBetween(0.999, 1 + 1e-9);
            assertThat(scanner.operator().norm().orElseThrow()).isBetween(norm - 1e-9, 1 + 1e-9);
        }
    }

    @Test
    void errorsAreRelativeToTheBeam() {
        float[] image = Ellipse.draw(Ellipse.sheppLogan(), N);
        float[] exact = scanner.measure(image, 0, random(1)).d();
        double squares = 0;
        int seen = 0;
        double off = 0;
        Scanner.Measurement noisy = scanner.measure(image, 0.015, random(1));
        for (int i = 0; i < exact.length; i++) {
            double error = noisy.d()[i] - exact[i];
            off += error * error;
            if (exact[i] == 0) {
                assertThat(noisy.d()[i]).isZero();
            } else {
                squares += error * error / exact[i] / exact[i];
                seen++;
            }
        }
        // Some 800 squares of normal numbers: their mean is within 0.15 of one.
        assertThat(squares / seen / (0.015 * 0.015)).isCloseTo(1, within(0.15));
        assertThat(noisy.noise()).isCloseTo(Math.sqrt(off), within(1e-5 * noisy.noise()));
        assertThatThrownBy(() -> scanner.measure(new float[9], 0, random(1)))
                .hasMessage("Scanner: need an image of 32 x 32 pixels, got 9 in all");
        assertThatThrownBy(() -> scanner.measure(image, -1, random(1)))
                .hasMessage("Scanner: need finite noise >= 0, got -1.0");
    }

    /** The unit of the data is that of the inverse. */
    @Test
    void reconstructsWhatItMeasured() {
        Scanner dense = new Scanner(ParallelBeam.of(N, 120));
        float[] image = Ellipse.draw(List.of(new Ellipse(0.7, 0.5, 0.4, 0.1, 0, 0.3)), N);
        try (TensorScope scope = TensorScope.open()) {
            Tensor d =
                    Tensors.of(new float[][] {dense.measure(image, 0, random(1)).d()});
            float[] back = Tensors.floats(dense.reconstruct(d, RampFilter.RAMP));
            assertThat(Similarity.psnr(image, back)).isGreaterThan(28);
        }
    }

    @Test
    void rowsDoNotDependOnOneAnother() {
        float[] a = Ellipse.draw(Ellipse.random(random(1)), N);
        float[] b = Ellipse.draw(Ellipse.random(random(2)), N);
        float[][] two = Tensors.rows(Scans.of(scanner, List.of(a, b), 0.1, 5).data());
        float[][] one = Tensors.rows(Scans.of(scanner, List.of(a), 0.1, 5).data());
        float[][] other = Tensors.rows(Scans.of(scanner, List.of(a), 0.1, 6).data());
        assertThat(one[0]).isEqualTo(two[0]);
        assertThat(other[0]).isNotEqualTo(one[0]);
        assertThat(Scans.of(scanner, List.of(), 0.1, 6).size()).isZero();
    }

    @Test
    void dataAreAFunctionOfTheSeed(@TempDir Path folder) {
        ChestSlices slices = ChestData.standIn(folder);
        TomographyData data = TomographyData.of(new TomographyData.Options(16, 10, 0.015, 7, 1), slices);
        assertThat(data.train().size()).isEqualTo(7);
        assertThat(data.validate().size()).isEqualTo(4);
        assertThat(data.test().size()).isEqualTo(10);
        assertThat(data.test().images().shape()).containsExactly(10, 256);
        assertThat(data.test().data().shape())
                .containsExactly(10, 10L * ParallelBeam.of(16, 10).bins());
        TomographyData again = TomographyData.of(new TomographyData.Options(16, 10, 0.015, 7, 1), slices);
        TomographyData other = TomographyData.of(new TomographyData.Options(16, 10, 0.015, 7, 2), slices);
        assertThat(Tensors.floats(again.train().data()))
                .isEqualTo(Tensors.floats(data.train().data()));
        assertThat(Tensors.floats(other.train().data()))
                .isNotEqualTo(Tensors.floats(data.train().data()));
        TomographyData more = TomographyData.of(new TomographyData.Options(16, 10, 0.015, 9, 1), slices);
        assertThat(Tensors.floats(more.test().data()))
                .isEqualTo(Tensors.floats(data.test().data()));
        assertThat(Tensors.rows(more.train().data())[6])
                .isEqualTo(Tensors.rows(data.train().data())[6]);
        assertThat(Tensors.rows(data.test().images())[0])
                .isEqualTo(slices.reduced(data.parts().test()[0], 16));
        assertThat(Arrays.stream(data.test().noise()).allMatch(v -> v > 0)).isTrue();
        assertThatThrownBy(() -> new TomographyData.Options(100, 30, 0, 1, 0))
                .hasMessage("TomographyData: need pixels >= 8 that divide 256, got 100");
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
