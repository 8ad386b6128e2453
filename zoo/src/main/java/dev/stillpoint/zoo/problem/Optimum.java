package dev.stillpoint.zoo.problem;

import dev.stillpoint.kernel.SparseMatrix;

/**
 * A decision, what it costs, and a bound that no feasible point goes below.
 *
 * @param x [n], feasible
 * @param value wᵀx
 * @param bound at most the least cost over the polytope, by {@link #dualBound}: value − bound bounds how far x is from
 *     optimal, whatever the oracle did
 */
public record Optimum(double[] x, double value, double bound) {
    /**
     * The Lagrangian bound bᵀy + Σⱼ min over lⱼ ≤ xⱼ ≤ uⱼ of (w − Aᵀy)ⱼ xⱼ: for any y at most the least wᵀx over
     * {Ax = b, l ≤ x ≤ u}, and equal to it at the linear program's dual solution. O(nonzeros of A).
     *
     * @param y one multiplier a row of A
     * @return the bound, −∞ where a variable without a bound has a reduced cost towards it
     */
    public static double dualBound(SparseMatrix a, double[] b, double[] lower, double[] upper, double[] w, double[] y) {
        double bound = 0;
        for (int i = 0; i < b.length; i++) {
            bound += b[i] * y[i];
        }
        double[] priced = a.multiplyTransposed(y);
        for (int j = 0; j < w.length; j++) {
            double reduced = w[j] - priced[j];
            // 0 · ∞ would be NaN.
            bound += reduced == 0 ? 0 : reduced * (reduced > 0 ? lower[j] : upper[j]);
        }
        return bound;
    }
}
