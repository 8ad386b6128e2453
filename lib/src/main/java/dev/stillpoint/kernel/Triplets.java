package dev.stillpoint.kernel;

import java.util.Arrays;

/** Entries in any order, made a matrix. */
final class Triplets {
    private Triplets() {}

    static SparseMatrix compress(int rows, int columns, int[] row, int[] column, double[] value) {
        check(rows, columns, row, column, value);
        // Two stable sorts: the entries of one place meet in the order they were given, and so their sum has one value.
        int[] order = new int[value.length];
        for (int t = 0; t < order.length; t++) {
            order[t] = t;
        }
        order = sorted(order, column, columns);
        order = sorted(order, row, rows);
        int[] pointers = new int[rows + 1];
        int[] indices = new int[order.length];
        double[] values = new double[order.length];
        int size = 0;
        int t = 0;
        while (t < order.length) {
            int i = row[order[t]];
            int j = column[order[t]];
            double sum = 0;
            while (t < order.length && row[order[t]] == i && column[order[t]] == j) {
                sum += value[order[t++]];
            }
            if (!Double.isFinite(sum)) {
                throw new IllegalArgumentException(
                        "SparseMatrix: need a finite sum, got " + sum + " in row " + i + ", column " + j);
            }
            if (sum != 0) {
                indices[size] = j;
                values[size++] = sum;
                pointers[i + 1]++;
            }
        }
        accumulate(pointers);
        return new SparseMatrix(rows, columns, pointers, Arrays.copyOf(indices, size), Arrays.copyOf(values, size));
    }

    /** Counts at 1, 2, ... become the places where runs of these lengths start. */
    static void accumulate(int[] counts) {
        for (int i = 1; i < counts.length; i++) {
            counts[i] += counts[i - 1];
        }
    }

    private static int[] sorted(int[] order, int[] key, int keys) {
        int[] next = new int[keys + 1];
        for (int t = 0; t < key.length; t++) {
            next[key[t] + 1]++;
        }
        accumulate(next);
        int[] result = new int[order.length];
        for (int t = 0; t < order.length; t++) {
            result[next[key[order[t]]]++] = order[t];
        }
        return result;
    }

    private static void check(int rows, int columns, int[] row, int[] column, double[] value) {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("SparseMatrix: need sizes >= 0, got " + rows + " x " + columns);
        }
        if (row.length != value.length || column.length != value.length) {
            throw new IllegalArgumentException("SparseMatrix: need a row, a column and a value for each entry, got "
                    + row.length + " rows, " + column.length + " columns, " + value.length + " values");
        }
        for (int t = 0; t < value.length; t++) {
            if (row[t] < 0 || row[t] >= rows || column[t] < 0 || column[t] >= columns) {
                throw new IllegalArgumentException("SparseMatrix: need an entry within " + rows + " x " + columns
                        + ", got row " + row[t] + ", column " + column[t] + " at position " + t);
            }
            if (!Double.isFinite(value[t])) {
                throw new IllegalArgumentException("SparseMatrix: need finite values, got " + value[t] + " in row "
                        + row[t] + ", column " + column[t] + " (position " + t + ")");
            }
        }
    }
}
