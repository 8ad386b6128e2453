package dev.stillpoint.cli.measure;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Of a few measurements. */
final class Statistics {
    private Statistics() {}

    /** The middle one, or the mean of the two in the middle; NaN of none, or where one is NaN. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        // NaN sorts last.
        if (n == 0 || Double.isNaN(sorted[n - 1])) {
            return Double.NaN;
        }
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** The mean; NaN of none. */
    static double mean(double... values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** The sample's standard deviation; NaN of fewer than two. */
    static double deviation(double... values) {
        double mean = mean(values);
        double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return values.length < 2 ? Double.NaN : Math.sqrt(sum / (values.length - 1));
    }

    /** The slope of the line nearest to the points, in the sense of least squares; NaN where all x are equal. */
    static double slope(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double product = 0;
        double square = 0;
        for (int i = 0; i < x.length; i++) {
            product += (x[i] - meanX) * (y[i] - meanY);
            square += (x[i] - meanX) * (x[i] - meanX);
        }
        return square == 0 ? Double.NaN : product / square;
    }

    /**
     * How y grows with x > 0: the exponent e of the curve c·xᵉ that is nearest in logarithms, over the points whose y is finite;
     * NaN of fewer than two.
     */
    static double exponent(double[] x, double[] y) {
        int[] finite =
                IntStream.range(0, x.length).filter(i -> Double.isFinite(y[i])).toArray();
        return slope(
                Arrays.stream(finite).mapToDouble(i -> Math.log(x[i])).toArray(),
                Arrays.stream(finite).mapToDouble(i -> Math.log(y[i])).toArray());
    }
}
