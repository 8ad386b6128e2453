package dev.stillpoint.zoo.polytope;

import dev.stillpoint.kernel.NormalCholesky;
import dev.stillpoint.kernel.SparseMatrix;

/**
 * Linear regression with a penalty, for all outputs at once: W, w₀ with Σᵢ ‖W·xᵢ + w₀ − yᵢ‖² + λ·rows·‖W‖² at its least, in
 * double. The floor that a network with so many features has to beat; inputs should have deviations of about 1.
 *
 * <p>Reference: Hoerl and Kennard 1970.
 */
public final class Ridge {
    private final double[] centre;
    private final double[] mean;
    /** [E][p]. */
    private final double[][] weights;

    private Ridge(double[] centre, double[] mean, double[][] weights) {
        this.centre = centre;
        this.mean = mean;
        this.weights = weights;
    }

    /**
     * Fits. O(rows·p² + p³ + rows·p·E).
     *
     * @param x inputs, [rows, p]
     * @param y outputs, [rows, E]
     * @param penalty λ &gt; 0
     * @throws IllegalArgumentException for no rows, shapes that do not fit, or a number or penalty that is not finite
     */
    public static Ridge fit(float[][] x, float[][] y, double penalty) {
        return fit(x, y, 0, x.length, penalty);
    }

    private static Ridge fit(float[][] x, float[][] y, int from, int to, double penalty) {
        if (from >= to || x.length != y.length) {
            throw new IllegalArgumentException(
                    "Ridge: need as many inputs as outputs and at least one, got " + x.length + " and " + y.length);
        }
        if (!(penalty > 0) || Double.isInfinite(penalty)) {
            throw new IllegalArgumentException("Ridge: need a finite penalty > 0, got " + penalty);
        }
        int p = x[0].length;
        int rows = to - from;
        double[] centre = mean("x", x, from, to);
        double[] mean = mean("y", y, from, to);
        double[][] system = new double[p][rows + p];
        for (int j = 0; j < p; j++) {
            for (int i = 0; i < rows; i++) {
                system[j][i] = x[from + i][j] - centre[j];
            }
            system[j][rows + j] = Math.sqrt(penalty * rows);
        }
        double[][] weights = new double[mean.length][p];
        if (p > 0) {
            NormalCholesky factor = NormalCholesky.of(SparseMatrix.of(system));
            int[] order = factor.order();
            for (int e = 0; e < weights.length; e++) {
                double[] right = new double[order.length];
                for (int k = 0; k < right.length; k++) {
                    for (int i = 0; i < rows; i++) {
                        right[k] += system[order[k]][i] * (y[from + i][e] - mean[e]);
                    }
                }
                factor.solve(right);
                for (int k = 0; k < right.length; k++) {
                    weights[e][order[k]] = right[k];
                }
            }
        }
        return new Ridge(centre, mean, weights);
    }

    /**
     * The penalty with the least squared error on rows later than those fitted: the rows are cut into {@code folds} + 1 parts in
     * their order, and each part but the first is predicted from all before it.
     *
     * @param x inputs in time order, [rows, p]
     * @param y outputs, [rows, E]
     * @param penalties to choose from, at least one
     * @param folds parts that are predicted, at least 1 and fewer than rows
     */
    public static double penalty(float[][] x, float[][] y, double[] penalties, int folds) {
        if (penalties.length == 0 || folds < 1 || folds >= x.length) {
            throw new IllegalArgumentException("Ridge: need penalties, and folds from 1 to rows − 1, got "
                    + penalties.length + " penalties and " + folds + " folds of " + x.length + " rows");
        }
        double best = penalties[0];
        double least = Double.POSITIVE_INFINITY;
        for (double penalty : penalties) {
            double error = 0;
            for (int fold = 1; fold <= folds; fold++) {
                int from = (int) ((long) x.length * fold / (folds + 1));
                int to = (int) ((long) x.length * (fold + 1) / (folds + 1));
                Ridge fitted = fit(x, y, 0, from, penalty);
                for (int i = from; i < to; i++) {
                    float[] predicted = fitted.predict(x[i]);
                    for (int e = 0; e < predicted.length; e++) {
                        double d = predicted[e] - y[i][e];
                        error += d * d / (to - from);
                    }
                }
            }
            if (error < least) {
                least = error;
                best = penalty;
            }
        }
        return best;
    }

    /** W·x + w₀, [E]. */
    public float[] predict(float[] x) {
        if (x.length != centre.length) {
            throw new IllegalArgumentException("Ridge: need [" + centre.length + "], got [" + x.length + "]");
        }
        float[] y = new float[mean.length];
        for (int e = 0; e < y.length; e++) {
            double sum = mean[e];
            for (int j = 0; j < x.length; j++) {
                sum += weights[e][j] * (x[j] - centre[j]);
            }
            y[e] = (float) sum;
        }
        return y;
    }

    private static double[] mean(String name, float[][] rows, int from, int to) {
        double[] mean = new double[rows[0].length];
        for (int i = from; i < to; i++) {
            if (rows[i].length != mean.length) {
                throw new IllegalArgumentException("Ridge " + name + ": need [" + mean.length + "] in row " + i
                        + ", got [" + rows[i].length + "]");
            }
            for (int j = 0; j < mean.length; j++) {
                if (!Float.isFinite(rows[i][j])) {
                    throw new IllegalArgumentException(
                            "Ridge " + name + ": need finite numbers, got " + rows[i][j] + " in row " + i);
                }
                mean[j] += rows[i][j] / (double) (to - from);
            }
        }
        return mean;
    }
}
