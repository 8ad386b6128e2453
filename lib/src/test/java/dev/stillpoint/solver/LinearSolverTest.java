package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** v = g + Mv, each sample with an M of its own, against elimination in plain Java. */
class LinearSolverTest {
    /** The fixed point's tolerance 1e-12 over 1 − ‖M‖ = 0.2, and float64 rounding of 11 unknowns. */
    private static final double SAME = 1e-10;

    private static final int BATCH = 3;
    private static final int M = 11;
    private static final StoppingRule RULE = StoppingRule.tolerance(1e-12).withMaxSteps(5_000);
    private static final StoppingRule SINGLE = StoppingRule.tolerance(1e-6);
    private static final List<LinearSolver> SOLVERS = List.of(
            new FixedPointLinear(RULE),
            new Gmres(RULE, M),
            new ConjugateGradientNormal(RULE),
            new DenseLinear(1e-9, 1e-9));

    @Test
    void solvesRandomContractions() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Systems systems = Systems.contractions(random);
                for (LinearSolver solver : SOLVERS) {
                    Solution v = solver.solve(systems.product(), systems.g()).orThrow();
                    for (int i = 0; i < BATCH; i++) {
                        assertThat(Distances.relative(row(v.z(), i), systems.eliminate(i)))
                                .as(solver.toString())
                                .isLessThan(SAME);
                        assertThat(v.stats().residual()[i]).isLessThan(SAME);
                    }
                }
            }
        });
    }

    /** The system of Mᵀ has another solution: what an adjoint without its transpose would find. */
    @Test
    void transposedSystemIsCaught() {
        try (TensorScope scope = TensorScope.open()) {
            Systems systems = Systems.contractions(Cases.random(0));
            Systems saboteur = new Systems(systems.m().transpose(1, 2).contiguous(), systems.g());
            for (LinearSolver solver : SOLVERS) {
                Solution v = solver.solve(saboteur.product(), systems.g()).orThrow();
                assertThat(Distances.relative(row(v.z(), 0), systems.eliminate(0)))
                        .isGreaterThan(1e3 * SAME);
            }
        }
    }

    @Test
    void singularConsistentSystemHasItsMinimumNormSolution() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Singular singular = Singular.random(random);
                Tensor g = singular.apply(singular.forward(), normal(random));
                double[] expected = Tensors.doubles(singular.apply(singular.inverse(), g));
                // The iterations start in the range of I − M and never leave it: the same solution here.
                for (LinearSolver solver : SOLVERS) {
                    Solution v = solver.solve(singular.product(), g).orThrow();
                    assertThat(Distances.relative(Tensors.doubles(v.z()), expected))
                            .as(solver.toString())
                            .isLessThan(SAME);
                }
                Solution dense = SOLVERS.get(3).solve(singular.product(), g);
                // A minimum-norm solution it is, not any: a step along the null space solves as well.
                Tensor other = dense.z().add(singular.nullPart(normal(random)));
                Tensor residual = g.add(singular.product().apply(other)).sub(other);
                assertThat(Distances.norm(Tensors.doubles(residual))).isLessThan(SAME);
                assertThat(Distances.norm(Tensors.doubles(dense.z())))
                        .isLessThan(Distances.norm(Tensors.doubles(other)));
            }
        });
    }

    @Test
    void inconsistentSystemIsReported() {
        try (TensorScope scope = TensorScope.open()) {
            RandomGenerator random = Cases.random(1);
            Singular singular = Singular.random(random);
            Tensor consistent = singular.apply(singular.forward(), normal(random));
            Tensor g = consistent.clone();
            g.select(0, 1).add_(singular.nullPart(normal(random)).select(0, 1));
            for (LinearSolver solver : SOLVERS) {
                Solution v = solver.solve(singular.product(), g);
                assertThat(v.status())
                        .as(solver.toString())
                        .containsExactly(Status.CONVERGED, Status.MAX_STEPS_REACHED, Status.CONVERGED);
                assertThat(v.stats().residual()[1]).isGreaterThan(0.1);
                assertThatThrownBy(v::orThrow).isInstanceOf(SolveException.class);
            }
        }
    }

    @Test
    void nanInOneRightHandSideHarmsNoOther() {
        try (TensorScope scope = TensorScope.open()) {
            Systems systems = Systems.contractions(Cases.random(2));
            systems.g().select(0, 1).select(0, 4).fill_(new org.bytedeco.pytorch.Scalar(Double.NaN));
            for (LinearSolver solver : SOLVERS) {
                Solution v = solver.solve(systems.product(), systems.g());
                assertThat(v.status()).containsExactly(Status.CONVERGED, Status.NON_FINITE, Status.CONVERGED);
                for (int i = 0; i < BATCH; i += 2) {
                    assertThat(Distances.relative(row(v.z(), i), systems.eliminate(i)))
                            .isLessThan(SAME);
                }
            }
        }
    }

    @Test
    void shapeAndPrecisionOfTheRightHandSideAreKept() {
        try (TensorScope scope = TensorScope.open()) {
            Systems systems = Systems.contractions(Cases.random(3));
            Tensor m = systems.m().to(ScalarType.Float);
            LinearMap product = LinearMap.of(
                    v -> m.matmul(v.reshape(-1, M, 1)).reshape(-1, 1, M),
                    v -> m.transpose(1, 2).matmul(v.reshape(-1, M, 1)).reshape(-1, 1, M));
            Tensor g = systems.g().to(ScalarType.Float).reshape(BATCH, 1, M);
            for (LinearSolver solver : List.of(
                    new FixedPointLinear(SINGLE),
                    new Gmres(SINGLE, 4),
                    new ConjugateGradientNormal(SINGLE),
                    DenseLinear.standard())) {
                Solution v = solver.solve(product, g).orThrow();
                assertThat(v.z().shape()).containsExactly(BATCH, 1, M);
                assertThat(Tensors.type(v.z())).isEqualTo(ScalarType.Float);
                assertThat(v.z().requires_grad()).isFalse();
            }
        }
    }

    @Test
    void emptyBatchIsSolved() {
        try (TensorScope scope = TensorScope.open()) {
            for (LinearSolver solver : SOLVERS) {
                Solution v = solver.solve(LinearMap.symmetric(x -> x), Tensors.zeros(ScalarType.Double, 0, M))
                        .orThrow();
                assertThat(v.z().shape()).containsExactly(0, M);
            }
        }
    }

    @Test
    void badTolerancesAreRefused() {
        assertThatThrownBy(() -> new DenseLinear(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DenseLinear(1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DenseLinear(0.1, Double.NaN))
                .hasMessage("DenseLinear: need 0 < rankTolerance < 1 and tolerance > 0, got 0.1 and " + Double.NaN);
    }

    private static Tensor normal(RandomGenerator random) {
        return Tensors.of(Cases.normal(random, BATCH * M, 1), BATCH, M);
    }

    private static double[] row(Tensor t, int i) {
        return Distances.row(Tensors.doubles(t), i, M);
    }

    /** Matrices [batch, m, m] and right-hand sides [batch, m]. */
    private record Systems(Tensor m, Tensor g) {
        static Systems contractions(RandomGenerator random) {
            Tensor raw = Tensors.of(Cases.normal(random, BATCH * M * M, 1), BATCH, M, M);
            Tensor norm = torch.linalg_matrix_norm(raw).reshape(BATCH, 1, 1);
            return new Systems(raw.div(norm).mul(Tensors.scalar(0.8)), normal(random));
        }

        LinearMap product() {
            return LinearMap.of(v -> multiply(m, v), v -> multiply(m.transpose(1, 2), v));
        }

        private static Tensor multiply(Tensor m, Tensor v) {
            return m.matmul(v.unsqueeze(2)).squeeze(2);
        }

        /** (I − M_i)⁻¹ g_i by Gaussian elimination with pivoting. */
        double[] eliminate(int i) {
            double[] flat = Tensors.doubles(m.select(0, i));
            double[] v = row(g, i);
            double[][] a = new double[M][M];
            for (int r = 0; r < M; r++) {
                for (int k = 0; k < M; k++) {
                    a[r][k] = (r == k ? 1 : 0) - flat[r * M + k];
                }
            }
            for (int k = 0; k < M; k++) {
                int pivot = k;
                for (int r = k + 1; r < M; r++) {
                    pivot = Math.abs(a[r][k]) > Math.abs(a[pivot][k]) ? r : pivot;
                }
                double[] rowK = a[pivot];
                a[pivot] = a[k];
                a[k] = rowK;
                double vK = v[pivot];
                v[pivot] = v[k];
                v[k] = vK;
                for (int r = 0; r < M; r++) {
                    double f = r == k ? 0 : a[r][k] / rowK[k];
                    for (int col = 0; col < M; col++) {
                        a[r][col] -= f * rowK[col];
                    }
                    v[r] -= f * vK;
                }
            }
            for (int k = 0; k < M; k++) {
                v[k] /= a[k][k];
            }
            return v;
        }
    }

    /** I − M = Q·diag(d)·Qᵀ with 0 ≤ d < 2: singular, and M is averaged. */
    private record Singular(Tensor q, double[] forward, double[] inverse) {
        static Singular random(RandomGenerator random) {
            Tensor raw = Tensors.of(Cases.normal(random, M * M, 1), M, M);
            double[] d = new double[M];
            double[] inverse = new double[M];
            for (int j = 3; j < M; j++) {
                d[j] = 0.3 + 1.4 * random.nextDouble();
                inverse[j] = 1 / d[j];
            }
            return new Singular(torch.linalg_qr(raw).get0(), d, inverse);
        }

        /** v ↦ Q·diag(s)·Qᵀv. */
        Tensor apply(double[] s, Tensor v) {
            return v.matmul(q).mul(Tensors.of(s, M)).matmul(q.t());
        }

        LinearMap product() {
            return LinearMap.symmetric(v -> v.sub(apply(forward, v)));
        }

        Tensor nullPart(Tensor v) {
            return apply(new double[] {1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, v);
        }
    }
}
