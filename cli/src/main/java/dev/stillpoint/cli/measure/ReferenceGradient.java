package dev.stillpoint.cli.measure;

import dev.stillpoint.kernel.SparseMatrix;

/**
 * ∇_w ‖x − t‖² for x = argmin wᵀx + γ/2 ‖x‖² over {Ax = b, x ≥ 0}, in float64, from the optimality conditions alone: x moves within
 * the null space of the columns F of A where it is positive, so that the gradient is −2/γ (I − A_F⁺A_F)(x − t)_F there and 0 elsewhere.
 * The projection is by conjugate gradients on A_F A_Fᵀ. It shares neither tape, factor nor operator with what is held against it.
 */
final class ReferenceGradient {
    /** ‖A_F g‖ beside ‖A_F (x − t)‖: how far conjugate gradients go. */
    static final double EXACT = 1e-12;

    private static final int ROUNDS_A_ROW = 10;

    private final SparseMatrix a;
    private final double[] x;

    private ReferenceGradient(SparseMatrix a, double[] x) {
        this.a = a;
        this.x = x;
    }

    /**
     * The gradient.
     *
     * @param a A
     * @param gamma γ
     * @param x the solution, exact in which of its numbers are positive
     * @param target t
     * @throws MeasurementException if conjugate gradients stand still
     */
    static double[] of(SparseMatrix a, double gamma, double[] x, double[] target) {
        double[] g = new double[x.length];
        for (int j = 0; j < g.length; j++) {
            g[j] = x[j] > 0 ? x[j] - target[j] : 0;
        }
        new ReferenceGradient(a, x).project(g);
        for (int j = 0; j < g.length; j++) {
            g[j] *= -2 / gamma;
        }
        return g;
    }

    /** g ← g − A_Fᵀy with A_F A_Fᵀ y = A_F g, for g that is 0 off F. */
    private void project(double[] g) {
        double[] r = a.multiply(g);
        double square = dot(r, r);
        double enough = EXACT * EXACT * square;
        double[] p = r.clone();
        for (int round = 0; square > enough; round++) {
            if (round > ROUNDS_A_ROW * r.length) {
                throw new MeasurementException(
                        "bench adjoints: need an exact gradient to compare with, got a residual of " + Math.sqrt(square)
                                + " from conjugate gradients");
            }
            double[] back = a.multiplyTransposed(p);
            for (int j = 0; j < back.length; j++) {
                back[j] = x[j] > 0 ? back[j] : 0;
            }
            double along = square / dot(back, back);
            for (int j = 0; j < g.length; j++) {
                g[j] -= along * back[j];
            }
            // Computed anew: what is true of g, not what the recurrence believes.
            r = a.multiply(g);
            double before = square;
            square = dot(r, r);
            for (int i = 0; i < p.length; i++) {
                p[i] = r[i] + square / before * p[i];
            }
        }
    }

    private static double dot(double[] v, double[] w) {
        double sum = 0;
        for (int i = 0; i < v.length; i++) {
            sum += v[i] * w[i];
        }
        return sum;
    }
}
