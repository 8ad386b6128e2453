package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileTest {
    /** 1 to 100, from the largest: the rank of k is (k − 1)/100. */
    private static double[] hundred() {
        double[] values = new double[100];
        Arrays.setAll(values, i -> 100 - i);
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "-Infinity, 0, PASS",
        "1, 0, PASS",
        "1.5, 0.01, PASS",
        "95, 0.94, PASS",
        "95.5, 0.95, WARNING",
        "96, 0.95, WARNING",
        "99, 0.98, WARNING",
        "99.5, 0.99, FAIL",
        "100, 0.99, FAIL",
        "101, 1, FAIL",
        "Infinity, 1, FAIL",
        "NaN, 1, FAIL"
    })
    void labelsAtTheBoundaries(double value, double rank, Label label) {
        Quantile quantile = Quantile.of("residual", hundred());
        assertThat(quantile.rank(value)).isEqualTo(rank);
        assertThat(quantile.label(value)).isEqualTo(label);
    }

    /** With P(A ≤ α) in place of P(A < α) the usual value would fail. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_000})
    void aValueEqualToAllOthersPasses(int count) {
        double[] values = new double[count];
        Arrays.fill(values, 3);
        Quantile quantile = Quantile.of("residual", values);
        assertThat(quantile.label(3)).isEqualTo(Label.PASS);
        assertThat(quantile.label(Math.nextDown(3))).isEqualTo(Label.PASS);
        assertThat(quantile.label(Math.nextUp(3))).isEqualTo(Label.FAIL);
    }

    @Test
    void nanFailsEvenWhereAllElsePasses() {
        Quantile lax = new Quantile("residual", hundred(), 1, 1);
        assertThat(lax.label(100)).isEqualTo(Label.PASS);
        assertThat(lax.label(Double.NaN)).isEqualTo(Label.FAIL);
        assertThat(lax.label(100.5)).isEqualTo(Label.FAIL);
    }

    @Test
    void rankIsTheShareOfSmallerValues() {
        Cases.forSeeds(20, random -> {
            double[] values = new double[1 + random.nextInt(40)];
            Arrays.setAll(values, i -> random.nextInt(10));
            Quantile quantile = Quantile.of("residual", values);
            for (double value = -1; value <= 10.5; value += 0.5) {
                int smaller = 0;
                for (double v : values) {
                    smaller += v < value ? 1 : 0;
                }
                assertThat(quantile.rank(value)).isEqualTo(smaller / (double) values.length);
            }
        });
    }

    @Test
    void keepsACopyOfItsValues() {
        double[] values = {3, 1, 2};
        Quantile quantile = Quantile.of("residual", values);
        assertThat(values).containsExactly(3, 1, 2);
        values[0] = -100;
        assertThat(quantile.calibration()).containsExactly(1, 2, 3);
    }

    @Test
    void refusesValuesThatAreNoNumbers() {
        for (double[] values : new double[][] {
            {}, {1, Double.NaN}, {Double.POSITIVE_INFINITY, 1}, {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}
        }) {
            assertThatThrownBy(() -> Quantile.of("residual", values))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Quantile: need at least one calibration value, all finite, got " + values.length
                            + " for 'residual'");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "-0.1, 0.5", "0.6, 0.5", "0.5, 1.1", "NaN, 0.5", "0.5, NaN"})
    void refusesOtherShares(double pass, double fail) {
        assertThatThrownBy(() -> new Quantile("residual", hundred(), pass, fail))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Quantile: need 0 < pass <= fail <= 1, got pass " + pass + ", fail " + fail);
    }
}
