package dev.stillpoint.kernel;

/**
 * The affine subspace {x : Ax = b} for a sparse A and any b: P(x) = x − Aᵀ(AAᵀ)⁻¹(Ax − b), by one sparse Cholesky factor.
 *
 * <p>Rows are first scaled to norm 1, which changes no solution and evens out their pivots. Rows that depend on others are
 * left out; whether b agrees with them is {@link #inconsistency}'s question. Immutable; a product costs O(nonzeros of A and L).
 */
public final class AffineFactor {
    private final SparseMatrix original;
    private final SparseMatrix rows;
    private final double[] scale;
    private final NormalCholesky cholesky;
    private final LaneFactor lanes;

    private AffineFactor(SparseMatrix original) {
        this.original = original;
        double[] factor = new double[original.rows()];
        for (int i = 0; i < factor.length; i++) {
            double norm = norm(original, i);
            factor[i] = norm > 0 ? 1 / norm : 0;
        }
        SparseMatrix scaled = original.scaledRows(factor);
        this.cholesky = NormalCholesky.of(scaled);
        this.rows = scaled.rows(cholesky.order());
        this.scale = new double[cholesky.rank()];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = factor[cholesky.order()[i]];
        }
        this.lanes = LaneFactor.of(rows, cholesky);
    }

    /**
     * Factors AAᵀ.
     *
     * @param a A, of any rank
     */
    public static AffineFactor of(SparseMatrix a) {
        return new AffineFactor(a);
    }

    private static double norm(SparseMatrix a, int row) {
        // Scaled by the largest entry, so that no square overflows.
        double largest = 0;
        for (int t = a.pointers()[row]; t < a.pointers()[row + 1]; t++) {
            largest = Math.max(largest, Math.abs(a.values()[t]));
        }
        double sum = 0;
        for (int t = a.pointers()[row]; t < a.pointers()[row + 1]; t++) {
            double part = a.values()[t] / largest;
            sum += part * part;
        }
        return largest * Math.sqrt(sum);
    }

    /** A as it was given. */
    public SparseMatrix matrix() {
        return original;
    }

    /** n, the length of x. */
    public int columns() {
        return original.columns();
    }

    /** The rows of A that do not depend on others. */
    public int rank() {
        return scale.length;
    }

    /** The rows of A that were left out, because they depend on others. */
    public int[] dropped() {
        return cholesky.dropped();
    }

    /** Nonzeros of L below its diagonal. */
    public long nonZeros() {
        return cholesky.nonZeros();
    }

    /** Where each column of L starts, and its nonzeros: rank + 1 numbers. Shared: read only. */
    int[] columnStarts() {
        return cholesky.columnPointers();
    }

    /** The kept rows of A in the order of their elimination, scaled to norm 1, [rank, n]. */
    public SparseMatrix keptRows() {
        return rows;
    }

    /** Which row of A each kept row is, [rank]. */
    public int[] order() {
        return cholesky.order();
    }

    /** What each kept row of A was multiplied by, [rank]. */
    public double[] rowScales() {
        return scale;
    }

    /** The factor as tiles use it. */
    public LaneFactor lanes() {
        return lanes;
    }

    /**
     * b in the order and scale of the kept rows.
     *
     * @param b [rows of A]
     * @return a new array, [rank]
     */
    public double[] kept(double[] b) {
        int[] order = cholesky.order();
        double[] kept = new double[order.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = scale[i] * b[order[i]];
        }
        return kept;
    }

    /**
     * P(x), or its linear part (I − A⁺A)x for b = 0. Done twice over: the second pass takes away what rounding left of Ax − b.
     *
     * @param x [n], overwritten by the projection
     * @param kept b as {@link #kept} gives it
     */
    public void project(double[] x, double[] kept) {
        for (int pass = 0; pass < 2; pass++) {
            double[] y = rows.multiply(x);
            for (int i = 0; i < y.length; i++) {
                y[i] -= kept[i];
            }
            cholesky.solve(y);
            double[] correction = rows.multiplyTransposed(y);
            for (int j = 0; j < x.length; j++) {
                x[j] -= correction[j];
            }
        }
    }

    /**
     * {@link #project(double[], double[])} of many samples, one after another in {@code x}.
     *
     * @param count samples
     * @param x [count, n], overwritten by the projections
     * @param kept b as {@link #kept} gives it, one for all samples or one a sample
     */
    public void project(int count, double[] x, double[][] kept) {
        int n = columns();
        int parts = Math.min(count, Workers.limit());
        Workers.run(parts, part -> {
            double[] row = new double[n];
            for (int i = part; i < count; i += parts) {
                System.arraycopy(x, i * n, row, 0, n);
                project(row, kept[kept.length == 1 ? 0 : i]);
                System.arraycopy(row, 0, x, i * n, n);
            }
        });
    }

    /**
     * y ← (AAᵀ)⁻¹y over the kept rows, in their scale, of many samples.
     *
     * @param count samples
     * @param y [count, rank]
     */
    public void normalSolve(int count, double[] y) {
        int m = rank();
        double[] row = new double[m];
        for (int i = 0; i < count; i++) {
            System.arraycopy(y, i * m, row, 0, m);
            cholesky.solve(row);
            System.arraycopy(row, 0, y, i * m, m);
        }
    }

    /**
     * ‖Ax − b‖₂ at x = A⁺b: 0 up to rounding where some x solves Ax = b.
     *
     * @param b [rows of A]
     */
    public double inconsistency(double[] b) {
        double[] x = new double[columns()];
        project(x, kept(b));
        double[] ax = original.multiply(x);
        double sum = 0;
        for (int i = 0; i < ax.length; i++) {
            sum += (ax[i] - b[i]) * (ax[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
