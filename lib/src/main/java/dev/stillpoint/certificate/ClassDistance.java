package dev.stillpoint.certificate;

/**
 * How far features lie from those of every class: min over k of ‖L⁻¹(x − μ_k)‖₂ with μ_k the mean of class k and LLᵀ the
 * covariance within classes, the Mahalanobis distance. Large for what belongs to none of them.
 *
 * <p>Reference: Lee et al. 2018, A simple unified framework for detecting out-of-distribution samples, eq. 2, arXiv 1807.03888.
 * Fitting takes O(N·p² + p³), a query O(p² + K·p).
 */
public final class ClassDistance {
    /**
     * Added to the covariance's diagonal, in units of its mean: features that are constant or depend on others must not make it
     * singular, and a fraction this small moves no distance that matters.
     */
    private static final double RIDGE = 1e-4;

    private final double[][] factor;
    private final double[][] means;
    private final double[][] whitened;

    private ClassDistance(double[][] means, double[][] factor) {
        this.means = means;
        this.factor = factor;
        this.whitened = new double[means.length][];
        for (int k = 0; k < means.length; k++) {
            whitened[k] = solve(means[k]);
        }
    }

    /**
     * From what {@link #means} and {@link #factor} gave.
     *
     * @param means [K, p]
     * @param factor lower triangular [p, p], positive on the diagonal
     * @throws IllegalArgumentException for other shapes or numbers
     */
    public static ClassDistance of(double[][] means, double[][] factor) {
        int p = factor.length;
        if (means.length == 0 || p == 0) {
            throw new IllegalArgumentException("ClassDistance: need classes and features, got none");
        }
        for (double[] mean : means) {
            check(mean.length, p);
        }
        for (int i = 0; i < p; i++) {
            check(factor[i].length, p);
            if (!(factor[i][i] > 0)) {
                throw new IllegalArgumentException(
                        "ClassDistance: need a factor with a positive diagonal, got " + factor[i][i] + " in row " + i);
            }
        }
        return new ClassDistance(copy(means), copy(factor));
    }

    /**
     * Learns means and covariance.
     *
     * @param features N rows of p finite numbers
     * @param labels the class of each, 0 to classes - 1
     * @param classes K, each of which must occur
     */
    public static ClassDistance fit(float[][] features, int[] labels, int classes) {
        if (features.length == 0 || features.length != labels.length) {
            throw new IllegalArgumentException(
                    "ClassDistance: need as many labels as rows of features, at least one, got " + labels.length
                            + " and " + features.length);
        }
        int p = features[0].length;
        double[][] means = means(features, labels, classes);
        double[][] covariance = new double[p][p];
        double[] d = new double[p];
        for (int i = 0; i < features.length; i++) {
            for (int j = 0; j < p; j++) {
                d[j] = features[i][j] - means[labels[i]][j];
            }
            for (int a = 0; a < p; a++) {
                double[] row = covariance[a];
                double scale = d[a] / features.length;
                for (int b = 0; b <= a; b++) {
                    row[b] += scale * d[b];
                }
            }
        }
        return new ClassDistance(means, cholesky(covariance));
    }

    private static double[][] means(float[][] features, int[] labels, int classes) {
        int p = features[0].length;
        int[] count = new int[classes];
        double[][] means = new double[classes][p];
        for (int i = 0; i < features.length; i++) {
            check(features[i].length, p);
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("ClassDistance: need labels from 0 to " + (classes - 1) + ", got "
                        + labels[i] + " in row " + i);
            }
            count[labels[i]]++;
            for (int j = 0; j < p; j++) {
                means[labels[i]][j] += features[i][j];
            }
        }
        for (int k = 0; k < classes; k++) {
            if (count[k] == 0) {
                throw new IllegalArgumentException("ClassDistance: need every class to occur, got none of class " + k);
            }
            for (int j = 0; j < p; j++) {
                means[k][j] /= count[k];
            }
        }
        return means;
    }

    /** Of the lower half, with the ridge. */
    private static double[][] cholesky(double[][] covariance) {
        int p = covariance.length;
        double trace = 0;
        for (int a = 0; a < p; a++) {
            trace += covariance[a][a];
        }
        if (!Double.isFinite(trace)) {
            throw new IllegalArgumentException("ClassDistance: need finite features, got others");
        }
        // Features that are all constant leave a unit ridge: any change is then a distance.
        double ridge = trace > 0 ? RIDGE * trace / p : 1;
        double[][] factor = new double[p][p];
        for (int a = 0; a < p; a++) {
            for (int b = 0; b <= a; b++) {
                double sum = covariance[a][b] + (a == b ? ridge : 0);
                for (int k = 0; k < b; k++) {
                    sum -= factor[a][k] * factor[b][k];
                }
                factor[a][b] = a == b ? Math.sqrt(sum) : sum / factor[b][b];
            }
        }
        return factor;
    }

    /** μ, [K, p], a copy. */
    public double[][] means() {
        return copy(means);
    }

    /** L, [p, p], a copy. */
    public double[][] factor() {
        return copy(factor);
    }

    /** The distance to the nearest class; NaN for features with NaN. */
    public double distance(float[] features) {
        check(features.length, factor.length);
        double[] x = new double[features.length];
        for (int j = 0; j < x.length; j++) {
            x[j] = features[j];
        }
        double[] y = solve(x);
        double best = Double.POSITIVE_INFINITY;
        for (double[] mean : whitened) {
            double sum = 0;
            for (int j = 0; j < y.length; j++) {
                sum += (y[j] - mean[j]) * (y[j] - mean[j]);
            }
            if (Double.isNaN(sum)) {
                return Double.NaN;
            }
            best = Math.min(best, sum);
        }
        return Math.sqrt(best);
    }

    /** L⁻¹x. */
    private double[] solve(double[] x) {
        double[] y = new double[x.length];
        for (int a = 0; a < y.length; a++) {
            double sum = x[a];
            for (int b = 0; b < a; b++) {
                sum -= factor[a][b] * y[b];
            }
            y[a] = sum / factor[a][a];
        }
        return y;
    }

    private static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }

    private static void check(int got, int need) {
        if (got != need) {
            throw new IllegalArgumentException("ClassDistance: need " + need + " features, got " + got);
        }
    }
}
