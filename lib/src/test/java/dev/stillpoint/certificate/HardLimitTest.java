package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HardLimitTest {
    private static final HardLimit LIMIT = new HardLimit("constraints", 1e-4);

    @ParameterizedTest
    @ValueSource(doubles = {1e-4, 0, -0.0, -1, Double.MIN_VALUE, Double.NEGATIVE_INFINITY})
    void passesUpToTheTolerance(double value) {
        assertThat(LIMIT.label(value)).isEqualTo(Label.PASS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.0000000000000002e-4, 1, Double.POSITIVE_INFINITY, Double.NaN})
    void failsAbove(double value) {
        assertThat(LIMIT.label(value)).isEqualTo(Label.FAIL);
    }

    @Test
    void toleranceZeroAsksForExactness() {
        HardLimit exact = new HardLimit("integrality", 0);
        assertThat(exact.label(0)).isEqualTo(Label.PASS);
        assertThat(exact.label(Double.MIN_VALUE)).isEqualTo(Label.FAIL);
        assertThat(exact.name()).isEqualTo("integrality");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesOtherTolerances(double tolerance) {
        assertThatThrownBy(() -> new HardLimit("constraints", tolerance))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("HardLimit: need finite tolerance >= 0, got " + tolerance);
    }
}
