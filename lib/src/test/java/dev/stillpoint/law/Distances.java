package dev.stillpoint.law;

import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Euclidean distances of plain arrays, the rows of a flat matrix, and the largest entry of a tensor. NaN stays NaN, so that it passes no bound. */
public final class Distances {
    private Distances() {}

    /** ‖a − b‖₂. */
    public static double between(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("Distances: need equal lengths, got " + a.length + " and " + b.length);
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    /** ‖a‖₂. */
    public static double norm(double[] a) {
        return between(a, new double[a.length]);
    }

    /** ‖a − b‖₂ / ‖b‖₂. */
    public static double relative(double[] a, double[] b) {
        return between(a, b) / norm(b);
    }

    /** Row i of a flat matrix with n columns. */
    public static double[] row(double[] flat, int i, int n) {
        return Arrays.copyOfRange(flat, i * n, (i + 1) * n);
    }

    /** The largest absolute entry, 0 for none. */
    public static double largest(Tensor t) {
        double worst = 0;
        for (double v : Tensors.doubles(t)) {
            worst = Math.max(worst, Math.abs(v));
        }
        return worst;
    }
}
