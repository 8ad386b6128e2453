package dev.stillpoint.certificate;

import java.util.Arrays;

/**
 * Judges a value α by P(A &lt; α), the share of calibration inferences that were better: passes below {@code pass}, warns
 * below {@code fail}, fails from there on. A value equal to all others passes, whatever it is.
 *
 * <p>Reference: Heaton and Wu Fung 2023, section 2.1, with P(A &lt; α) in place of P(A ≤ α), arXiv 2204.14174. O(log N).
 *
 * @param name the property
 * @param calibration the values of N ≥ 1 calibration inferences, finite
 * @param pass in (0, 1]
 * @param fail in [pass, 1]
 */
public record Quantile(String name, double[] calibration, double pass, double fail) implements Check {
    /** Copies and sorts the calibration values. */
    public Quantile {
        calibration = calibration.clone();
        Arrays.sort(calibration);
        if (calibration.length == 0 || !Double.isFinite(calibration[0] + calibration[calibration.length - 1])) {
            throw new IllegalArgumentException("Quantile: need at least one calibration value, all finite, got "
                    + calibration.length + " for '" + name + "'");
        }
        if (!(pass > 0 && pass <= fail && fail <= 1)) {
            throw new IllegalArgumentException(
                    "Quantile: need 0 < pass <= fail <= 1, got pass " + pass + ", fail " + fail);
        }
    }

    /** Passes below the 95 % quantile, fails from the 99 % quantile on. */
    public static Quantile of(String name, double[] calibration) {
        return new Quantile(name, calibration, 0.95, 0.99);
    }

    /** P(A &lt; α), 1 for NaN. */
    public double rank(double value) {
        if (Double.isNaN(value)) {
            return 1;
        }
        int low = 0;
        int high = calibration.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (calibration[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low / (double) calibration.length;
    }

    @Override
    public Label label(double value) {
        double rank = rank(value);
        if (rank < pass) {
            return Label.PASS;
        }
        return rank < fail ? Label.WARNING : Label.FAIL;
    }
}
