package dev.stillpoint.kernel;

import java.util.Arrays;

/** Row by row: row k of L solves a triangular system with the rows above it. */
final class Elimination {
    /**
     * A row is dropped where its part orthogonal to the rows before it has at most this share of its squared length: an
     * angle of 3e-6. The share is a difference, so for a dependent row it is rounding: 3e-15 measured on random rows of
     * condition 1 to 1e6. It must stay so far below what is kept that kept pivots have three correct digits.
     */
    private static final double DEPENDENT = 1e-11;
    /**
     * Where a row is Σ wᵢ·aᵢ over unit rows before it, rounding comes in Σ wᵢ² times: up to m on an incidence matrix, all
     * of whose weights are ±1. Measured there: 0.08 · m · 2⁻⁵²; this is a hundred times that.
     */
    private static final double AMPLIFIED = 8 * 0x1p-52;

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
        run();
    }

    /** The share of its squared length at which one of m rows counts as depending on those before it. */
    static double dependence(int m) {
        return DEPENDENT + m * AMPLIFIED;
    }

    private void run() {
        double tolerance = dependence(m);
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
                    subtract(y, i, yi);
                    double entry = yi / pivots[i];
                    pivot -= entry * yi;
                    rows[end[i]] = k;
                    entries[end[i]++] = entry;
                }
            }
            pivots[k] = pivot > tolerance * squared ? pivot : 0;
        }
    }

    /** y −= column i · factor, as far as it is known. */
    private void subtract(double[] y, int i, double factor) {
        int from = start[i];
        int to = end[i];
        if (from < to && rows[to - 1] - rows[from] == to - 1 - from) {
            // Full, as where the matrix is dense: this loop is vectorised.
            int shift = rows[from] - from;
            for (int p = from; p < to; p++) {
                y[shift + p] -= entries[p] * factor;
            }
        } else {
            for (int p = from; p < to; p++) {
                y[rows[p]] -= entries[p] * factor;
            }
        }
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

    /** Whether the columns of dropped rows have entries, which the rows below them share. */
    boolean hasFillOfDropped() {
        for (int k = 0; k < m; k++) {
            if (pivots[k] == 0 && tree.counts()[k] > 0) {
                return true;
            }
        }
        return false;
    }

    /** Those of {@code names}, one for each row of the matrix, whose rows were kept, in the order of the matrix. */
    int[] kept(int[] names) {
        int[] result = new int[m];
        int rank = 0;
        for (int i = 0; i < m; i++) {
            if (pivots[tree.inverse()[i]] > 0) {
                result[rank++] = names[i];
            }
        }
        return Arrays.copyOf(result, rank);
    }

    /** The factor without dropped rows, when row i of the matrix is row names[i] of {@code all}. */
    NormalCholesky factor(int[] names, int all) {
        int[] place = new int[m];
        int rank = 0;
        for (int k = 0; k < m; k++) {
            place[k] = pivots[k] > 0 ? rank++ : -1;
        }
        int[] order = new int[rank];
        boolean[] isKept = new boolean[all];
        int[] pointers = new int[rank + 1];
        int[] keptRows = new int[rows.length];
        double[] keptEntries = new double[rows.length];
        double[] keptPivots = new double[rank];
        int size = 0;
        for (int k = 0; k < m; k++) {
            int j = place[k];
            if (j < 0) {
                continue;
            }
            order[j] = names[tree.order()[k]];
            isKept[order[j]] = true;
            keptPivots[j] = pivots[k];
            for (int p = start[k]; p < end[k]; p++) {
                if (place[rows[p]] >= 0) {
                    keptRows[size] = place[rows[p]];
                    keptEntries[size++] = entries[p];
                }
            }
            pointers[j + 1] = size;
        }
        int[] dropped = new int[all - rank];
        int count = 0;
        for (int i = 0; i < all; i++) {
            if (!isKept[i]) {
                dropped[count++] = i;
            }
        }
        return new NormalCholesky(
                order, dropped, pointers, Arrays.copyOf(keptRows, size), Arrays.copyOf(keptEntries, size), keptPivots);
    }
}
