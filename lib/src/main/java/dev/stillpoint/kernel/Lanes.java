package dev.stillpoint.kernel;

/**
 * Arithmetic on tiles: {@link #width()} samples side by side, the sample index innermost, so that entry j of lane l stands at
 * {@code j·width + l} and every sparse operation is a contiguous one over the lanes. A lane's numbers do not depend on
 * what the other lanes hold, nor on which lane it is.
 *
 * <p>One implementation uses SIMD instructions, the other plain Java; {@link LaneChoice} says which one runs. No method allocates.
 */
public interface Lanes {
    /** What it is, for people: "Vector API, 512 bits". */
    String name();

    /** Samples a tile, at least 1. */
    int width();

    /**
     * Lanes for few samples, whose step takes less time: the same operations on a sample in the same order, so that its
     * numbers are the same bit for bit. These lanes themselves where there are none.
     */
    default Lanes narrower() {
        return this;
    }

    /** y ← Av − b: tiles of n, m and m. O(nonzeros of A). */
    void residual(LaneFactor f, float[] v, float[] b, float[] y);

    /**
     * y ← (AAᵀ)⁻¹ y, in place. O(nonzeros of L). What was computed last is subtracted last, so that a sum waits for it as
     * late as it can: from the first row to the last and back, along each row of L and each column from its end.
     */
    void solve(LaneFactor f, float[] y);

    /**
     * One sweep of Davis-Yin splitting over the columns of A: with y = (AAᵀ)⁻¹(Av − b) of the present iterate z and
     * x = min(max(z, l), u), the next iterate z⁺ = (1 − αγ)x − αw − Aᵀy, and v⁺ = (2 − αγ)x⁺ − z⁺ − αw for the step after it.
     * O(nonzeros of A).
     *
     * @param f A
     * @param box l and u
     * @param keep 1 − αγ
     * @param scaledCost αw, a tile of n
     * @param z the iterate, a tile of n; left as it is
     * @param next z⁺, a tile of n; overwritten
     * @param y a tile of m
     * @param v v⁺, a tile of n; overwritten
     * @param sums overwritten: ‖z⁺ − z‖² of every lane, then ‖z‖² of every lane; NaN in z comes out of both, and
     *     out of z⁺ unless the bounds replace it
     */
    void sweep(
            LaneFactor f,
            Bounds box,
            float keep,
            float[] scaledCost,
            float[] z,
            float[] next,
            float[] y,
            float[] v,
            float[] sums);

    /** v ← v − Aᵀy: a tile of n and one of m. */
    void subtractTransposed(LaneFactor f, float[] y, float[] v);

    /**
     * y_i ← Σ_j A_ij·x_j for the rows from ≤ i &lt; to, summed in the order of the columns: tiles of A's columns and rows, of which
     * the other rows stay as they are. O(their nonzeros).
     */
    void product(LaneMatrix a, int from, int to, float[] x, float[] y);

    /**
     * Multiply-adds that wait for neither memory nor each other, in this arithmetic: timed, what one core can do at best.
     *
     * @param rounds how often all of them are done
     * @param result {@link #width()} numbers, overwritten, so that the work is not for nothing
     * @return the floating-point operations done, two a multiply-add
     */
    long multiplyAdds(int rounds, float[] result);
}
