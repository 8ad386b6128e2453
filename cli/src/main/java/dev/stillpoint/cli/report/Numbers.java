package dev.stillpoint.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them, the same in every locale; spaces within them do not break a line. */
final class Numbers {
    /** What stands for NaN and infinities. */
    static final String NONE = "n/a";

    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private Numbers() {}

    /** A share: 0.10449 is "10.45 %". */
    static String percent(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,.2f\u00a0%%", 100 * value) : NONE;
    }

    /** Four significant digits, as 3.916 × 10⁻⁵ where it is very small or large. */
    static String plain(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        double size = Math.abs(value);
        if (size >= 1e6 || (size > 0 && size < 1e-3)) {
            return scientific(value);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(4)).stripTrailingZeros();
        return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
    }

    /** A whole number: "1,400". */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A duration: "1.97 s", "3 min 5 s", "2 h 10 min". */
    static String seconds(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        if (value < 60) {
            return plain(BigDecimal.valueOf(value).round(new MathContext(3)).doubleValue()) + "\u00a0s";
        }
        long whole = Math.round(value);
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : count(whole / 3600) + " h " + whole % 3600 / 60 + " min";
    }

    private static String scientific(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(4)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "\u00a0×\u00a0"
                + powerOfTen(exponent);
    }

    /** "10⁻³". */
    static String powerOfTen(int exponent) {
        StringBuilder text = new StringBuilder("10").append(exponent < 0 ? "⁻" : "");
        for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
            text.append(SUPERSCRIPTS.charAt(digit - '0'));
        }
        return text.toString();
    }
}
