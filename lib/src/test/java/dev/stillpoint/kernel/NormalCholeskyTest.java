package dev.stillpoint.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NormalCholeskyTest {
    private static final int[][] SIZES = {
        {1, 1}, {1, 7}, {7, 16}, {16, 17}, {17, 16}, {101, 40}, {101, 211}, {1021, 1499}
    };

    @Test
    void factorTimesItselfIsTheGram() {
        for (SparseMatrix a : matrices()) {
            CholeskyLaws.factors(a, NormalCholesky.of(a));
        }
    }

    @Test
    void saboteursOfTheFactorAreCaught() {
        SparseMatrix a = Matrices.grid(7);
        NormalCholesky good = NormalCholesky.of(a);
        double[] values = good.values().clone();
        values[values.length / 2] *= 1 + 1e-9;
        assertFails(() -> CholeskyLaws.factors(a, with(good, good.order(), values, good.pivots())));
        double[] pivots = good.pivots().clone();
        pivots[3] *= 1 + 1e-9;
        assertFails(() -> CholeskyLaws.factors(a, with(good, good.order(), good.values(), pivots)));
        int[] order = good.order().clone();
        order[0] = good.order()[1];
        order[1] = good.order()[0];
        assertFails(() -> CholeskyLaws.factors(a, with(good, order, good.values(), good.pivots())));
    }

    @Test
    void rankIsThatOfTheSingularValues() {
        for (SparseMatrix a : matrices()) {
            if (a.rows() <= 301) {
                CholeskyLaws.hasRank(a, NormalCholesky.of(a).rank());
                if (a.rows() > 0) {
                    assertFails(
                            () -> CholeskyLaws.hasRank(a, NormalCholesky.of(a).rank() + 1));
                }
            }
        }
    }

    @Test
    void plantedDependentRowsAreDropped() {
        Cases.forSeeds(10, random -> {
            SparseMatrix a = independent(random, 101, 211);
            for (double scale : new double[] {1e-6, 1, 1e6}) {
                SparseMatrix planted =
                        shuffled(random, Matrices.stacked(a, scaled(combinations(random, a, 17), scale)));
                assertThat(NormalCholesky.of(planted).rank()).isEqualTo(101);
                CholeskyLaws.factors(planted, NormalCholesky.of(planted));
            }
        });
    }

    /** What is nearly dependent is kept down to the angle that the Javadoc names. */
    @Test
    void rowsAtASmallAngleAreKept() {
        assertThat(NormalCholesky.of(atAngle(1e-5)).rank()).isEqualTo(2);
        assertThat(NormalCholesky.of(atAngle(1e-6)).rank()).isEqualTo(1);
    }

    @Test
    void incidenceLosesOneRowForEachComponent() {
        Cases.forSeeds(5, random -> {
            List<int[]> arcs = new ArrayList<>();
            int components = 1 + random.nextInt(9);
            int n = 200;
            for (int v = components; v < n; v++) {
                arcs.add(new int[] {v, v % components + components * random.nextInt(v / components)});
                arcs.add(new int[] {v % components + components * random.nextInt(v / components), v});
            }
            SparseMatrix a = shuffled(random, Matrices.incidence(n, arcs));
            NormalCholesky factor = NormalCholesky.of(a);
            assertThat(factor.dropped()).hasSize(components).isSorted();
            CholeskyLaws.factors(a, factor);
        });
    }

    /** Eliminated once more without the dropped rows, the factor has less fill. */
    @Test
    void droppedRowsLeaveNoFill() {
        for (int n : new int[] {200, 240}) {
            SparseMatrix a = Matrices.random(Cases.random(n), 300, n, 3);
            SparseMatrix gram = a.gram();
            NormalCholesky once = new Elimination(gram, Ordering.tree(gram))
                    .factor(IntStream.range(0, 300).toArray(), 300);
            assertThat(once.rank()).isEqualTo(NormalCholesky.of(a).rank()).isLessThan(n);
            assertThat(NormalCholesky.of(a).nonZeros()).isLessThan(once.nonZeros());
        }
    }

    @Test
    void nothingToFactor() {
        for (SparseMatrix a : List.of(
                SparseMatrix.of(new double[0][]),
                SparseMatrix.of(new double[3][0]),
                SparseMatrix.of(new double[3][2]))) {
            NormalCholesky factor = NormalCholesky.of(a);
            assertThat(factor.rank()).isZero();
            assertThat(factor.nonZeros()).isZero();
            assertThat(factor.dropped()).hasSize(a.rows());
            assertThat(factor.supernodes()).containsExactly(0);
            assertThat(factor.columnPointers()).containsExactly(0);
            factor.solve(new double[0]);
        }
    }

    @Test
    void solves() {
        for (SparseMatrix a : matrices()) {
            NormalCholesky factor = NormalCholesky.of(a);
            double[] b = Cases.normal(Cases.random(3), factor.rank(), 1);
            double[] x = b.clone();
            factor.solve(x);
            CholeskyLaws.solution(a, factor, b, x);
            if (x.length > 0) {
                x[heaviest(a, factor, x)] *= 1 + 1e-6;
                assertFails(() -> CholeskyLaws.solution(a, factor, b, x));
            }
        }
    }

    @Test
    void supernodesHaveFullTrianglesAndOnePattern() {
        for (SparseMatrix a : matrices()) {
            NormalCholesky factor = NormalCholesky.of(a);
            CholeskyLaws.supernodes(factor, factor.supernodes());
        }
        NormalCholesky grid = NormalCholesky.of(Matrices.grid(30));
        assertThat(grid.supernodes().length).isLessThan(grid.rank() * 9 / 10);
        int[] wrong = grid.supernodes().clone();
        int[] merged = new int[wrong.length - 1];
        System.arraycopy(wrong, 0, merged, 0, 1);
        System.arraycopy(wrong, 2, merged, 1, merged.length - 1);
        assertFails(() -> CholeskyLaws.supernodes(grid, merged));
    }

    /** AMD of CVXOPT 1.3.3 leaves 196,332 entries, METIS 182,958. */
    @Test
    void gridOfTenThousandNodes() {
        SparseMatrix a = Matrices.grid(100);
        NormalCholesky factor = NormalCholesky.of(a);
        assertThat(factor.rank()).isEqualTo(9999);
        assertThat(factor.nonZeros()).isLessThan(175_000);
        double[] b = Cases.normal(Cases.random(3), factor.rank(), 1);
        double[] x = b.clone();
        factor.solve(x);
        CholeskyLaws.solution(a, factor, b, x);
    }

    /** Every two rows share the first column: A·Aᵀ is full. */
    @Test
    void oneDenseColumn() {
        SparseMatrix a = Matrices.random(Cases.random(1), 701, 901, 3);
        double[][] rows = Matrices.dense(a);
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = 1;
        }
        SparseMatrix dense = SparseMatrix.of(rows);
        NormalCholesky factor = NormalCholesky.of(dense);
        CholeskyLaws.factors(dense, factor);
        assertThat(factor.supernodes()).hasSizeLessThan(10);
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> NormalCholesky.of(SparseMatrix.of(new double[][] {{1}, {1e200}})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got Infinity in row 1");
        assertThatThrownBy(() -> NormalCholesky.of(SparseMatrix.of(new double[][] {{1e-200}})))
                .hasMessageContaining("got 0.0 in row 0");
        assertThatThrownBy(() ->
                        NormalCholesky.of(SparseMatrix.of(new double[][] {{1}})).solve(new double[2]))
                .hasMessage("solve: need 1 numbers, got 2");
    }

    private static List<SparseMatrix> matrices() {
        List<SparseMatrix> matrices = new ArrayList<>(List.of(Matrices.grid(1), Matrices.grid(7), Matrices.grid(16)));
        for (int[] size : SIZES) {
            RandomGenerator random = Cases.random(size[0]);
            SparseMatrix a = Matrices.random(random, size[0], size[1], 3);
            matrices.add(a);
            matrices.add(scaled(a, 1e6));
            if (size[0] <= 101) {
                // Many empty rows.
                matrices.add(Matrices.random(random, size[0], size[1], 1));
                matrices.add(Matrices.stacked(a, combinations(random, a, 7)));
                double[] mixed =
                        random.doubles(size[0], -6, 6).map(e -> Math.pow(10, e)).toArray();
                matrices.add(a.scaledRows(mixed));
            }
        }
        return matrices;
    }

    /** Well conditioned: the identity, and a little more. */
    private static SparseMatrix independent(RandomGenerator random, int rows, int columns) {
        double[][] dense = Matrices.dense(scaled(Matrices.random(random, rows, columns, 3), 0.1));
        for (int i = 0; i < rows; i++) {
            dense[i][2 * i] += 1;
        }
        return SparseMatrix.of(dense);
    }

    /** Sums of three rows, multiples of one, copies and zero rows. */
    private static SparseMatrix combinations(RandomGenerator random, SparseMatrix a, int count) {
        double[][] dense = Matrices.dense(a);
        double[][] result = new double[count][a.columns()];
        for (int i = 0; i < count; i++) {
            for (int t = 0; t < i % 4; t++) {
                double factor = i % 4 == 1 ? 1 : random.nextGaussian();
                double[] row = dense[random.nextInt(a.rows())];
                for (int j = 0; j < row.length; j++) {
                    result[i][j] += factor * row[j];
                }
            }
        }
        return SparseMatrix.of(result);
    }

    private static SparseMatrix scaled(SparseMatrix a, double factor) {
        return a.scaledRows(
                IntStream.range(0, a.rows()).mapToDouble(i -> factor).toArray());
    }

    private static SparseMatrix shuffled(RandomGenerator random, SparseMatrix a) {
        return a.rows(Matrices.permutation(random, a.rows()));
    }

    private static SparseMatrix atAngle(double sine) {
        return SparseMatrix.of(new double[][] {{1, 0}, {1, sine}});
    }

    /** Where x counts most: elsewhere a wrong digit may be rounding. */
    private static int heaviest(SparseMatrix a, NormalCholesky factor, double[] x) {
        double[][] gram = Matrices.dense(a.rows(factor.order()).gram());
        int best = 0;
        for (int i = 0; i < x.length; i++) {
            if (gram[i][i] * x[i] * x[i] > gram[best][best] * x[best] * x[best]) {
                best = i;
            }
        }
        return best;
    }

    private static NormalCholesky with(NormalCholesky factor, int[] order, double[] values, double[] pivots) {
        return new NormalCholesky(
                order, factor.dropped(), factor.columnPointers(), factor.rowIndices(), values, pivots);
    }

    private static void assertFails(Runnable law) {
        assertThatThrownBy(law::run).isInstanceOf(AssertionError.class);
    }
}
