package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.RandomState;
import dev.stillpoint.zoo.polytope.LeastSquares;
import java.util.Arrays;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastSquaresTest {
    /** The published numbers are rounded: half a unit of their last digit. */
    private static final double FOUR_DIGITS = 0.5e-4;

    private static final double THREE_DIGITS = 0.5e-3;
    private static final float FLOAT_ROUNDING = 1e-5f;

    /** Reference numbers of the published data: all 1,400 rows; two-stage trained on the first 1,000. */
    @ParameterizedTest
    @CsvSource({
        "5,  .0665, .386, .0891, .474",
        "10, .0807, .129, .1104, .574",
        "15, .0784, .061, .1032, .608",
        "20, .0829, .034, .1050, .681"
    })
    void publishedFloorsAreReproduced(int k, double floor, double accuracy, double twoStage, double mean) {
        PathGenerator generator = PathGenerator.published(k);
        PathData data = generator.generate();
        Regret best = Regret.ofCosts(generator.noiseFreeCosts(range(0, 1400)), data);
        assertThat(best.normalised()).isCloseTo(floor, within(FOUR_DIGITS));
        assertThat(best.accuracy()).isCloseTo(accuracy, within(THREE_DIGITS));
        assertThat(twoStage(data, range(0, 1000), range(1000, 1400))).isCloseTo(twoStage, within(FOUR_DIGITS));
        float[][] nothing = new float[data.size()][0];
        float[][] constant = LeastSquares.fit(nothing, data.costs()).predict(nothing);
        assertThat(Regret.ofCosts(constant, data).normalised()).isCloseTo(mean, within(THREE_DIGITS));
    }

    /** PyEPO's notebook 03: 2,000 rows of seed 42, the first 1,000 of numpy's permutation test. */
    @Test
    void floorsOfPyEposNotebookAreReproduced() {
        PathGenerator generator = PathGenerator.published(5).withRows(2000).withSeed(42);
        PathData data = generator.generate();
        int[] order = new RandomState(42).permutation(2000);
        int[] test = Arrays.copyOf(order, 1000);
        float[][] clean = generator.noiseFreeCosts(test);
        assertThat(Regret.ofCosts(clean, data.select(test)).normalised()).isCloseTo(.0585, within(FOUR_DIGITS));
        assertThat(twoStage(data, Arrays.copyOfRange(order, 1000, 2000), test)).isCloseTo(.0858, within(FOUR_DIGITS));
    }

    @Test
    void anAffineMapIsRecovered() {
        RandomState random = new RandomState(2);
        float[][] x = new float[20][3];
        float[][] y = new float[20][2];
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 3; j++) {
                x[i][j] = (float) random.normal();
            }
            y[i][0] = 1 + 2 * x[i][0] - 3 * x[i][2];
            y[i][1] = -4 + x[i][1];
        }
        float[][] predicted = LeastSquares.fit(x, y).predict(new float[][] {{0, 0, 0}, {1, 0, 0}, {0, 1, 1}});
        float[][] expected = {{1, -4}, {3, -4}, {-2, -3}};
        for (int i = 0; i < 3; i++) {
            assertThat(predicted[i]).containsExactly(expected[i], within(FLOAT_ROUNDING));
        }
    }

    @Test
    void theResidualIsOrthogonalToTheInputs() {
        PathData data = PathGenerator.published(5).withRows(100).generate();
        float[][] predicted = LeastSquares.fit(data.contexts(), data.costs()).predict(data.contexts());
        for (int e = 0; e < 40; e++) {
            double[] product = new double[6];
            for (int i = 0; i < 100; i++) {
                double residual = (double) data.costs()[i][e] - predicted[i][e];
                product[5] += residual;
                for (int j = 0; j < 5; j++) {
                    product[j] += residual * data.contexts()[i][j];
                }
            }
            assertThat(product).containsOnly(new double[6], within(1e-4));
        }
    }

    /** Repeated, since a least-squares driver may answer differently from call to call here. */
    @RepeatedTest(10)
    void dependentColumnsShareTheirWeight() {
        float[][] x = {{1, 1}, {2, 2}, {3, 3}};
        float[][] predicted = LeastSquares.fit(x, new float[][] {{2}, {4}, {6}}).predict(new float[][] {{1, 0}});
        assertThat(predicted[0]).containsExactly(new float[] {1}, within(FLOAT_ROUNDING));
    }

    @Test
    void smallColumnsCountAsMuchAsLargeOnes() {
        float[][] x = {{1e-6f, 1}, {2e-6f, 3}, {3e-6f, 2}, {5e-6f, 7}};
        float[][] predicted =
                LeastSquares.fit(x, new float[][] {{1}, {2}, {3}, {5}}).predict(new float[][] {{4e-6f, 9}});
        assertThat(predicted[0]).containsExactly(new float[] {4}, within(FLOAT_ROUNDING));
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> LeastSquares.fit(new float[0][], new float[0][]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LeastSquares: need as many inputs as outputs and at least one, got 0 and 0");
        assertThatThrownBy(() -> LeastSquares.fit(new float[][] {{1}, {1, 2}}, new float[2][1]))
                .hasMessage("LeastSquares x: need [1] in row 1, got [2]");
        assertThatThrownBy(() -> LeastSquares.fit(new float[1][1], new float[][] {{Float.NaN}}))
                .hasMessage("LeastSquares y: need finite numbers, got NaN in row 0");
        LeastSquares fitted = LeastSquares.fit(new float[2][3], new float[2][1]);
        assertThatThrownBy(() -> fitted.predict(new float[1][2])).hasMessage("predict x: need [3] in row 0, got [2]");
    }

    private static double twoStage(PathData data, int[] train, int[] test) {
        PathData known = data.select(train);
        PathData unseen = data.select(test);
        float[][] predicted = LeastSquares.fit(known.contexts(), known.costs()).predict(unseen.contexts());
        return Regret.ofCosts(predicted, unseen).normalised();
    }

    private static int[] range(int from, int to) {
        return AllPaths.range(from, to);
    }
}
