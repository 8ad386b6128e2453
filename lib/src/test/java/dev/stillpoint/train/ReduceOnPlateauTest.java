package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against sequences worked by hand from PyTorch's rule: a bad epoch more than patience multiplies the rate, and counting begins anew. */
class ReduceOnPlateauTest {
    /** A product of a few factors, rounded. */
    private static final double ROUNDING = 1e-15;

    private static double[] rates(ReduceOnPlateau schedule, double rate, double... metrics) {
        double[] rates = new double[metrics.length];
        for (int i = 0; i < metrics.length; i++) {
            rate = schedule.next(rate, metrics[i]);
            rates[i] = rate;
        }
        return rates;
    }

    @Test
    void patienceIsLetPassThenTheRateIsCutAndTheCountBeginsAnew() {
        ReduceOnPlateau schedule = new ReduceOnPlateau(new ReduceOnPlateau.Options(0.5, 2, 0));
        // best:                    5  4  4  4  4     4  4  4    3  3  3  3
        // bad epochs:              0  0  1  2  3->0  1  2  3->0 0  1  2  3->0
        double[] rates = rates(schedule, 8, 5, 4, 4, 6, 5, 4, 4.5, 4, 3, 3, 3, 3);
        assertThat(rates).containsExactly(8, 8, 8, 8, 4, 4, 4, 2, 2, 2, 2, 1);
    }

    @Test
    void noPatienceCutsAtEveryBadEpoch() {
        ReduceOnPlateau schedule = new ReduceOnPlateau(new ReduceOnPlateau.Options(0.1, 0, 0));
        assertThat(rates(schedule, 1, 2, 2, 1, 3, 0.5))
                .containsExactly(new double[] {1, 0.1, 0.1, 0.01, 0.01}, within(ROUNDING));
    }

    /** Better means below (1 − threshold)·best, where best is what last counted as better. */
    @Test
    void smallGainsDoNotCount() {
        ReduceOnPlateau schedule = new ReduceOnPlateau(new ReduceOnPlateau.Options(0.5, 1, 0.1));
        // 95 and 90 are not below 90; 89 is, and then 80.2 is not below 80.1.
        assertThat(rates(schedule, 1, 100, 95, 90)).containsExactly(1, 1, 0.5);
        assertThat(rates(schedule, 0.5, 89, 80.2, 80)).containsExactly(0.5, 0.5, 0.5);
        // After 80 the bar is 72, which is not below itself.
        assertThat(rates(schedule, 0.5, 72, 72)).containsExactly(0.5, 0.25);
    }

    @Test
    void nanIsNoImprovementAndIsNotRemembered() {
        ReduceOnPlateau schedule = new ReduceOnPlateau(new ReduceOnPlateau.Options(0.5, 1, 0));
        assertThat(rates(schedule, 1, Double.NaN, 5, Double.NaN, Double.NaN, 4)).containsExactly(1, 1, 1, 0.5, 0.5);
        assertThat(rates(schedule, 0.5, Double.POSITIVE_INFINITY, 3)).containsExactly(0.5, 0.5);
    }

    @Test
    void zeroAndNegativeMetricsAsInPyTorch() {
        ReduceOnPlateau schedule = new ReduceOnPlateau(new ReduceOnPlateau.Options(0.5, 0, 0.1));
        // Of a negative best the bar −10·(1 − 0.1) = −9 is above it: −9.5 counts as better.
        assertThat(rates(schedule, 1, 0, -10, -9.5, -8)).containsExactly(1, 1, 1, 0.5);
    }

    @Test
    void aConstantScheduleAndTheDefaults() {
        assertThat(rates(new ReduceOnPlateau(ReduceOnPlateau.Options.constant()), 0.3, 1, 1, 2, Double.NaN))
                .containsExactly(0.3, 0.3, 0.3, 0.3);
        assertThat(ReduceOnPlateau.Options.standard()).isEqualTo(new ReduceOnPlateau.Options(0.1, 10, 1e-4));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0",
        "-0.5, 1, 0",
        "1.01, 1, 0",
        "NaN, 1, 0",
        "0.5, -1, 0",
        "0.5, 1, -0.1",
        "0.5, 1, 1",
        "0.5, 1, NaN"
    })
    void refusesOtherOptions(double factor, int patience, double threshold) {
        assertThatThrownBy(() -> new ReduceOnPlateau.Options(factor, patience, threshold))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ReduceOnPlateau: need factor in (0, 1], patience >= 0, threshold in [0, 1), got " + factor
                        + ", " + patience + ", " + threshold);
    }
}
