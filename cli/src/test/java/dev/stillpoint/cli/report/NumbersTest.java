package dev.stillpoint.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "0.5, 0.5",
        "1.3140829, 1.314",
        "-12.3456, -12.35",
        "1234.5678, '1,235'",
        "123456.78, '123,500'",
        "0.001, 0.001",
        "0.0003916, 3.916 × 10⁻⁴",
        "-3.9160251e-5, -3.916 × 10⁻⁵",
        "9.99999e-5, 1 × 10⁻⁴",
        "12345678, 1.235 × 10⁷",
        "1e-300, 1 × 10⁻³⁰⁰",
        "NaN, n/a",
        "Infinity, n/a"
    })
    void plain(double value, String text) {
        assertThat(breaking(Numbers.plain(value))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.1044994, 10.45 %", "0, 0.00 %", "-0.5, -50.00 %", "12, '1,200.00 %'", "NaN, n/a"})
    void percent(double value, String text) {
        assertThat(breaking(Numbers.percent(value))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "0.2081, 0.208 s",
        "1.97290, 1.97 s",
        "59.96, 60 s",
        "83.4, 1 min 23 s",
        "3599.6, 1 h 0 min",
        "7800, 2 h 10 min",
        "NaN, n/a"
    })
    void seconds(double value, String text) {
        assertThat(breaking(Numbers.seconds(value))).isEqualTo(text);
    }

    private static String breaking(String text) {
        return text.replace('\u00a0', ' ');
    }
}
