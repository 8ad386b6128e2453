package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearestContextTest {
    /** Sums of a few numbers in double precision. */
    private static final double ROUNDING = 1e-12;

    /** The features are stored in float. */
    private static final double FLOAT = 1e-5;

    /** Standard deviations 1 and 3, by hand. */
    private static final NearestContext SQUARE = new NearestContext(new float[][] {{0, 0}, {2, 0}, {0, 6}, {2, 6}});

    @Test
    void handValues() {
        assertThat(SQUARE.distance(new float[] {0, 0})).isZero();
        assertThat(SQUARE.distance(new float[] {2, 6})).isZero();
        assertThat(SQUARE.distance(new float[] {1, 0})).isEqualTo(1, within(ROUNDING));
        assertThat(SQUARE.distance(new float[] {0, 3})).isEqualTo(1, within(ROUNDING));
        assertThat(SQUARE.distance(new float[] {1, 3})).isEqualTo(Math.sqrt(2), within(ROUNDING));
        // Three and four standard deviations beyond the corner (2, 6).
        assertThat(SQUARE.distance(new float[] {5, 18})).isEqualTo(5, within(ROUNDING));
        assertThat(SQUARE.distance(new float[] {-3, -12})).isEqualTo(5, within(ROUNDING));
    }

    @Test
    void theNearestOfManyAndNotTheUnits() {
        Cases.forSeeds(5, random -> {
            float[][] contexts = new float[40][3];
            float[][] otherUnits = new float[40][3];
            float[] units = {1e-4f, 1, 1e5f};
            for (int i = 0; i < contexts.length; i++) {
                for (int j = 0; j < 3; j++) {
                    contexts[i][j] = (float) random.nextGaussian();
                    otherUnits[i][j] = contexts[i][j] * units[j];
                }
            }
            NearestContext nearest = new NearestContext(contexts);
            float[] query = {(float) random.nextGaussian(), 0.5f, -1};
            double[] deviation = new double[3];
            for (int j = 0; j < 3; j++) {
                double mean = 0;
                double square = 0;
                for (float[] row : contexts) {
                    mean += row[j];
                    square += (double) row[j] * row[j];
                }
                deviation[j] = Math.sqrt(square / 40 - mean / 40 * mean / 40);
            }
            double expected = Double.POSITIVE_INFINITY;
            for (float[] row : contexts) {
                double a = (query[0] - row[0]) / deviation[0];
                double b = (query[1] - row[1]) / deviation[1];
                double c = (query[2] - row[2]) / deviation[2];
                expected = Math.min(expected, Math.sqrt(a * a + b * b + c * c));
            }
            assertThat(nearest.distance(query)).isEqualTo(expected, within(FLOAT * (1 + expected)));
            float[] scaled = {query[0] * units[0], query[1] * units[1], query[2] * units[2]};
            assertThat(new NearestContext(otherUnits).distance(scaled))
                    .isEqualTo(expected, within(FLOAT * (1 + expected)));
        });
    }

    @Test
    void aConstantFeatureIsFarAwayOnceItChanges() {
        NearestContext nearest = new NearestContext(new float[][] {{0, 4}, {2, 4}});
        assertThat(nearest.distance(new float[] {1, 4})).isEqualTo(1, within(ROUNDING));
        assertThat(nearest.distance(new float[] {0, 4.5f})).isGreaterThan(1e5);
        assertThat(new NearestContext(new float[][] {{3}}).distance(new float[] {3}))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void nanAndInfinity(int feature) {
        float[] query = {1, 1};
        query[feature] = Float.NaN;
        assertThat(SQUARE.distance(query)).isNaN();
        query[feature] = Float.POSITIVE_INFINITY;
        assertThat(SQUARE.distance(query)).isEqualTo(Double.POSITIVE_INFINITY);
        query[1 - feature] = Float.NaN;
        assertThat(SQUARE.distance(query)).isNaN();
    }

    @Test
    void refusesNoneAndOtherLengths() {
        assertThatThrownBy(() -> new NearestContext(new float[0][]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NearestContext: need at least one training context, got none");
        assertThatThrownBy(() -> new NearestContext(new float[][] {{1, 2}, {1}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NearestContext: need 2 features in every context, got 1");
        assertThatThrownBy(() -> SQUARE.distance(new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NearestContext: need 2 features, got 3");
    }
}
