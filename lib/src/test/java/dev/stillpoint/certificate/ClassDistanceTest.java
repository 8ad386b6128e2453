package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassDistanceTest {
    private static final int ROWS = 40_000;
    /** Means and covariance of so many draws are known to some 1/√ROWS, distances of a few units to a few times that. */
    private static final double SAMPLING = 0.05;

    @Test
    void isTheDistanceInUnitsOfTheSpreadWithinClasses() {
        Random random = new Random(4);
        float[][] x = new float[ROWS][];
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            y[i] = i % 2;
            double u = random.nextGaussian();
            double v = random.nextGaussian();
            // Spread 2 along (1, 1)/√2 and 0.5 across; the classes 100 apart.
            x[i] = point(y[i], 2 * u, 0.5 * v);
        }
        ClassDistance distance = ClassDistance.fit(x, y, 2);
        assertThat(distance.distance(point(0, 4, 0))).isCloseTo(2, within(SAMPLING));
        assertThat(distance.distance(point(1, 4, 0))).isCloseTo(2, within(SAMPLING));
        assertThat(distance.distance(point(1, 0, 2))).isCloseTo(4, within(SAMPLING));
        assertThat(distance.distance(point(0, 6, -2))).isCloseTo(5, within(SAMPLING));
        assertThat(distance.distance(new float[] {50, 50})).isGreaterThan(20);
        assertThat(distance.distance(new float[] {Float.NaN, 0})).isNaN();
        ClassDistance again = ClassDistance.of(distance.means(), distance.factor());
        assertThat(again.distance(new float[] {3, 9})).isEqualTo(distance.distance(new float[] {3, 9}));
    }

    @Test
    void constantFeaturesAreNoTrouble() {
        float[][] x = {{1, 7}, {2, 7}, {5, 7}, {6, 7}};
        ClassDistance distance = ClassDistance.fit(x, new int[] {0, 0, 1, 1}, 2);
        // Within the classes the first feature has variance 1/4.
        assertThat(distance.distance(new float[] {1, 7})).isCloseTo(1, within(1e-3));
        assertThat(distance.distance(new float[] {1.5f, 8})).isGreaterThan(100);
        ClassDistance point = ClassDistance.fit(new float[][] {{3}}, new int[] {0}, 1);
        assertThat(point.distance(new float[] {3})).isZero();
        assertThat(point.distance(new float[] {5})).isEqualTo(2);
    }

    @Test
    void refusals() {
        float[][] x = {{1, 7}, {2, 7}};
        assertThatThrownBy(() -> ClassDistance.fit(x, new int[] {0, 2}, 2))
                .hasMessage("ClassDistance: need labels from 0 to 1, got 2 in row 1");
        assertThatThrownBy(() -> ClassDistance.fit(x, new int[] {0, 0}, 2))
                .hasMessage("ClassDistance: need every class to occur, got none of class 1");
        assertThatThrownBy(() -> ClassDistance.fit(x, new int[] {0}, 1))
                .hasMessage("ClassDistance: need as many labels as rows of features, at least one, got 1 and 2");
        assertThatThrownBy(() -> ClassDistance.fit(x, new int[] {0, 0}, 1).distance(new float[3]))
                .hasMessage("ClassDistance: need 2 features, got 3");
        assertThatThrownBy(() -> ClassDistance.fit(new float[][] {{Float.NaN}}, new int[] {0}, 1))
                .hasMessage("ClassDistance: need finite features, got others");
        assertThatThrownBy(() -> ClassDistance.of(new double[][] {{1}}, new double[][] {{0}}))
                .hasMessage("ClassDistance: need a factor with a positive diagonal, got 0.0 in row 0");
    }

    private static float[] point(int label, double along, double across) {
        double r = Math.sqrt(0.5);
        return new float[] {(float) (100 * label + r * (along - across)), (float) (r * (along + across))};
    }
}
