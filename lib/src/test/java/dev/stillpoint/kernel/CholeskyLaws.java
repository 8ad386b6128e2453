package dev.stillpoint.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.structure.Access2D;

/** What a factor must be, against what shares no code with it. */
final class CholeskyLaws {
    /**
     * |L·D·Lᵀ − P·A·Aᵀ·Pᵀ| is at most (terms)·2⁻⁵² times the product of the two rows' norms (Higham 2002, theorem 10.3),
     * with at most 1021 + 30 terms; signs cancel to about the root of that. The same bounds a solution's residual.
     */
    private static final double ROUNDING = 1e-13;
    /** Singular values of rows of length one below this are zero: rounding leaves 1e-15, and none here is below 1e-5. */
    private static final double ZERO = 1e-9;

    private CholeskyLaws() {}

    /** L·D·Lᵀ = P·A·Aᵀ·Pᵀ, with the structure that the accessors promise. */
    static void factors(SparseMatrix a, NormalCholesky factor) {
        int rank = factor.rank();
        int[] all = IntStream.concat(Arrays.stream(factor.order()), Arrays.stream(factor.dropped()))
                .sorted()
                .toArray();
        assertThat(all).isEqualTo(IntStream.range(0, a.rows()).toArray());
        assertThat(factor.dropped()).isSorted();
        assertThat(factor.columnPointers()).hasSize(rank + 1).startsWith(0).isSorted();
        assertThat(factor.nonZeros()).isEqualTo(factor.columnPointers()[rank]);

        double[][] left = Matrices.dense(a.rows(factor.order()).gram());
        double[] norm = norms(left);
        int[] start = factor.columnPointers();
        int[] rows = factor.rowIndices();
        for (int j = 0; j < rank; j++) {
            double d = factor.pivots()[j];
            assertThat(d).isPositive();
            left[j][j] -= d;
            for (int p = start[j]; p < start[j + 1]; p++) {
                assertThat(rows[p])
                        .isGreaterThan(p == start[j] ? j : rows[p - 1])
                        .isLessThan(rank);
                left[rows[p]][j] -= factor.values()[p] * d;
                for (int q = start[j]; q <= p; q++) {
                    left[rows[p]][rows[q]] -= factor.values()[p] * d * factor.values()[q];
                }
            }
        }
        double worst = 0;
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j <= i; j++) {
                worst = Math.max(worst, Math.abs(left[i][j]) / (norm[i] * norm[j]));
            }
        }
        assertThat(worst).as("|LDLᵀ − PAAᵀPᵀ| by the rows' norms").isLessThan(ROUNDING);
    }

    /** The singular values of A, its rows made unit rows, say this rank. */
    static void hasRank(SparseMatrix a, int rank) {
        double[][] rows = Matrices.dense(a);
        for (double[] row : rows) {
            double norm = Math.sqrt(Arrays.stream(row).map(v -> v * v).sum());
            for (int j = 0; j < row.length && norm > 0; j++) {
                row[j] /= norm;
            }
        }
        long found = 0;
        if (a.columns() > 0) {
            SingularValue<Double> svd = SingularValue.R064.make();
            assertThat(svd.decompose(R064Store.FACTORY.copy(Access2D.wrap(rows))))
                    .isTrue();
            found = svd.getSingularValues().stream().filter(s -> s > ZERO).count();
        }
        assertThat(rank).as("rank").isEqualTo((int) found);
    }

    /** P·A·Aᵀ·Pᵀ·x = b. */
    static void solution(SparseMatrix a, NormalCholesky factor, double[] b, double[] x) {
        SparseMatrix kept = a.rows(factor.order());
        double[] product = kept.multiply(kept.multiplyTransposed(x));
        double[] norm = new double[x.length];
        double size = 0;
        for (int i = 0; i < x.length; i++) {
            for (int p = kept.pointers()[i]; p < kept.pointers()[i + 1]; p++) {
                norm[i] = Math.hypot(norm[i], kept.values()[p]);
            }
            size += norm[i] * Math.abs(x[i]);
        }
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            worst = Math.max(worst, Math.abs(product[i] - b[i]) / (norm[i] * size));
        }
        assertThat(worst).as("residual by the norms of rows and solution").isLessThan(ROUNDING);
    }

    /** Between first[s] and first[s + 1] the triangle is full, and all columns have the same rows below it. */
    static void supernodes(NormalCholesky factor, int[] first) {
        assertThat(first).startsWith(factor.rank() == 0 ? first[0] : 0).endsWith(factor.rank());
        int[] start = factor.columnPointers();
        for (int s = 0; s + 1 < first.length; s++) {
            assertThat(first[s]).isLessThan(first[s + 1]);
            int last = first[s + 1] - 1;
            int[] below = Arrays.copyOfRange(factor.rowIndices(), start[last], start[last + 1]);
            for (int j = first[s]; j < last; j++) {
                int[] expected = IntStream.concat(IntStream.rangeClosed(j + 1, last), Arrays.stream(below))
                        .toArray();
                assertThat(Arrays.copyOfRange(factor.rowIndices(), start[j], start[j + 1]))
                        .isEqualTo(expected);
            }
        }
    }

    private static double[] norms(double[][] gram) {
        double[] norms = new double[gram.length];
        for (int i = 0; i < norms.length; i++) {
            norms[i] = Math.sqrt(gram[i][i]);
        }
        return norms;
    }
}
