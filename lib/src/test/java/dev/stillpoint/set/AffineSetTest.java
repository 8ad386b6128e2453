package dev.stillpoint.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.SparseInstances;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sparse projection: tiles against float64, float64 against dense least squares, and the right-hand sides. */
class AffineSetTest {
    /**
     * Of ‖x‖ + ‖A⁺b‖. A row's product, the solve and the product back round by their terms' number, 6e-8 each, and the solve
     * amplifies by the condition of AAᵀ with unit rows: some hundreds here.
     */
    private static final double SINGLE = 1e-4;

    private static final double DOUBLE = 1e-9;

    private static final Object NOT_ASKED = new Object();

    /** Below, at and above the lanes of a tile, and where threads share the work. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 257})
    void tilesProjectAsFloat64Does(int batch) {
        RandomGenerator random = Cases.random(batch);
        double[][] dense = new double[9][];
        for (int i = 0; i < dense.length; i++) {
            dense[i] = Cases.normal(random, 31, 1);
        }
        SparseMatrix column = SparseMatrix.of(new double[][] {{2}, {0}, {-3}});
        for (SparseMatrix a : new SparseMatrix[] {
            SparseInstances.sparse(101, random),
            SparseInstances.incidence(101, random),
            SparseMatrix.of(dense),
            SparseMatrix.of(dense).transpose(),
            column
        }) {
            for (double scale : new double[] {1, 1e6}) {
                for (boolean shared : new boolean[] {true, false}) {
                    compare(a, batch, scale, shared, random);
                }
            }
        }
    }

    private static void compare(SparseMatrix a, int batch, double scale, boolean shared, RandomGenerator random) {
        int n = a.columns();
        int m = a.rows();
        double[] b = new double[batch * m];
        for (int i = 0; i < batch; i++) {
            double[] feasible = shared && i > 0 ? null : Cases.normal(random, n, scale);
            System.arraycopy(feasible == null ? b : a.multiply(feasible), 0, b, i * m, m);
        }
        try (TensorScope scope = TensorScope.open()) {
            Tensor bs = Tensors.of(b, batch, m);
            AffineSet<Object> set =
                    shared && batch > 0 ? AffineSet.of(a, Distances.row(b, 0, m)) : AffineSet.of(a, ignored -> bs);
            Tensor x =
                    Tensors.of(Cases.normal(random, batch * n, scale), batch, n).to(ScalarType.Float);
            Tensor single = set.project(x, NOT_ASKED);
            assertThat(Tensors.type(single)).isEqualTo(ScalarType.Float);
            Tensor exact = set.project(x.to(ScalarType.Double), NOT_ASKED);
            assertThat(Tensors.type(exact)).isEqualTo(ScalarType.Double);
            double[] singles = Tensors.doubles(single);
            double[] doubles = Tensors.doubles(exact);
            double[] xs = Tensors.doubles(x);
            double[] violation = Tensors.doubles(set.violation(exact, NOT_ASKED));
            for (int i = 0; i < batch; i++) {
                double[] wanted = Distances.row(doubles, i, n);
                double size = Distances.norm(Distances.row(xs, i, n)) + Distances.norm(wanted);
                assertThat(Distances.between(Distances.row(singles, i, n), wanted))
                        .as("sample %s of %s", i, batch)
                        .isLessThanOrEqualTo(SINGLE * size);
                assertThat(violation[i]).isLessThanOrEqualTo(DOUBLE * Distances.norm(a.values()) * size);
            }
        }
    }

    /** x − pinv(A)(Ax − b), by libtorch's singular values. */
    @Test
    void float64IsDenseLeastSquares() {
        Cases.forSeeds(3, random -> {
            SparseMatrix a = SparseInstances.sparse(31, random);
            int batch = 5;
            try (TensorScope scope = TensorScope.open()) {
                Tensor dense = SparseInstances.dense(a);
                Tensor x = Tensors.of(Cases.normal(random, batch * 31, 1), batch, 31);
                Tensor b = Tensors.of(Cases.normal(random, batch * 31, 1), batch, 31)
                        .matmul(dense.t());
                Tensor expected = x.sub(torch.pinverse(dense)
                        .matmul(dense.matmul(x.t()).sub(b.t()))
                        .t());
                AffineSet<Object> set = AffineSet.of(a, ignored -> b);
                assertThat(Distances.largest(set.project(x, NOT_ASKED).sub(expected)))
                        .isLessThan(DOUBLE);
                // Saboteur: b of the neighbour.
                AffineSet<Object> wrong = AffineSet.of(a, ignored -> b.roll(1));
                assertThat(Distances.largest(wrong.project(x, NOT_ASKED).sub(expected)))
                        .isGreaterThan(1e3 * DOUBLE);
            }
        });
    }

    @Test
    void infeasibleRightHandSidesAreRejectedOrShown() {
        double[][] a = {{1, 1, 0}, {0, 1, 1}, {1, 2, 1}};
        AffineSet.of(a, new double[] {1, 2, 3});
        assertThatThrownBy(() -> AffineSet.of(a, new double[] {1, 2, 3.001}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("AffineSet: need some x with Ax = b, got ||A x - b|| = ")
                .hasMessageContaining("dependent rows of A with conflicting entries of b");
        assertThatThrownBy(() -> AffineSet.of(new double[][] {{1, 0}, {0, 0}}, new double[] {0, 1}))
                .hasMessageContaining("need some x with Ax = b");
        try (TensorScope scope = TensorScope.open()) {
            Tensor b = Tensors.of(new double[] {1, 2, 3, 1, 2, 4}, 2, 3);
            AffineSet<Object> set = AffineSet.of(a, ignored -> b);
            Tensor x = Tensors.of(Cases.normal(Cases.random(1), 6, 1), 2, 3);
            double[] violation = Tensors.doubles(set.violation(set.project(x, NOT_ASKED), NOT_ASKED));
            assertThat(violation[0]).isLessThan(DOUBLE);
            // Off by one in the row that was left out, whichever that is.
            assertThat(violation[1]).isCloseTo(1, within(DOUBLE));
        }
    }

    /** 19,800 arcs: a dense projection would hold 3.1 GB. */
    @Test
    void memoryStaysSparse() {
        int k = 100;
        int n = 2 * k * (k - 1);
        int[] rows = new int[2 * n];
        int[] columns = new int[2 * n];
        double[] values = new double[2 * n];
        int arc = 0;
        for (int i = 0; i < k * k; i++) {
            for (int to : new int[] {i % k < k - 1 ? i + 1 : -1, i < k * (k - 1) ? i + k : -1}) {
                if (to >= 0) {
                    rows[2 * arc] = i;
                    rows[2 * arc + 1] = to;
                    columns[2 * arc] = arc;
                    columns[2 * arc + 1] = arc;
                    values[2 * arc] = -1;
                    values[2 * arc + 1] = 1;
                    arc++;
                }
            }
        }
        double[] b = new double[k * k];
        b[0] = -1;
        b[k * k - 1] = 1;
        AffineSet<Object> set = AffineSet.of(SparseMatrix.ofTriplets(k * k, n, rows, columns, values), b);
        assertThat(arc).isEqualTo(n);
        assertThat(set.factor().dropped()).hasSize(1);
        assertThat(set.factor().lanes().bytes()).isBetween(4L * 2 * n, 8L << 20);
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(Cases.random(1), n, 1), 1, n);
            assertThat(Distances.largest(set.violation(set.project(x, NOT_ASKED), NOT_ASKED)))
                    .isLessThan(DOUBLE);
        }
    }
}
