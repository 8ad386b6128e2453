package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    /** Of doubles of the order of one. */
    private static final double ROUNDING = 1e-12;

    @Test
    void medianOfOddEvenAndNone() {
        assertThat(Statistics.median(3, 1, 2)).isEqualTo(2);
        assertThat(Statistics.median(4, 1, 2, 3)).isEqualTo(2.5);
        assertThat(Statistics.median()).isNaN();
        assertThat(Statistics.median(1, Double.NaN, 2)).isNaN();
    }

    @Test
    void meanAndDeviation() {
        assertThat(Statistics.mean(1, 2, 6)).isEqualTo(3);
        // ((−2)² + (−1)² + 3²)/2 = 7.
        assertThat(Statistics.deviation(1, 2, 6)).isCloseTo(Math.sqrt(7), within(ROUNDING));
        assertThat(Statistics.deviation(1)).isNaN();
    }

    @Test
    void slopeOfALineAndOfPointsAroundOne() {
        assertThat(Statistics.slope(new double[] {1, 2, 10}, new double[] {5, 8, 32}))
                .isCloseTo(3, within(ROUNDING));
        // Σ(x − 1)(y − ȳ)/Σ(x − 1)² = (−1·0 + 0·6 + 1·3)/2.
        assertThat(Statistics.slope(new double[] {0, 1, 2}, new double[] {0, 6, 3}))
                .isCloseTo(1.5, within(ROUNDING));
        assertThat(Statistics.slope(new double[] {2, 2}, new double[] {0, 6})).isNaN();
    }
}
