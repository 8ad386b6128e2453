package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * One thread's factors for {@link FaceProjection}: A_F·A_Fᵀ = L·D·Lᵀ row by row, where the elimination tree of the rows so far is
 * found along the way. L is written into the columns of the factor of AAᵀ, whose pattern holds that of every face. All
 * is allocated when it is made.
 *
 * <p>Reference: Davis 2005, "Algorithm 849: A concise sparse Cholesky factorization package".
 */
final class Face {
    /** Solves a sample: the second takes away what the rounding of the first left of A(g − s). */
    private static final int PASSES = 2;

    private final SparseMatrix rows;
    private final SparseMatrix columns;
    private final int m;
    private final double tolerance;
    private final int[] start;
    private final int[] end;
    private final int[] rowIndices;
    private final double[] entries;
    /** Zero for a row that depends on those before it, and for one without a free variable. */
    private final double[] pivots;

    private final int[] parent;
    private final int[] seen;
    private final int[] way;
    private final int[] stack;
    private final double[] y;
    private final double[] part;

    Face(AffineFactor factor, SparseMatrix columns) {
        this.rows = factor.keptRows();
        this.columns = columns;
        this.m = rows.rows();
        this.tolerance = Elimination.dependence(m);
        this.start = factor.columnStarts();
        this.end = new int[m];
        this.rowIndices = new int[start[m]];
        this.entries = new double[start[m]];
        this.pivots = new double[m];
        this.parent = new int[m];
        this.seen = new int[m];
        this.way = new int[m];
        this.stack = new int[m];
        this.y = new double[m];
        this.part = new double[m];
    }

    /** s of the sample whose entries start at {@code at}. */
    void held(boolean[] free, double[] g, double[] s, int at) {
        factor(free, at);
        Arrays.fill(s, at, at + rows.columns(), 0);
        for (int pass = 0; pass < PASSES; pass++) {
            multiply(free, g, s, at);
            solve();
            spread(s, at);
        }
    }

    private void factor(boolean[] free, int at) {
        for (int k = 0; k < m; k++) {
            parent[k] = -1;
            seen[k] = k;
            end[k] = start[k];
            int top = m;
            double squared = 0;
            for (int p = rows.pointers()[k]; p < rows.pointers()[k + 1]; p++) {
                int j = rows.indices()[p];
                if (free[at + j]) {
                    double a = rows.values()[p];
                    squared += a * a;
                    for (int q = columns.pointers()[j]; columns.indices()[q] < k; q++) {
                        int i = columns.indices()[q];
                        part[i] += a * columns.values()[q];
                        top = climb(i, k, top);
                    }
                }
            }
            pivots[k] = eliminate(k, top, squared);
        }
    }

    /** Adds the way from column i up to k to the stack, which stays in an order that the elimination can follow. */
    private int climb(int i, int k, int top) {
        int length = 0;
        for (int at = i; seen[at] != k; at = parent[at]) {
            if (parent[at] < 0) {
                parent[at] = k;
            }
            seen[at] = k;
            way[length++] = at;
        }
        int newTop = top;
        while (length > 0) {
            stack[--newTop] = way[--length];
        }
        return newTop;
    }

    /** Row k of L from row k of the matrix in {@code part}, which is zero again afterwards. */
    private double eliminate(int k, int top, double squared) {
        double pivot = squared;
        for (int t = top; t < m; t++) {
            int i = stack[t];
            double value = part[i];
            part[i] = 0;
            if (pivots[i] > 0) {
                for (int p = start[i]; p < end[i]; p++) {
                    part[rowIndices[p]] -= entries[p] * value;
                }
                double entry = value / pivots[i];
                pivot -= entry * value;
                rowIndices[end[i]] = k;
                entries[end[i]++] = entry;
            }
        }
        return pivot > tolerance * squared ? pivot : 0;
    }

    /** y = A_F(g − s)_F. */
    private void multiply(boolean[] free, double[] g, double[] s, int at) {
        for (int k = 0; k < m; k++) {
            double sum = 0;
            for (int p = rows.pointers()[k]; p < rows.pointers()[k + 1]; p++) {
                int j = at + rows.indices()[p];
                if (free[j]) {
                    sum += rows.values()[p] * (g[j] - s[j]);
                }
            }
            y[k] = sum;
        }
    }

    /** L·D·Lᵀ·y ← y over the rows that have a pivot, 0 in the others. */
    private void solve() {
        for (int k = 0; k < m; k++) {
            if (pivots[k] > 0) {
                for (int p = start[k]; p < end[k]; p++) {
                    y[rowIndices[p]] -= entries[p] * y[k];
                }
            }
        }
        for (int k = m - 1; k >= 0; k--) {
            double sum = 0;
            if (pivots[k] > 0) {
                sum = y[k] / pivots[k];
                for (int p = start[k]; p < end[k]; p++) {
                    sum -= entries[p] * y[rowIndices[p]];
                }
            }
            y[k] = sum;
        }
    }

    /** s += Aᵀy. */
    private void spread(double[] s, int at) {
        for (int k = 0; k < m; k++) {
            if (y[k] != 0) {
                for (int p = rows.pointers()[k]; p < rows.pointers()[k + 1]; p++) {
                    s[at + rows.indices()[p]] += rows.values()[p] * y[k];
                }
            }
        }
    }
}
