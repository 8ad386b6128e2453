package dev.stillpoint.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Matrices to test with, and their dense twins. */
final class Matrices {
    private Matrices() {}

    /** About {@code perRow} normal entries a row, some of them in one place, some rows empty. */
    static SparseMatrix random(RandomGenerator random, int rows, int columns, int perRow) {
        int count = columns == 0 ? 0 : rows * perRow;
        int[] row = new int[count];
        int[] column = new int[count];
        double[] value = new double[count];
        for (int t = 0; t < count; t++) {
            row[t] = random.nextInt(rows);
            column[t] = random.nextInt(columns);
            value[t] = random.nextGaussian();
        }
        return SparseMatrix.ofTriplets(rows, columns, row, column, value);
    }

    /** Nodes × arcs of a k × k grid, arcs to the right and down: −1 at the tail, 1 at the head. */
    static SparseMatrix grid(int k) {
        List<int[]> arcs = new ArrayList<>();
        for (int v = 0; v < k * k; v++) {
            if (v % k + 1 < k) {
                arcs.add(new int[] {v, v + 1});
            }
            if (v + k < k * k) {
                arcs.add(new int[] {v, v + k});
            }
        }
        return incidence(k * k, arcs);
    }

    /** Nodes × arcs. */
    static SparseMatrix incidence(int nodes, List<int[]> arcs) {
        int[] row = new int[2 * arcs.size()];
        int[] column = new int[row.length];
        double[] value = new double[row.length];
        for (int a = 0; a < arcs.size(); a++) {
            for (int end = 0; end < 2; end++) {
                row[2 * a + end] = arcs.get(a)[end];
                column[2 * a + end] = a;
                value[2 * a + end] = 2 * end - 1;
            }
        }
        return SparseMatrix.ofTriplets(nodes, arcs.size(), row, column, value);
    }

    /** The matrices one below the other. */
    static SparseMatrix stacked(SparseMatrix top, SparseMatrix below) {
        double[][] rows = new double[top.rows() + below.rows()][];
        System.arraycopy(dense(top), 0, rows, 0, top.rows());
        System.arraycopy(dense(below), 0, rows, top.rows(), below.rows());
        return SparseMatrix.of(rows);
    }

    static int[] permutation(RandomGenerator random, int n) {
        int[] result = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            result[i] = result[j];
            result[j] = i;
        }
        return result;
    }

    static double[][] dense(SparseMatrix a) {
        double[][] result = new double[a.rows()][a.columns()];
        for (int i = 0; i < a.rows(); i++) {
            for (int p = a.pointers()[i]; p < a.pointers()[i + 1]; p++) {
                result[i][a.indices()[p]] = a.values()[p];
            }
        }
        return result;
    }

    static double[][] product(double[][] a, double[][] b) {
        int columns = b.length == 0 ? 0 : b[0].length;
        double[][] result = new double[a.length][columns];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < columns; j++) {
                    result[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return result;
    }

    static double[][] transposed(double[][] a, int columns) {
        double[][] result = new double[columns][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < columns; j++) {
                result[j][i] = a[i][j];
            }
        }
        return result;
    }

    static double[][] column(double[] values) {
        double[][] result = new double[values.length][1];
        for (int i = 0; i < values.length; i++) {
            result[i][0] = values[i];
        }
        return result;
    }
}
