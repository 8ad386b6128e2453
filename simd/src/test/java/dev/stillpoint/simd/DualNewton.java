package dev.stillpoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * min wᵀx + γ/2‖x‖² over {Ax = b, 0 ≤ x ≤ u}, dense and in float64, by Newton's method on the dual: for multipliers λ the best x is
 * x(λ) = min(max(−(w + Aᵀλ)/γ, 0), u), and A·x(λ) − b is the gradient of the concave dual. An x(λ) with Ax = b meets all optimality
 * conditions, so the answer proves itself.
 */
final class DualNewton {
    /** ‖Ax − b‖∞: rounding of sums of some tens of numbers near 1. */
    private static final double SOLVED = 1e-10;
    /** Of the gradient: rows whose variables are all at their bounds have no curvature of their own; it ends with the gradient. */
    private static final double CURVATURE = 0.1;

    private static final int MOST_STEPS = 200;

    private final double[][] a;
    private final double gamma;
    private final double upper;

    DualNewton(double[][] a, double gamma, double upper) {
        this.a = a;
        this.gamma = gamma;
        this.upper = upper;
    }

    double[] solve(double[] w, double[] b) {
        double[] lambda = new double[a.length];
        double[] x = best(w, lambda);
        double[] gradient = gradient(x, b);
        for (int step = 0; largest(gradient) > SOLVED; step++) {
            assertThat(step).as("Newton steps").isLessThan(MOST_STEPS);
            double[] direction = direction(x, gradient);
            double slope = dot(direction, gradient);
            double value = dual(w, b, lambda, x);
            double length = 1;
            double[] next = moved(lambda, direction, length);
            // Near the end rounding hides the rise, and the full step is right.
            while (length > 1e-6
                    && dual(w, b, next, best(w, next)) < value + 1e-4 * length * slope - 1e-12 * Math.abs(value)) {
                length /= 2;
                next = moved(lambda, direction, length);
            }
            lambda = next;
            x = best(w, lambda);
            gradient = gradient(x, b);
        }
        return x;
    }

    private double[] best(double[] w, double[] lambda) {
        double[] x = new double[w.length];
        for (int j = 0; j < x.length; j++) {
            double sum = w[j];
            for (int i = 0; i < a.length; i++) {
                sum += a[i][j] * lambda[i];
            }
            x[j] = Math.min(Math.max(-sum / gamma, 0), upper);
        }
        return x;
    }

    private double[] gradient(double[] x, double[] b) {
        double[] gradient = new double[a.length];
        Arrays.setAll(gradient, i -> dot(a[i], x) - b[i]);
        return gradient;
    }

    private double dual(double[] w, double[] b, double[] lambda, double[] x) {
        return dot(w, x) + gamma / 2 * dot(x, x) + dot(lambda, gradient(x, b));
    }

    /** (A_F·A_Fᵀ/γ + δI)⁻¹ g by Cholesky's factor, F the variables between their bounds. */
    private double[] direction(double[] x, double[] gradient) {
        int m = a.length;
        double curvature = CURVATURE * Math.min(1, largest(gradient));
        int[] free = IntStream.range(0, x.length)
                .filter(j -> x[j] > 0 && x[j] < upper)
                .toArray();
        double[][] part = new double[m][];
        Arrays.setAll(part, i -> Arrays.stream(free).mapToDouble(j -> a[i][j]).toArray());
        double[][] l = new double[m][m];
        double[] y = gradient.clone();
        for (int i = 0; i < m; i++) {
            for (int k = 0; k <= i; k++) {
                double sum = dot(part[i], part[k]) / gamma + (i == k ? curvature : 0);
                for (int t = 0; t < k; t++) {
                    sum -= l[i][t] * l[k][t];
                }
                l[i][k] = i == k ? Math.sqrt(Math.max(sum, curvature / 2)) : sum / l[k][k];
            }
            for (int k = 0; k < i; k++) {
                y[i] -= l[i][k] * y[k];
            }
            y[i] /= l[i][i];
        }
        for (int i = m - 1; i >= 0; i--) {
            for (int k = i + 1; k < m; k++) {
                y[i] -= l[k][i] * y[k];
            }
            y[i] /= l[i][i];
        }
        return y;
    }

    private static double[] moved(double[] lambda, double[] direction, double length) {
        double[] moved = lambda.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += length * direction[i];
        }
        return moved;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static double largest(double[] v) {
        return Arrays.stream(v).map(Math::abs).max().orElse(0);
    }
}
