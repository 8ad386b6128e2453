package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * P·A·Aᵀ·Pᵀ = L·D·Lᵀ over rows of A that are independent, L unit lower triangular and sparse, D diagonal and positive.
 * Rows that depend on others are dropped: an incidence matrix loses one for each component. All indices below are those
 * of the order: k stands for row order()[k] of A. Arrays handed out are shared: read only.
 *
 * <p>Reference: Davis 2006, "Direct Methods for Sparse Linear Systems", chapter 4 (up-looking factorization).
 */
public final class NormalCholesky {
    /**
     * A row is dropped where its part orthogonal to the rows before it has at most this share of its squared length. It
     * is computed as a difference, with an error near 2⁻⁵² times how much the rows before it amplify errors.
     */
    private static final double DEPENDENT = 1e-11;

    private final int[] order;
    private final int[] dropped;
    private final int[] columnPointers;
    private final int[] rowIndices;
    private final double[] values;
    private final double[] pivots;

    private NormalCholesky(
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
        SparseMatrix gram = a.gram();
        checkNorms(a, gram);
        EliminationTree tree = Ordering.tree(gram);
        if (tree.nonZeros() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "NormalCholesky: need at most 2^31 - 9 entries in the factor, got " + tree.nonZeros());
        }
        return new Elimination(gram, tree).run();
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

    private static void checkNorms(SparseMatrix a, SparseMatrix gram) {
        for (int i = 0; i < a.rows(); i++) {
            for (int p = gram.pointers()[i]; p < gram.pointers()[i + 1]; p++) {
                double squared = gram.values()[p];
                if (gram.indices()[p] == i && !(squared >= Double.MIN_NORMAL && squared <= Double.MAX_VALUE)) {
                    throw new IllegalArgumentException("NormalCholesky: need rows that are zero or have a squared norm "
                            + "between 1e-307 and 1e308, got " + squared + " in row " + i);
                }
            }
        }
    }

    /** Row by row: row k of L solves a triangular system with the rows above it. */
    private static final class Elimination {
        private final SparseMatrix gram;
        private final EliminationTree tree;
        private final int m;
        private final int[] start;
        private final int[] end;
        private final int[] rows;
        private final double[] entries;
        private final double[] pivots;

        Elimination(SparseMatrix gram, EliminationTree tree) {
            this.gram = gram;
            this.tree = tree;
            m = gram.rows();
            start = new int[m + 1];
            for (int k = 0; k < m; k++) {
                start[k + 1] = start[k] + tree.counts()[k];
            }
            end = Arrays.copyOf(start, m);
            rows = new int[start[m]];
            entries = new double[start[m]];
            // Zero for a dropped row.
            pivots = new double[m];
        }

        NormalCholesky run() {
            double[] y = new double[m];
            int[] seen = new int[m];
            int[] stack = new int[m];
            Arrays.fill(seen, -1);
            for (int k = 0; k < m; k++) {
                int row = tree.order()[k];
                int top = m;
                double squared = 0;
                for (int p = gram.pointers()[row]; p < gram.pointers()[row + 1]; p++) {
                    int i = tree.inverse()[gram.indices()[p]];
                    if (i == k) {
                        squared = gram.values()[p];
                    } else if (i < k) {
                        y[i] = gram.values()[p];
                        top = climb(i, k, seen, stack, top);
                    }
                }
                double pivot = squared;
                for (int t = top; t < m; t++) {
                    int i = stack[t];
                    double yi = y[i];
                    y[i] = 0;
                    if (pivots[i] > 0) {
                        for (int p = start[i]; p < end[i]; p++) {
                            y[rows[p]] -= entries[p] * yi;
                        }
                        double entry = yi / pivots[i];
                        pivot -= entry * yi;
                        rows[end[i]] = k;
                        entries[end[i]++] = entry;
                    }
                }
                pivots[k] = pivot > DEPENDENT * squared ? pivot : 0;
            }
            return compress();
        }

        /** Adds the way from column i up to k to the stack, which stays in an order that the elimination can follow. */
        private int climb(int i, int k, int[] seen, int[] stack, int top) {
            int length = 0;
            int at = i;
            while (at < k && seen[at] != k) {
                seen[at] = k;
                stack[length++] = at;
                at = tree.parent()[at];
            }
            int newTop = top;
            while (length > 0) {
                stack[--newTop] = stack[--length];
            }
            return newTop;
        }

        private NormalCholesky compress() {
            int[] place = new int[m];
            int rank = 0;
            for (int k = 0; k < m; k++) {
                place[k] = pivots[k] > 0 ? rank++ : -1;
            }
            int[] order = new int[rank];
            int[] dropped = new int[m - rank];
            int[] pointers = new int[rank + 1];
            int[] keptRows = new int[rows.length];
            double[] keptEntries = new double[rows.length];
            double[] keptPivots = new double[rank];
            int size = 0;
            int out = 0;
            for (int k = 0; k < m; k++) {
                int j = place[k];
                if (j < 0) {
                    dropped[out++] = tree.order()[k];
                    continue;
                }
                order[j] = tree.order()[k];
                keptPivots[j] = pivots[k];
                for (int p = start[k]; p < end[k]; p++) {
                    if (place[rows[p]] >= 0) {
                        keptRows[size] = place[rows[p]];
                        keptEntries[size++] = entries[p];
                    }
                }
                pointers[j + 1] = size;
            }
            Arrays.sort(dropped);
            return new NormalCholesky(
                    order,
                    dropped,
                    pointers,
                    Arrays.copyOf(keptRows, size),
                    Arrays.copyOf(keptEntries, size),
                    keptPivots);
        }
    }
}
