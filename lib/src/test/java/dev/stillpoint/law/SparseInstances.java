package dev.stillpoint.law;

import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/** Sparse matrices for the laws. */
public final class SparseInstances {
    private SparseInstances() {}

    /** Columns with no, one, two and many nonzeros, rows of scales from 10⁻³ to 10³, and one that depends on two others. */
    public static SparseMatrix sparse(int n, RandomGenerator random) {
        int m = (n + 1) / 2;
        double[][] dense = new double[m][n];
        for (int j = 0; j < n; j++) {
            int[] counts = {1, 2, 3 + m / 8, 0, 2};
            for (int k = 0; k < counts[j % counts.length]; k++) {
                dense[random.nextInt(m)][j] = random.nextGaussian();
            }
        }
        for (int i = 0; i < m; i++) {
            double scale = Math.pow(10, i % 7 - 3);
            for (int j = 0; j < n; j++) {
                dense[i][j] = i == 2 ? dense[0][j] - 2 * dense[1][j] : scale * dense[i][j];
            }
        }
        return SparseMatrix.of(dense);
    }

    /** Of a connected directed graph with n arcs: its rows add up to 0. */
    public static SparseMatrix incidence(int n, RandomGenerator random) {
        int nodes = n / 2 + 2;
        double[][] dense = new double[nodes][n];
        for (int j = 0; j < n; j++) {
            int from = j < nodes - 1 ? j : random.nextInt(nodes);
            int to = j < nodes - 1 ? j + 1 : (from + 1 + random.nextInt(nodes - 1)) % nodes;
            dense[from][j] = -1;
            dense[to][j] = 1;
        }
        return SparseMatrix.of(dense);
    }

    /** [m, n], zeros written out. */
    public static Tensor dense(SparseMatrix a) {
        double[] flat = new double[a.rows() * a.columns()];
        for (int i = 0; i < a.rows(); i++) {
            for (int t = a.pointers()[i]; t < a.pointers()[i + 1]; t++) {
                flat[i * a.columns() + a.indices()[t]] = a.values()[t];
            }
        }
        return Tensors.of(flat, a.rows(), a.columns());
    }

    /** |A|, entry by entry. */
    static SparseMatrix absolute(SparseMatrix a) {
        int[] rows = new int[a.nonZeros()];
        for (int i = 0; i < a.rows(); i++) {
            Arrays.fill(rows, a.pointers()[i], a.pointers()[i + 1], i);
        }
        double[] sizes = new double[a.nonZeros()];
        Arrays.setAll(sizes, t -> Math.abs(a.values()[t]));
        return SparseMatrix.ofTriplets(a.rows(), a.columns(), rows, a.indices(), sizes);
    }
}
