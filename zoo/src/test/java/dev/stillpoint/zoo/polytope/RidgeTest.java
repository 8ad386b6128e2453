package dev.stillpoint.zoo.polytope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RidgeTest {
    /** Single numbers in and out. */
    private static final float ROUNDING = 1e-4f;

    private static final double[] PENALTIES = {1e-6, 1e-2, 1, 100};

    /** The gradient of the penalised squares is 0 at the minimum, by differences of the objective itself. */
    @Test
    void isWhereThePenalisedSquaresAreLeast() {
        Random random = new Random(1);
        float[][] x = normal(random, 40, 5);
        float[][] y = normal(random, 40, 3);
        double penalty = 0.3;
        Ridge ridge = Ridge.fit(x, y, penalty);
        float[] zero = ridge.predict(new float[5]);
        double[][] w = new double[3][5];
        for (int j = 0; j < 5; j++) {
            float[] unit = new float[5];
            unit[j] = 1;
            float[] one = ridge.predict(unit);
            for (int e = 0; e < 3; e++) {
                w[e][j] = one[e] - zero[e];
            }
        }
        for (int e = 0; e < 3; e++) {
            double intercept = 0;
            double[] slope = new double[5];
            for (int i = 0; i < x.length; i++) {
                double miss = zero[e] - y[i][e];
                for (int j = 0; j < 5; j++) {
                    miss += w[e][j] * x[i][j];
                }
                intercept += miss / x.length;
                for (int j = 0; j < 5; j++) {
                    slope[j] += miss * x[i][j] / x.length;
                }
            }
            assertThat(intercept).isCloseTo(0, within((double) ROUNDING));
            for (int j = 0; j < 5; j++) {
                assertThat(slope[j] + penalty * w[e][j]).isCloseTo(0, within((double) ROUNDING));
                // The condition is one of the penalty: without its term it fails.
                assertThat(Math.abs(w[e][j])).isGreaterThan(ROUNDING);
            }
        }
    }

    @Test
    void thePenaltyIsThatOfTheLaterRows() {
        Random random = new Random(2);
        float[][] x = normal(random, 120, 20);
        float[][] clean = new float[120][1];
        float[][] noise = normal(random, 120, 1);
        for (int i = 0; i < 120; i++) {
            clean[i][0] = 3 * x[i][0] - x[i][7] + 2;
        }
        assertThat(Ridge.penalty(x, clean, PENALTIES, 4)).isEqualTo(PENALTIES[0]);
        assertThat(Ridge.penalty(x, noise, PENALTIES, 4)).isEqualTo(PENALTIES[3]);
        assertThat(Ridge.fit(x, clean, PENALTIES[0]).predict(x[5])[0]).isCloseTo(clean[5][0], within(0.01f));
    }

    @Test
    void dependentInputsAreNoTrouble() {
        float[][] x = {{1, 0}, {0, 1}, {1, 0}, {0, 1}};
        float[][] y = {{4}, {2}, {4}, {2}};
        assertThat(Ridge.fit(x, y, 1e-6).predict(x[0])[0]).isCloseTo(4, within(0.01f));
    }

    @Test
    void refusesWhatItCannotFit() {
        float[][] x = {{1}, {Float.NaN}};
        float[][] y = {{1}, {2}};
        assertThatThrownBy(() -> Ridge.fit(x, y, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Ridge x: need finite numbers, got NaN in row 1");
        assertThatThrownBy(() -> Ridge.fit(y, y, 0)).hasMessage("Ridge: need a finite penalty > 0, got 0.0");
        assertThatThrownBy(() -> Ridge.fit(y, new float[1][1], 1)).hasMessageContaining("got 2 and 1");
        assertThatThrownBy(() -> Ridge.penalty(y, y, PENALTIES, 2)).hasMessageContaining("2 folds of 2 rows");
        assertThatThrownBy(() -> Ridge.fit(y, y, 1).predict(new float[2])).hasMessage("Ridge: need [1], got [2]");
    }

    private static float[][] normal(Random random, int rows, int columns) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return values;
    }
}
