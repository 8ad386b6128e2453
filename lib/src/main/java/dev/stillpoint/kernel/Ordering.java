package dev.stillpoint.kernel;

import java.util.Arrays;

/** Orders of elimination that keep the Cholesky factor of a symmetric matrix sparse. */
public final class Ordering {
    private Ordering() {}

    /**
     * A fill-reducing order by approximate minimum degree, postordered.
     *
     * @param symmetric [n, n] with a symmetric pattern; values do not matter
     * @return order[k] = the original index eliminated k-th
     * @throws IllegalArgumentException for a pattern that is not symmetric
     */
    public static int[] of(SparseMatrix symmetric) {
        return tree(symmetric).order();
    }

    static EliminationTree tree(SparseMatrix symmetric) {
        checkSymmetric(symmetric);
        int n = symmetric.rows();
        int[] pointers = new int[n + 1];
        int[] neighbours = new int[symmetric.nonZeros()];
        int size = 0;
        for (int i = 0; i < n; i++) {
            for (int p = symmetric.pointers()[i]; p < symmetric.pointers()[i + 1]; p++) {
                if (symmetric.indices()[p] != i) {
                    neighbours[size++] = symmetric.indices()[p];
                }
            }
            pointers[i + 1] = size;
        }
        return EliminationTree.of(symmetric, MinimumDegree.order(pointers, neighbours, new boolean[n]));
    }

    private static void checkSymmetric(SparseMatrix matrix) {
        if (matrix.rows() != matrix.columns()) {
            throw new IllegalArgumentException(
                    "Ordering: need a square matrix, got " + matrix.rows() + " x " + matrix.columns());
        }
        SparseMatrix transposed = matrix.transpose();
        if (!Arrays.equals(matrix.pointers(), transposed.pointers())
                || !Arrays.equals(matrix.indices(), transposed.indices())) {
            throw new IllegalArgumentException("Ordering: need a symmetric pattern, got one that is not");
        }
    }
}
