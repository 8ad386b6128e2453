package dev.stillpoint.zoo.polytope;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.global.torch;

/**
 * Linear regression with intercept, y ≈ W·x + w₀, in double: the first stage of "predict, then optimise", and the
 * baseline that a trained network has to beat. The coefficients of least norm where the columns depend on each other.
 */
public final class LeastSquares {
    /** Of the largest singular value: below what columns of floats can tell apart, above the rounding of doubles. */
    private static final double RANK_CUTOFF = 1e-10;

    /** W transposed, and w₀ as its last row: [p + 1, E]. */
    private final double[][] coefficients;

    private LeastSquares(double[][] coefficients) {
        this.coefficients = coefficients;
    }

    /**
     * Fits Σᵢ ‖W·xᵢ + w₀ − yᵢ‖² at its least. O(rows·p·(p + E)) time, O(p·(rows + E)) doubles.
     *
     * @param x inputs [rows, p]; p = 0 predicts the mean
     * @param y outputs [rows, E]
     * @return the fitted regression
     * @throws IllegalArgumentException for no rows, or shapes that do not fit
     */
    public static LeastSquares fit(float[][] x, float[][] y) {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException("LeastSquares: need as many inputs as outputs and at least one, got "
                    + x.length + " and " + y.length);
        }
        double[] inverse = pseudoInverse(x);
        // Row by row of y: beside it, a matrix of doubles would be twice its size.
        double[][] coefficients = new double[x[0].length + 1][y[0].length];
        for (int i = 0; i < y.length; i++) {
            requireFinite("LeastSquares y", y[i], i, y[0].length);
            for (int j = 0; j < coefficients.length; j++) {
                double factor = inverse[j * y.length + i];
                double[] row = coefficients[j];
                for (int e = 0; e < row.length; e++) {
                    row[e] += factor * y[i][e];
                }
            }
        }
        return new LeastSquares(coefficients);
    }

    /** That of x with a column of ones, [p + 1, rows]. */
    private static double[] pseudoInverse(float[][] x) {
        int inputs = x[0].length;
        double[] design = new double[Math.multiplyExact(x.length, inputs + 1)];
        int place = 0;
        for (int i = 0; i < x.length; i++) {
            requireFinite("LeastSquares x", x[i], i, inputs);
            for (float value : x[i]) {
                design[place++] = value;
            }
            design[place++] = 1;
        }
        try (TensorScope scope = TensorScope.open()) {
            // Not linalg_lstsq: on dependent columns its default driver answers differently from call to call.
            return Tensors.doubles(torch.linalg_pinv(Tensors.of(design, x.length, inputs + 1), RANK_CUTOFF));
        }
    }

    /**
     * Predicts W·x + w₀.
     *
     * @param x inputs [rows, p]
     * @return a new array [rows, E]
     * @throws IllegalArgumentException for another p
     */
    public float[][] predict(float[][] x) {
        int inputs = coefficients.length - 1;
        float[][] y = new float[x.length][coefficients[inputs].length];
        for (int i = 0; i < x.length; i++) {
            requireLength("predict x", x[i], i, inputs);
            double[] sum = coefficients[inputs].clone();
            for (int j = 0; j < inputs; j++) {
                for (int e = 0; e < sum.length; e++) {
                    sum[e] += x[i][j] * coefficients[j][e];
                }
            }
            for (int e = 0; e < sum.length; e++) {
                y[i][e] = (float) sum[e];
            }
        }
        return y;
    }

    private static void requireFinite(String name, float[] row, int index, int length) {
        requireLength(name, row, index, length);
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(name + ": need finite numbers, got " + value + " in row " + index);
            }
        }
    }

    private static void requireLength(String name, float[] row, int index, int length) {
        if (row.length != length) {
            throw new IllegalArgumentException(
                    name + ": need [" + length + "] in row " + index + ", got [" + row.length + "]");
        }
    }
}
