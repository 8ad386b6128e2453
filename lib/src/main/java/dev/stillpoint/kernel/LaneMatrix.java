package dev.stillpoint.kernel;

/**
 * A matrix by rows in float32, as {@link Lanes#product} reads it. Shared by all tiles, read-only.
 *
 * @param columns the length of what it multiplies
 * @param pointers where each row begins, [rows + 1]
 * @param indices the column of each nonzero
 * @param values the nonzeros
 */
public record LaneMatrix(int columns, int[] pointers, int[] indices, float[] values) {
    /** The nearest float32 numbers of a matrix. */
    public static LaneMatrix of(SparseMatrix a) {
        float[] values = new float[a.nonZeros()];
        for (int t = 0; t < values.length; t++) {
            values[t] = (float) a.values()[t];
        }
        return new LaneMatrix(a.columns(), a.pointers(), a.indices(), values);
    }

    /** The number of rows. */
    public int rows() {
        return pointers.length - 1;
    }
}
