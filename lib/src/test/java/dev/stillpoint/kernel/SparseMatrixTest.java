package dev.stillpoint.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every operation against its dense twin. */
class SparseMatrixTest {
    /** Sums of at most 101 products of numbers near one, in another order: each rounds by 2⁻⁵³, so 1e-13 is ample. */
    private static final double ROUNDING = 1e-13;

    private static final int[][] SIZES = {{0, 0}, {0, 3}, {3, 0}, {1, 1}, {1, 7}, {7, 16}, {16, 17}, {101, 17}};

    /** What a sparse matrix claims of one operation; a saboteur claims something else. */
    private interface Operation {
        double[][] of(SparseMatrix a, double[] x, double[] y);
    }

    private static final Operation MULTIPLY = (a, x, y) -> Matrices.column(a.multiply(x));
    private static final Operation BACK = (a, x, y) -> Matrices.column(a.multiplyTransposed(y));
    private static final Operation TRANSPOSE = (a, x, y) -> Matrices.dense(a.transpose());
    private static final Operation GRAM = (a, x, y) -> Matrices.dense(a.gram());
    private static final Operation SCALED = (a, x, y) -> Matrices.dense(a.scaledRows(y));

    @Test
    void operationsEqualTheirDenseTwins() {
        check(MULTIPLY, SparseMatrixTest::denseMultiply);
        check(BACK, SparseMatrixTest::denseBack);
        check(TRANSPOSE, SparseMatrixTest::denseTranspose);
        check(GRAM, SparseMatrixTest::denseGram);
        check(SCALED, SparseMatrixTest::denseScaled);
    }

    @Test
    void saboteursAreCaught() {
        assertFails(() -> check((a, x, y) -> negated(MULTIPLY.of(a, x, y)), SparseMatrixTest::denseMultiply));
        assertFails(() -> check((a, x, y) -> withoutLast(BACK.of(a, x, y)), SparseMatrixTest::denseBack));
        assertFails(() -> check((a, x, y) -> withoutLast(TRANSPOSE.of(a, x, y)), SparseMatrixTest::denseTranspose));
        assertFails(() -> check((a, x, y) -> withoutLast(GRAM.of(a, x, y)), SparseMatrixTest::denseGram));
        assertFails(() -> check((a, x, y) -> Matrices.dense(a), SparseMatrixTest::denseScaled));
    }

    @Test
    void storageIsCanonical() {
        Cases.forSeeds(SIZES.length, random -> {
            for (int[] size : SIZES) {
                SparseMatrix a = Matrices.random(random, size[0], size[1], 3);
                canonical(a);
                canonical(a.transpose());
                canonical(a.gram());
                assertThat(a.gram().transpose().values()).isEqualTo(a.gram().values());
            }
        });
        SparseMatrix unsorted = new SparseMatrix(1, 3, new int[] {0, 2}, new int[] {2, 1}, new double[] {1, 1});
        assertFails(() -> canonical(unsorted));
        SparseMatrix twice = new SparseMatrix(1, 3, new int[] {0, 2}, new int[] {1, 1}, new double[] {1, 1});
        assertFails(() -> canonical(twice));
    }

    @Test
    void tripletsInAnyOrderAreSummed() {
        SparseMatrix a = SparseMatrix.ofTriplets(
                3, 4, new int[] {2, 0, 2, 0, 1, 1, 2}, new int[] {3, 1, 0, 1, 2, 2, 1}, new double[] {
                    5, 1, 4, 2, 7, -7, 0
                });
        assertThat(Matrices.dense(a)).isDeepEqualTo(new double[][] {{0, 3, 0, 0}, {0, 0, 0, 0}, {4, 0, 0, 5}});
        assertThat(a.pointers()).containsExactly(0, 1, 1, 3);
        assertThat(a.nonZeros()).isEqualTo(3);
        // The order of entries elsewhere does not change a sum: 1e16 + 1 − 1e16 is 0 or 1 by the order within the
        // place.
        SparseMatrix b = SparseMatrix.ofTriplets(
                1, 2, new int[] {0, 0, 0, 0}, new int[] {1, 0, 1, 1}, new double[] {1e16, 3, -1e16, 1});
        assertThat(b.values()).containsExactly(3, 1);
    }

    @Test
    void denseAndBack() {
        double[][] rows = {{0, 1, 0}, {0, 0, 0}, {-2, 0, 3}};
        assertThat(Matrices.dense(SparseMatrix.of(rows))).isDeepEqualTo(rows);
        assertThat(SparseMatrix.of(new double[2][0]).rows()).isEqualTo(2);
        assertThat(SparseMatrix.of(new double[0][]).columns()).isZero();
    }

    @Test
    void rowsAreSelectedAndRepeated() {
        SparseMatrix a = SparseMatrix.of(new double[][] {{1, 0}, {0, 0}, {2, 3}});
        assertThat(Matrices.dense(a.rows(new int[] {2, 0, 2}))).isDeepEqualTo(new double[][] {{2, 3}, {1, 0}, {2, 3}});
        assertThat(a.rows(new int[0]).columns()).isEqualTo(2);
    }

    @Test
    void callersMistakesAreNamed() {
        int[] one = {0};
        assertThatThrownBy(() -> SparseMatrix.ofTriplets(2, 3, new int[] {0, 2}, new int[] {0, 1}, new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SparseMatrix: need an entry within 2 x 3, got row 2, column 1 at position 1");
        assertThatThrownBy(() -> SparseMatrix.ofTriplets(2, 3, one, new int[] {-1}, new double[1]))
                .hasMessageContaining("column -1 at position 0");
        assertThatThrownBy(() -> SparseMatrix.ofTriplets(2, 3, one, one, new double[] {Double.NaN}))
                .hasMessage("SparseMatrix: need finite values, got NaN in row 0, column 0 (position 0)");
        assertThatThrownBy(() -> SparseMatrix.ofTriplets(2, 3, one, one, new double[2]))
                .hasMessageContaining("got 1 rows, 1 columns, 2 values");
        assertThatThrownBy(() -> SparseMatrix.ofTriplets(-1, 3, one, one, new double[1]))
                .hasMessage("SparseMatrix: need sizes >= 0, got -1 x 3");
        assertThatThrownBy(() -> SparseMatrix.ofTriplets(
                        1, 1, new int[2], new int[2], new double[] {Double.MAX_VALUE, Double.MAX_VALUE}))
                .hasMessage("SparseMatrix: need a finite sum, got Infinity in row 0, column 0");
        assertThatThrownBy(() -> SparseMatrix.of(new double[][] {{1, 2}, {3}}))
                .hasMessage("SparseMatrix: need 2 values a row, got 1 in row 1");
        SparseMatrix a = SparseMatrix.of(new double[][] {{1e200, 0}});
        assertThatThrownBy(() -> a.multiply(new double[3])).hasMessage("multiply: need 2 numbers, got 3");
        assertThatThrownBy(() -> a.multiplyTransposed(new double[2]))
                .hasMessage("multiplyTransposed: need 1 numbers, got 2");
        assertThatThrownBy(() -> a.rows(new int[] {0, 1})).hasMessage("rows: need 0 to 0, got 1 at position 1");
        assertThatThrownBy(() -> a.scaledRows(new double[2])).hasMessage("scaledRows: need 1 numbers, got 2");
        assertThatThrownBy(() -> a.scaledRows(new double[] {1e200}))
                .hasMessage("scaledRows: need finite products, got 1.0E200 * 1.0E200 in row 0");
    }

    private static void check(Operation operation, Operation twin) {
        Cases.forSeeds(SIZES.length, random -> {
            for (int[] size : SIZES) {
                SparseMatrix a = Matrices.random(random, size[0], size[1], 3);
                double[] x = Cases.normal(random, size[1], 1);
                double[] y = Cases.normal(random, size[0], 1);
                double[][] got = operation.of(a, x, y);
                double[][] expected = twin.of(a, x, y);
                assertThat(got.length).isEqualTo(expected.length);
                for (int i = 0; i < got.length; i++) {
                    assertThat(got[i]).hasSize(expected[i].length);
                    for (int j = 0; j < got[i].length; j++) {
                        assertThat(Math.abs(got[i][j] - expected[i][j])).isLessThanOrEqualTo(ROUNDING);
                    }
                }
            }
        });
    }

    private static void canonical(SparseMatrix a) {
        assertThat(a.pointers()).hasSize(a.rows() + 1).startsWith(0).isSorted();
        assertThat(a.nonZeros()).isEqualTo(a.pointers()[a.rows()]).isEqualTo(a.values().length);
        for (int i = 0; i < a.rows(); i++) {
            int before = -1;
            for (int p = a.pointers()[i]; p < a.pointers()[i + 1]; p++) {
                assertThat(a.indices()[p]).isGreaterThan(before).isLessThan(a.columns());
                before = a.indices()[p];
            }
        }
    }

    private static double[][] denseMultiply(SparseMatrix a, double[] x, double[] y) {
        return product(Matrices.dense(a), x);
    }

    private static double[][] denseBack(SparseMatrix a, double[] x, double[] y) {
        return product(denseTranspose(a, x, y), y);
    }

    private static double[][] denseTranspose(SparseMatrix a, double[] x, double[] y) {
        return Matrices.transposed(Matrices.dense(a), a.columns());
    }

    private static double[][] denseGram(SparseMatrix a, double[] x, double[] y) {
        double[][] product = Matrices.product(Matrices.dense(a), denseTranspose(a, x, y));
        return a.columns() == 0 ? new double[a.rows()][a.rows()] : product;
    }

    private static double[][] denseScaled(SparseMatrix a, double[] x, double[] y) {
        double[][] result = Matrices.dense(a);
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < result[i].length; j++) {
                result[i][j] *= y[i];
            }
        }
        return result;
    }

    private static double[][] product(double[][] a, double[] x) {
        double[] result = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < x.length; j++) {
                result[i] += a[i][j] * x[j];
            }
        }
        return Matrices.column(result);
    }

    private static double[][] negated(double[][] values) {
        double[][] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] = Arrays.stream(values[i]).map(v -> -v).toArray();
        }
        return result;
    }

    private static double[][] withoutLast(double[][] values) {
        UnaryOperator<double[]> drop = row -> {
            double[] copy = row.clone();
            if (copy.length > 0) {
                copy[copy.length - 1] = 0;
            }
            return copy;
        };
        return Arrays.stream(values).map(drop).toArray(double[][]::new);
    }

    private static void assertFails(Runnable law) {
        assertThatThrownBy(law::run).isInstanceOf(AssertionError.class);
    }
}
