package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * P·A·Aᵀ·Pᵀ = L·D·Lᵀ over rows of A that are independent, L unit lower triangular and sparse, D diagonal and positive.
 * Rows that depend on others are dropped: an incidence matrix loses one for each component. A row depends where the sine
 * of its angle to the span of others is below about 3e-6 (√(1e-11 + 2e-15 m)). All indices below are those of the order:
 * k stands for row order()[k] of A. Arrays handed out are shared: read only.
 *
 * <p>Reference: Davis 2006, "Direct Methods for Sparse Linear Systems", chapter 4 (up-looking factorization).
 */
public final class NormalCholesky {
    /** What a Java array can hold. */
    private static final int MOST_ENTRIES = Integer.MAX_VALUE - 8;

    private final int[] order;
    private final int[] dropped;
    private final int[] columnPointers;
    private final int[] rowIndices;
    private final double[] values;
    private final double[] pivots;

    NormalCholesky(
            int[] order, int[] dropped, int[] columnPointers, int[] rowIndices, double[] values, double[] pivots) {
        this.order = order;
        this.dropped = dropped;
        this.columnPointers = columnPointers;
        this.rowIndices = rowIndices;
        this.values = values;
        this.pivots = pivots;
    }

    /**
     * Orders, factors and finds the rank.
     *
     * @param a [m, n], any shape and rank
     * @return the factor
     * @throws IllegalArgumentException for a row whose squared norm is out of range, or a factor of more than 2³¹ − 1
     *     entries
     */
    public static NormalCholesky of(SparseMatrix a) {
        checkNorms(a);
        int[] rows = new int[a.rows()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        // Dropped rows have left fill among the rows after them: without them it is less.
        Elimination elimination = eliminate(a);
        while (elimination.hasFillOfDropped()) {
            rows = elimination.kept(rows);
            elimination = eliminate(a.rows(rows));
        }
        return elimination.factor(rows, a.rows());
    }

    private static Elimination eliminate(SparseMatrix a) {
        SparseMatrix gram = a.gram();
        EliminationTree tree = Ordering.tree(gram);
        if (tree.nonZeros() > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "NormalCholesky: need at most " + MOST_ENTRIES + " entries in the factor, got " + tree.nonZeros());
        }
        return new Elimination(gram, tree);
    }

    /** {@return rows of A that were kept, in the order of elimination} */
    public int[] order() {
        return order;
    }

    /** {@return rows of A that depend on the kept ones, ascending} */
    public int[] dropped() {
        return dropped;
    }

    /** {@return the number of independent rows} */
    public int rank() {
        return order.length;
    }

    /** {@return where each column of L starts, and the number of entries below the diagonal: rank + 1 numbers} */
    public int[] columnPointers() {
        return columnPointers;
    }

    /** {@return the rows of L's entries below the diagonal, ascending in each column} */
    public int[] rowIndices() {
        return rowIndices;
    }

    /** {@return the values of L's entries below the diagonal} */
    public double[] values() {
        return values;
    }

    /** {@return the diagonal of D: positive} */
    public double[] pivots() {
        return pivots;
    }

    /** {@return the number of entries of L below the diagonal} */
    public long nonZeros() {
        return rowIndices.length;
    }

    /**
     * Supernodes: runs of columns first to last, each with a full triangle and the same rows below it.
     *
     * @return the first column of each, and rank at the end
     */
    public int[] supernodes() {
        int[] first = new int[rank() + 1];
        int count = 0;
        for (int j = 0; j < rank(); j++) {
            if (j == 0 || !continues(j)) {
                first[count++] = j;
            }
        }
        first[count++] = rank();
        return Arrays.copyOf(first, count);
    }

    /** Whether column j − 1 is row j and then column j: it has at least row j and all of column j when it has row j. */
    private boolean continues(int j) {
        int start = columnPointers[j - 1];
        int end = columnPointers[j];
        return start < end && rowIndices[start] == j && end - start - 1 == columnPointers[j + 1] - end;
    }

    /**
     * Solves L·D·Lᵀ·x = y. O(non-zeros).
     *
     * @param y right-hand side [rank], in the order of elimination; becomes x
     * @throws IllegalArgumentException for another length
     */
    public void solve(double[] y) {
        if (y.length != rank()) {
            throw new IllegalArgumentException("solve: need " + rank() + " numbers, got " + y.length);
        }
        for (int j = 0; j < y.length; j++) {
            for (int p = columnPointers[j]; p < columnPointers[j + 1]; p++) {
                y[rowIndices[p]] -= values[p] * y[j];
            }
        }
        for (int j = y.length - 1; j >= 0; j--) {
            double sum = y[j] / pivots[j];
            for (int p = columnPointers[j]; p < columnPointers[j + 1]; p++) {
                sum -= values[p] * y[rowIndices[p]];
            }
            y[j] = sum;
        }
    }

    private static void checkNorms(SparseMatrix a) {
        for (int i = 0; i < a.rows(); i++) {
            double squared = 0;
            for (int p = a.pointers()[i]; p < a.pointers()[i + 1]; p++) {
                squared += a.values()[p] * a.values()[p];
            }
            boolean empty = a.pointers()[i] == a.pointers()[i + 1];
            if (!empty && !(squared >= Double.MIN_NORMAL && squared <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "NormalCholesky: need rows that are empty or have a squared norm from " + Double.MIN_NORMAL
                                + " to " + Double.MAX_VALUE + ", got " + squared + " in row " + i);
            }
        }
    }
}
