package dev.stillpoint.solver;

/** min ‖β·e₁ − Hy‖₂ for a Hessenberg matrix H that arrives column by column, by Givens rotations. O(k) a column. */
final class HessenbergLeastSquares {
    private final double[][] r;
    private final double[] cos;
    private final double[] sin;
    private final double[] rhs;
    private int count;
    private double size;

    HessenbergLeastSquares(int columns, double beta) {
        r = new double[columns][];
        cos = new double[columns];
        sin = new double[columns];
        rhs = new double[columns + 1];
        rhs[0] = beta;
    }

    /** Adds the next column, one longer than the last; returns the residual that is left. */
    double add(double[] column) {
        int k = count++;
        for (double h : column) {
            size = Math.max(size, Math.abs(h));
        }
        for (int i = 0; i < k; i++) {
            double upper = cos[i] * column[i] + sin[i] * column[i + 1];
            column[i + 1] = cos[i] * column[i + 1] - sin[i] * column[i];
            column[i] = upper;
        }
        double length = Math.hypot(column[k], column[k + 1]);
        cos[k] = length == 0 ? 1 : column[k] / length;
        sin[k] = length == 0 ? 0 : column[k + 1] / length;
        column[k] = length;
        column[k + 1] = 0;
        r[k] = column;
        rhs[k + 1] = -sin[k] * rhs[k];
        rhs[k] *= cos[k];
        return Math.abs(rhs[k + 1]);
    }

    /** The largest entry so far. */
    double size() {
        return size;
    }

    /** Writes y from {@code offset} on, as many numbers as columns were added; 0 where a pivot is {@code tiny}·size or less. */
    void solve(double[] y, int offset, double tiny) {
        for (int i = count - 1; i >= 0; i--) {
            double sum = rhs[i];
            for (int k = i + 1; k < count; k++) {
                sum -= r[k][i] * y[offset + k];
            }
            y[offset + i] = Math.abs(r[i][i]) <= tiny * size ? 0 : sum / r[i][i];
        }
    }
}
