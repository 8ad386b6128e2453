package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.kernel.ParallelBeam;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** {@link Ellipse}: the drawing's data are those of the formula, so that place, turn and brightness agree. */
class EllipseTest {
    private static final int N = 64;
    /** Relative, of an image of pixels against lines through edges that are sharp: a pixel over the thinnest part's width. */
    private static final double DISCRETISATION = 0.1;

    @Test
    void drawingHasTheFormulasSinogram() {
        List<Ellipse> one = List.of(new Ellipse(0.8, 0.5, 0.2, 0.2, -0.3, 0.5));
        assertThat(difference(Ellipse.draw(one, N), one)).isLessThan(DISCRETISATION);
        assertThat(difference(Ellipse.draw(Ellipse.sheppLogan(), N), Ellipse.sheppLogan()))
                .isLessThan(DISCRETISATION);
        // Saboteur: turned the other way.
        List<Ellipse> other = List.of(new Ellipse(0.8, 0.5, 0.2, 0.2, -0.3, -0.5));
        assertThat(difference(Ellipse.draw(one, N), other)).isGreaterThan(3 * DISCRETISATION);
    }

    private static double difference(float[] image, List<Ellipse> ellipses) {
        ParallelBeam beam = ParallelBeam.of(N, 12);
        double[] x = new double[image.length];
        for (int j = 0; j < x.length; j++) {
            x[j] = image[j];
        }
        double[] d = beam.strips().multiply(x);
        double[] exact = Ellipse.sinogram(ellipses, beam);
        double error = 0;
        double size = 0;
        for (int i = 0; i < d.length; i++) {
            error += (d[i] - exact[i]) * (d[i] - exact[i]);
            size += exact[i] * exact[i];
        }
        return Math.sqrt(error / size);
    }

    /** The known look: skull 1, brain 0.2, ventricles 0, tumours 0.3 or 0.4. */
    @Test
    void sheppLoganHasItsBrightness() {
        float[] image = Ellipse.draw(Ellipse.sheppLogan(), 128);
        assertThat(image[0]).isZero();
        assertThat(image[64 * 128 + 20]).as("skull").isEqualTo(1f);
        assertThat((double) image[64 * 128 + 30]).as("brain").isCloseTo(0.2, within(1e-6));
        assertThat((double) image[64 * 128 + 78]).as("ventricle").isZero();
        assertThat((double) image[42 * 128 + 64]).isCloseTo(0.3, within(1e-6));
    }

    @Test
    void randomOnesAreAFunctionOfTheSeed() {
        float[] first = Ellipse.draw(
                Ellipse.random(RandomGeneratorFactory.of("L64X128MixRandom").create(3)), 32);
        float[] again = Ellipse.draw(
                Ellipse.random(RandomGeneratorFactory.of("L64X128MixRandom").create(3)), 32);
        float[] other = Ellipse.draw(
                Ellipse.random(RandomGeneratorFactory.of("L64X128MixRandom").create(4)), 32);
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        for (float v : first) {
            assertThat(v).isBetween(0f, 1f);
        }
    }

    @Test
    void halfAxesAreChecked() {
        assertThatThrownBy(() -> new Ellipse(1, 0, 1, 0, 0, 0))
                .hasMessage("Ellipse: need half-axes > 0, got 0.0 and 1.0");
    }
}
