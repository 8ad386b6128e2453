package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * A matrix A of shape [rows, columns] in compressed rows: the entries of row i are values[p] in column indices[p] for
 * pointers[i] &lt;= p &lt; pointers[i + 1], columns strictly ascending. Arrays handed out are shared: read only.
 */
public final class SparseMatrix {
    private final int rows;
    private final int columns;
    private final int[] pointers;
    private final int[] indices;
    private final double[] values;

    SparseMatrix(int rows, int columns, int[] pointers, int[] indices, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.pointers = pointers;
        this.indices = indices;
        this.values = values;
    }

    /**
     * A with A[row[t], column[t]] = the sum of value[t] over all t that name this place; sums of zero are not stored.
     * O(rows + columns + t).
     *
     * @param rows number of rows
     * @param columns number of columns
     * @param row rows of the entries, 0 to rows − 1
     * @param column columns of the entries, 0 to columns − 1
     * @param value finite values
     * @return A
     * @throws IllegalArgumentException for negative sizes, arrays of different lengths, an index outside, or a value or
     *     sum that is not finite
     */
    public static SparseMatrix ofTriplets(int rows, int columns, int[] row, int[] column, double[] value) {
        return Triplets.compress(rows, columns, row, column, value);
    }

    /**
     * The non-zero entries of a dense matrix.
     *
     * @param dense finite values, rows of one length; no rows give the 0 × 0 matrix
     * @return A
     * @throws IllegalArgumentException for rows of different lengths or a value that is not finite
     */
    public static SparseMatrix of(double[][] dense) {
        int columns = dense.length == 0 ? 0 : dense[0].length;
        int size = 0;
        for (int i = 0; i < dense.length; i++) {
            if (dense[i].length != columns) {
                throw new IllegalArgumentException(
                        "SparseMatrix: need " + columns + " values a row, got " + dense[i].length + " in row " + i);
            }
            for (int j = 0; j < columns; j++) {
                size = Math.addExact(size, dense[i][j] != 0 ? 1 : 0);
            }
        }
        int[] row = new int[size];
        int[] column = new int[size];
        double[] value = new double[size];
        int t = 0;
        for (int i = 0; i < dense.length; i++) {
            for (int j = 0; j < columns; j++) {
                if (dense[i][j] != 0) {
                    row[t] = i;
                    column[t] = j;
                    value[t++] = dense[i][j];
                }
            }
        }
        return ofTriplets(dense.length, columns, row, column, value);
    }

    /** {@return the number of rows} */
    public int rows() {
        return rows;
    }

    /** {@return the number of columns} */
    public int columns() {
        return columns;
    }

    /** {@return the number of stored entries} */
    public int nonZeros() {
        return indices.length;
    }

    /** {@return where each row starts, and the number of entries: rows + 1 numbers} */
    public int[] pointers() {
        return pointers;
    }

    /** {@return the column of each entry} */
    public int[] indices() {
        return indices;
    }

    /** {@return the value of each entry} */
    public double[] values() {
        return values;
    }

    /** {@return Aᵀ} */
    public SparseMatrix transpose() {
        int[] starts = new int[columns + 1];
        for (int p = 0; p < indices.length; p++) {
            starts[indices[p] + 1]++;
        }
        Triplets.accumulate(starts);
        int[] next = Arrays.copyOf(starts, columns);
        int[] across = new int[indices.length];
        double[] moved = new double[indices.length];
        for (int i = 0; i < rows; i++) {
            for (int p = pointers[i]; p < pointers[i + 1]; p++) {
                int q = next[indices[p]]++;
                across[q] = i;
                moved[q] = values[p];
            }
        }
        return new SparseMatrix(columns, rows, starts, across, moved);
    }

    /**
     * A·Aᵀ, both triangles, equal to the last bit. Stored wherever two rows share a column, also where the products
     * cancel. O(Σ over columns of entries²).
     *
     * @return [rows, rows]
     * @throws IllegalArgumentException where more than 2³¹ − 1 entries would be stored
     */
    public SparseMatrix gram() {
        SparseMatrix transposed = transpose();
        int[] starts = new int[rows + 1];
        int[] seen = new int[rows];
        Arrays.fill(seen, -1);
        long total = 0;
        for (int i = 0; i < rows; i++) {
            for (int p = pointers[i]; p < pointers[i + 1]; p++) {
                int c = indices[p];
                for (int q = transposed.pointers[c]; q < transposed.pointers[c + 1]; q++) {
                    int j = transposed.indices[q];
                    if (seen[j] != i) {
                        seen[j] = i;
                        total++;
                    }
                }
            }
            if (total > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "gram: need at most " + Integer.MAX_VALUE + " entries, got more within row " + i);
            }
            starts[i + 1] = (int) total;
        }
        int[] across = new int[(int) total];
        double[] products = new double[(int) total];
        int[] place = new int[rows];
        int size = 0;
        for (int i = 0; i < rows; i++) {
            int first = size;
            for (int p = pointers[i]; p < pointers[i + 1]; p++) {
                int c = indices[p];
                for (int q = transposed.pointers[c]; q < transposed.pointers[c + 1]; q++) {
                    int j = transposed.indices[q];
                    if (place[j] < first || place[j] >= size || across[place[j]] != j) {
                        place[j] = size;
                        across[size++] = j;
                    }
                    products[place[j]] += values[p] * transposed.values[q];
                }
            }
        }
        // Symmetric, so transposing changes nothing but the order within rows: it sorts.
        return new SparseMatrix(rows, rows, starts, across, products).transpose();
    }

    /**
     * The matrix whose row k is row which[k] of A.
     *
     * @param which rows in any order, also repeated
     * @return [which.length, columns]
     * @throws IllegalArgumentException for a row that A does not have
     */
    public SparseMatrix rows(int[] which) {
        int[] starts = new int[which.length + 1];
        for (int k = 0; k < which.length; k++) {
            if (which[k] < 0 || which[k] >= rows) {
                throw new IllegalArgumentException(
                        "rows: need 0 to " + (rows - 1) + ", got " + which[k] + " at position " + k);
            }
            starts[k + 1] = Math.addExact(starts[k], pointers[which[k] + 1] - pointers[which[k]]);
        }
        int[] across = new int[starts[which.length]];
        double[] copied = new double[across.length];
        for (int k = 0; k < which.length; k++) {
            int from = pointers[which[k]];
            System.arraycopy(indices, from, across, starts[k], starts[k + 1] - starts[k]);
            System.arraycopy(values, from, copied, starts[k], starts[k + 1] - starts[k]);
        }
        return new SparseMatrix(which.length, columns, starts, across, copied);
    }

    /**
     * diag(factor)·A, with the pattern of A.
     *
     * @param factor a number for each row
     * @return [rows, columns]
     * @throws IllegalArgumentException for another length, or a product that is not finite
     */
    public SparseMatrix scaledRows(double[] factor) {
        need("scaledRows", rows, factor.length);
        double[] scaled = new double[values.length];
        for (int i = 0; i < rows; i++) {
            for (int p = pointers[i]; p < pointers[i + 1]; p++) {
                scaled[p] = factor[i] * values[p];
                if (!Double.isFinite(scaled[p])) {
                    throw new IllegalArgumentException(
                            "scaledRows: need finite products, got " + factor[i] + " * " + values[p] + " in row " + i);
                }
            }
        }
        return new SparseMatrix(rows, columns, pointers, indices, scaled);
    }

    /** {@return |A|, entry by entry} */
    public SparseMatrix absolute() {
        double[] sizes = new double[values.length];
        for (int p = 0; p < sizes.length; p++) {
            sizes[p] = Math.abs(values[p]);
        }
        return new SparseMatrix(rows, columns, pointers, indices, sizes);
    }

    /**
     * A·x.
     *
     * @param x [columns]
     * @return [rows]
     * @throws IllegalArgumentException for another length
     */
    public double[] multiply(double[] x) {
        need("multiply", columns, x.length);
        double[] y = new double[rows];
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int p = pointers[i]; p < pointers[i + 1]; p++) {
                sum += values[p] * x[indices[p]];
            }
            y[i] = sum;
        }
        return y;
    }

    /**
     * Aᵀ·y.
     *
     * @param y [rows]
     * @return [columns]
     * @throws IllegalArgumentException for another length
     */
    public double[] multiplyTransposed(double[] y) {
        need("multiplyTransposed", rows, y.length);
        double[] x = new double[columns];
        for (int i = 0; i < rows; i++) {
            for (int p = pointers[i]; p < pointers[i + 1]; p++) {
                x[indices[p]] += values[p] * y[i];
            }
        }
        return x;
    }

    private static void need(String method, int length, int got) {
        if (got != length) {
            throw new IllegalArgumentException(method + ": need " + length + " numbers, got " + got);
        }
    }
}
