package dev.stillpoint.kernel;

/**
 * What {@link Lanes} need of A and of the factor AAᵀ = LDLᵀ, in float32: A by columns and by rows, the strictly lower part of the unit
 * triangular L by rows and by columns, and 1/D. Rows of A stand in the order in which they are eliminated, dependent ones
 * left out. Shared by all tiles, read-only.
 *
 * @param columns n
 * @param rank m, the rows kept
 * @param matrixPointers where each column of A begins, [n + 1]
 * @param matrixRows row of each nonzero of A, column by column
 * @param matrixValues the nonzeros of A
 * @param rowPointers where each row of L begins, [m + 1]
 * @param rowIndices column of each nonzero of L, row by row
 * @param rowValues the nonzeros of L, row by row
 * @param columnPointers where each column of L begins, [m + 1]
 * @param columnIndices row of each nonzero of L, column by column
 * @param columnValues the nonzeros of L, column by column
 * @param inversePivots 1/D, [m]
 * @param productPointers where each row of A begins, [m + 1]
 * @param productColumns column of each nonzero of A, row by row
 * @param productValues the nonzeros of A, row by row
 */
public record LaneFactor(
        int columns,
        int rank,
        int[] matrixPointers,
        int[] matrixRows,
        float[] matrixValues,
        int[] rowPointers,
        int[] rowIndices,
        float[] rowValues,
        int[] columnPointers,
        int[] columnIndices,
        float[] columnValues,
        float[] inversePivots,
        int[] productPointers,
        int[] productColumns,
        float[] productValues) {

    /**
     * From a matrix and the factor of its rows.
     *
     * @param a A, its rows in elimination order, dependent ones left out
     * @param l the factor of AAᵀ
     */
    static LaneFactor of(SparseMatrix a, NormalCholesky l) {
        SparseMatrix byColumns = a.transpose();
        int m = l.rank();
        int[] columnPointers = l.columnPointers();
        int[] columnIndices = l.rowIndices();
        float[] columnValues = floats(l.values());
        int[] rowPointers = new int[m + 1];
        for (int row : columnIndices) {
            rowPointers[row + 1]++;
        }
        for (int i = 0; i < m; i++) {
            rowPointers[i + 1] += rowPointers[i];
        }
        int[] rowIndices = new int[columnIndices.length];
        float[] rowValues = new float[columnIndices.length];
        int[] next = rowPointers.clone();
        for (int j = 0; j < m; j++) {
            for (int t = columnPointers[j]; t < columnPointers[j + 1]; t++) {
                int place = next[columnIndices[t]]++;
                rowIndices[place] = j;
                rowValues[place] = columnValues[t];
            }
        }
        float[] inverse = new float[m];
        for (int i = 0; i < m; i++) {
            inverse[i] = (float) (1 / l.pivots()[i]);
        }
        return new LaneFactor(
                a.columns(),
                m,
                byColumns.pointers(),
                byColumns.indices(),
                floats(byColumns.values()),
                rowPointers,
                rowIndices,
                rowValues,
                columnPointers,
                columnIndices,
                columnValues,
                inverse,
                a.pointers(),
                a.indices(),
                floats(a.values()));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Bytes of the arrays. */
    public long bytes() {
        return 4L
                * (matrixPointers.length
                        + 4L * matrixRows.length
                        + rowPointers.length
                        + productPointers.length
                        + columnPointers.length
                        + 4L * rowIndices.length
                        + rank);
    }
}
