package dev.stillpoint.cli.report;

import java.util.Arrays;

/**
 * A histogram: {@code counts[i]} values lie in [start + i·width, start + (i+1)·width), the last bin with its end.
 *
 * @param start of the first bin
 * @param width of each, above 0
 * @param counts at least one
 */
record Bins(double start, double width, int[] counts) {
    private static final int MOST = 24;

    /** Whole numbers, each in a bin centred on it, or several neighbours in one where they spread wide. */
    static Bins ofWhole(int[] values) {
        int low = Arrays.stream(values).min().orElse(0);
        int high = Arrays.stream(values).max().orElse(0);
        long width = Math.floorDiv((long) high - low, MOST) + 1;
        return fill(low - 0.5, (double) width, Math.toIntExact(Math.floorDiv((long) high - low, width)) + 1, values);
    }

    /** Finite numbers; where all are equal, in one bin of width 0.1. */
    static Bins of(double[] values) {
        double low = Arrays.stream(values).min().orElse(0);
        double high = Arrays.stream(values).max().orElse(0);
        double spread = high - low;
        // Differences of rounding are none.
        if (!(spread > 1e-9 * Math.max(1, Math.abs(high)))) {
            return new Bins(low - 0.05, 0.1, new int[] {values.length});
        }
        // Square-root rule: enough bins to see a shape, enough values in each to trust it.
        int bins = Math.max(1, Math.min(MOST, (int) Math.ceil(Math.sqrt(values.length))));
        return fill(low, spread / bins, bins, values);
    }

    private static Bins fill(double start, double width, int bins, int[] values) {
        return fill(start, width, bins, Arrays.stream(values).asDoubleStream().toArray());
    }

    private static Bins fill(double start, double width, int bins, double[] values) {
        int[] counts = new int[bins];
        for (double value : values) {
            counts[Math.max(0, Math.min(bins - 1, (int) ((value - start) / width)))]++;
        }
        return new Bins(start, width, counts);
    }

    /** Where the last bin ends. */
    double end() {
        return start + width * counts.length;
    }
}
