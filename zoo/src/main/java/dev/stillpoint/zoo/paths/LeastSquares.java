package dev.stillpoint.zoo.paths;

import java.nio.DoubleBuffer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Linear regression with intercept, y ≈ W·x + w₀, in double: the first stage of "predict, then optimise", and the
 * baseline that a trained network has to beat. The coefficients of least norm where the columns depend on each other.
 */
public final class LeastSquares {
    /** Of the largest singular value: below what columns of floats can tell apart, above the rounding of doubles. */
    private static final double RANK_CUTOFF = 1e-10;

    private final double[] coefficients;
    private final int inputs;
    private final int outputs;

    private LeastSquares(double[] coefficients, int inputs, int outputs) {
        this.coefficients = coefficients;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /**
     * Fits Σᵢ ‖W·xᵢ + w₀ − yᵢ‖² at its least. O(rows·p·(p + E)) time, O(rows·(p + E)) doubles.
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
        int inputs = x[0].length;
        int outputs = y[0].length;
        double[] design = flatten("LeastSquares x", x, inputs, 1);
        double[] targets = flatten("LeastSquares y", y, outputs, 0);
        double[] coefficients = new double[(inputs + 1) * outputs];
        try (Tensor a = Tensor.create(design, x.length, inputs + 1);
                Tensor b = Tensor.create(targets, y.length, outputs);
                // Not linalg_lstsq: on dependent columns its default driver answers differently from call to call.
                Tensor inverse = torch.linalg_pinv(a, RANK_CUTOFF);
                Tensor product = inverse.matmul(b);
                Tensor solution = product.contiguous()) {
            solution.<DoubleBuffer>createBuffer().get(coefficients);
        }
        return new LeastSquares(coefficients, inputs, outputs);
    }

    /**
     * Predicts W·x + w₀.
     *
     * @param x inputs [rows, p]
     * @return a new array [rows, E]
     * @throws IllegalArgumentException for another p
     */
    public float[][] predict(float[][] x) {
        float[][] y = new float[x.length][outputs];
        for (int i = 0; i < x.length; i++) {
            requireLength("predict x", x[i], i, inputs);
            for (int e = 0; e < outputs; e++) {
                double sum = coefficients[inputs * outputs + e];
                for (int j = 0; j < inputs; j++) {
                    sum += x[i][j] * coefficients[j * outputs + e];
                }
                y[i][e] = (float) sum;
            }
        }
        return y;
    }

    /** Row by row, each followed by so many ones. */
    private static double[] flatten(String name, float[][] rows, int length, int ones) {
        double[] flat = new double[Math.multiplyExact(rows.length, length + ones)];
        int place = 0;
        for (int i = 0; i < rows.length; i++) {
            requireLength(name, rows[i], i, length);
            for (float value : rows[i]) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(name + ": need finite numbers, got " + value + " in row " + i);
                }
                flat[place++] = value;
            }
            for (int j = 0; j < ones; j++) {
                flat[place++] = 1;
            }
        }
        return flat;
    }

    private static void requireLength(String name, float[] row, int index, int length) {
        if (row.length != length) {
            throw new IllegalArgumentException(
                    name + ": need [" + length + "] in row " + index + ", got [" + row.length + "]");
        }
    }
}
