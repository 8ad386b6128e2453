package dev.stillpoint.certificate;

/**
 * How far a context is from the training contexts: the Euclidean distance to the nearest of them, each feature divided by
 * its standard deviation over the training contexts. Large where the model must extrapolate. O(N·p) a query.
 */
public final class NearestContext {
    /** A variance below this times the squared mean is what rounding leaves of a constant feature. */
    private static final double ROUNDING = 1e-20;

    private final float[][] reference;
    private final double[] scale;
    private final float[] mean;

    /**
     * Learns the scales.
     *
     * @param reference N ≥ 1 training contexts of p finite features; kept, not copied
     * @throws IllegalArgumentException if there is none, or their lengths differ
     */
    public NearestContext(float[][] reference) {
        if (reference.length == 0) {
            throw new IllegalArgumentException("NearestContext: need at least one training context, got none");
        }
        int p = reference[0].length;
        double[] mean = new double[p];
        double[] square = new double[p];
        for (float[] row : reference) {
            if (row.length != p) {
                throw new IllegalArgumentException(
                        "NearestContext: need " + p + " features in every context, got " + row.length);
            }
            for (int j = 0; j < p; j++) {
                mean[j] += (double) row[j] / reference.length;
            }
        }
        for (float[] row : reference) {
            for (int j = 0; j < p; j++) {
                square[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / reference.length;
            }
        }
        scale = new double[p];
        for (int j = 0; j < p; j++) {
            // A constant feature keeps its own unit: any change of it is then far away.
            scale[j] = square[j] > ROUNDING * mean[j] * mean[j] ? 1 / Math.sqrt(square[j]) : 1e6;
        }
        this.reference = reference;
        this.mean = new float[p];
        for (int j = 0; j < p; j++) {
            this.mean[j] = (float) mean[j];
        }
    }

    /** The training contexts. */
    public float[][] reference() {
        return reference;
    }

    /** The mean of the training contexts. */
    public float[] mean() {
        return mean.clone();
    }

    /**
     * The distance of a context to the nearest training context; NaN if it holds NaN.
     *
     * @throws IllegalArgumentException if the number of features differs
     */
    public double distance(float[] context) {
        if (context.length != scale.length) {
            throw new IllegalArgumentException(
                    "NearestContext: need " + scale.length + " features, got " + context.length);
        }
        double best = Double.POSITIVE_INFINITY;
        for (float[] row : reference) {
            double sum = 0;
            for (int j = 0; j < scale.length; j++) {
                double d = (context[j] - row[j]) * scale[j];
                sum += d * d;
            }
            if (Double.isNaN(sum)) {
                return Double.NaN;
            }
            best = Math.min(best, sum);
        }
        return Math.sqrt(best);
    }
}
