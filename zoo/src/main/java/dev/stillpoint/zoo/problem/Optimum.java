package dev.stillpoint.zoo.problem;

import dev.stillpoint.kernel.SparseMatrix;

/**
 * A decision, what it costs, and a bound that no feasible decision goes below.
 *
 * @param x [n], feasible
 * @param value wᵀx
 * @param bound at most the least cost, by {@link #dualBound}: value − bound bounds how far x is from optimal, whatever the
 *     oracle did
 * @param warning where the oracle had to do something else than asked, what and why, in the user's names; else empty
 */
public record Optimum(double[] x, double value, double bound, String warning) {
    /**
     * A reduced cost towards an infinite bound counts as rounding up to this part of what it is the difference of, with each
     * multiplier as large as the largest, whose rounding it may carry: some 4,000 roundings of double.
     */
    private static final double ROUNDING = 0x1p-40;

    /** A decision without a warning. */
    public Optimum(double[] x, double value, double bound) {
        this(x, value, bound, "");
    }

    /** {@return value − bound: x costs at most so much more than the best; rounding alone can make it negative} */
    public double gap() {
        return value - bound;
    }

    /**
     * The Lagrangian bound bᵀy + Σⱼ min over lⱼ ≤ xⱼ ≤ uⱼ of (w − Aᵀy)ⱼ xⱼ: for any y at most the least wᵀx over
     * {Ax = b, l ≤ x ≤ u}, and equal to it at the linear program's dual solution. O(nonzeros of A).
     *
     * @param y one multiplier a row of A
     * @return the bound, −∞ where a variable without a bound has a reduced cost towards it that is more than rounding
     */
    public static double dualBound(SparseMatrix a, double[] b, double[] lower, double[] upper, double[] w, double[] y) {
        double bound = 0;
        for (int i = 0; i < b.length; i++) {
            bound += b[i] * y[i];
        }
        double[] priced = a.multiplyTransposed(y);
        double[] size = new double[0];
        for (int j = 0; j < w.length; j++) {
            double reduced = w[j] - priced[j];
            double end = reduced > 0 ? lower[j] : upper[j];
            if (!Double.isInfinite(end)) {
                bound += reduced * end;
            } else if (reduced != 0) {
                size = size.length > 0 ? size : sizes(a, w, y);
                bound += Math.abs(reduced) <= ROUNDING * size[j] ? 0 : Double.NEGATIVE_INFINITY;
            }
        }
        return bound;
    }

    /** |wⱼ| + Y Σᵢ |aᵢⱼ|/‖aᵢ‖ with Y = maxᵢ ‖aᵢ‖·|yᵢ|, in the maximum norm. */
    private static double[] sizes(SparseMatrix a, double[] w, double[] y) {
        double[] norm = new double[y.length];
        double largest = 0;
        for (int i = 0; i < y.length; i++) {
            for (int p = a.pointers()[i]; p < a.pointers()[i + 1]; p++) {
                norm[i] = Math.max(norm[i], Math.abs(a.values()[p]));
            }
            largest = Math.max(largest, norm[i] * Math.abs(y[i]));
        }
        double[] size = new double[w.length];
        for (int j = 0; j < w.length; j++) {
            size[j] = Math.abs(w[j]);
        }
        for (int i = 0; i < y.length; i++) {
            for (int p = a.pointers()[i]; p < a.pointers()[i + 1]; p++) {
                size[a.indices()[p]] += largest * Math.abs(a.values()[p]) / norm[i];
            }
        }
        return size;
    }
}
