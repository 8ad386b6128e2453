package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** GMRES and conjugate gradients where a fixed-point iteration would not do, against a direct solve. */
class KrylovTest {
    /** The tolerance 1e-11 a number times the inverse of I − M, some 10² here. */
    private static final double SAME = 1e-8;

    /** Of a residual summed in another order, 13 numbers of size 10. */
    private static final double ROUNDING = 1e-12;

    private static final int BATCH = 3;
    private static final int N = 13;
    private static final StoppingRule RULE = StoppingRule.tolerance(1e-11).withMaxSteps(2_000);
    private static final List<LinearSolver> SOLVERS =
            List.of(new Gmres(RULE, N), new Gmres(RULE, 100), new ConjugateGradientNormal(RULE));

    @Test
    void solveWhereMExpands() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor m = matrices(random, 2);
                Tensor g = normal(random);
                double[] expected = direct(m, g);
                for (LinearSolver solver : SOLVERS) {
                    Solution v = solver.solve(map(m), g).orThrow();
                    assertThat(Distances.relative(Tensors.doubles(v.z()), expected))
                            .as(solver.toString())
                            .isLessThan(SAME);
                    double[] residual = Tensors.doubles(
                            Tensors.rowNorm(g.add(map(m).apply(v.z())).sub(v.z())));
                    for (int i = 0; i < BATCH; i++) {
                        assertThat(v.stats().residual()[i]).isCloseTo(residual[i], within(ROUNDING));
                    }
                }
                Solution full = SOLVERS.get(0).solve(map(m), g);
                assertThat(full.stats().maxSteps())
                        .as("steps without a restart")
                        .isLessThanOrEqualTo(N + 1);
                assertThat(new FixedPointLinear(RULE).solve(map(m), g).count(Status.CONVERGED))
                        .isZero();
            }
        });
    }

    @Test
    void restartsReachTheSameWithLessMemory() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor m = matrices(random, 0.15);
                Tensor g = normal(random);
                Solution restarted = new Gmres(RULE, 4).solve(map(m), g).orThrow();
                assertThat(Distances.relative(Tensors.doubles(restarted.z()), direct(m, g)))
                        .isLessThan(SAME);
                assertThat(restarted.stats().maxSteps())
                        .isGreaterThan(SOLVERS.get(0).solve(map(m), g).stats().maxSteps());
            }
        });
    }

    @Test
    void breakdownAndNothingToDo() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor g = normal(Cases.random(1));
            g.select(0, 1).zero_();
            for (LinearSolver solver : SOLVERS) {
                // I − M = 0.5·I: the first direction is the solution.
                Solution v = solver.solve(LinearMap.symmetric(u -> u.mul(new Scalar(0.5))), g)
                        .orThrow();
                assertThat(v.stats().steps()).containsExactly(1, 0, 1);
                assertThat(Distances.relative(Tensors.doubles(v.z()), Tensors.doubles(g.mul(new Scalar(2.0)))))
                        .isLessThan(SAME);
            }
        }
    }

    @Test
    void nanInOneMatrixHarmsNoOther() {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor m = matrices(random, 0.5);
                Tensor g = normal(random);
                double[] expected = direct(m, g);
                m.select(0, 1).select(0, 3).select(0, 2).fill_(new Scalar(Double.NaN));
                for (LinearSolver solver : SOLVERS) {
                    Solution v = solver.solve(map(m), g);
                    assertThat(v.status()).containsExactly(Status.CONVERGED, Status.NON_FINITE, Status.CONVERGED);
                    double[] z = Tensors.doubles(v.z());
                    for (int i = 0; i < BATCH; i += 2) {
                        assertThat(Distances.relative(Distances.row(z, i, N), Distances.row(expected, i, N)))
                                .isLessThan(SAME);
                    }
                    assertThat(Distances.row(z, 1, N)).containsOnly(Double.NaN);
                }
            }
        });
    }

    @Test
    void limitOfStepsIsKeptAndReported() {
        StoppingRule short5 = RULE.withMaxSteps(5);
        try (TensorScope scope = TensorScope.open()) {
            RandomGenerator random = Cases.random(4);
            Tensor m = matrices(random, 2);
            Tensor g = normal(random);
            for (LinearSolver solver :
                    List.of(new Gmres(short5, 3), new Gmres(short5, N), new ConjugateGradientNormal(short5))) {
                Solution v = solver.solve(map(m), g);
                assertThat(v.status()).containsOnly(Status.MAX_STEPS_REACHED);
                assertThat(v.stats().maxSteps()).isLessThanOrEqualTo(5);
                double[] before = Tensors.doubles(Tensors.rowNorm(g));
                for (int i = 0; i < BATCH; i++) {
                    assertThat(v.stats().residual()[i]).isLessThanOrEqualTo(before[i]);
                }
            }
        }
    }

    /** The transpose matters to conjugate gradients, which must not claim success without it, and to no other. */
    @Test
    void wrongTransposeIsCaught() {
        try (TensorScope scope = TensorScope.open()) {
            RandomGenerator random = Cases.random(5);
            Tensor m = matrices(random, 2);
            Tensor g = normal(random);
            LinearMap saboteur = LinearMap.symmetric(map(m)::apply);
            assertThat(new ConjugateGradientNormal(RULE).solve(saboteur, g).count(Status.CONVERGED))
                    .isZero();
            LinearMap refuses = LinearMap.of(map(m)::apply, v -> {
                throw new AssertionError("nobody should ask");
            });
            new Gmres(RULE, N).solve(refuses, g).orThrow();
            new DenseLinear(1e-9, 1e-9).solve(refuses, g).orThrow();
        }
    }

    @Test
    void badOptionsAreRefused() {
        assertThatThrownBy(() -> new Gmres(RULE, 0)).hasMessage("Gmres: need restart >= 1, got 0");
    }

    private static Tensor normal(RandomGenerator random) {
        return Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
    }

    private static Tensor matrices(RandomGenerator random, double scale) {
        return Tensors.of(Cases.normal(random, BATCH * N * N, scale), BATCH, N, N);
    }

    private static LinearMap map(Tensor m) {
        return LinearMap.of(
                v -> m.matmul(v.unsqueeze(2)).squeeze(2),
                v -> m.transpose(1, 2).matmul(v.unsqueeze(2)).squeeze(2));
    }

    private static double[] direct(Tensor m, Tensor g) {
        Tensor a = torch.eye(N).to(m.scalar_type()).sub(m);
        return Tensors.doubles(torch.linalg_solve(a, g.unsqueeze(2)).squeeze(2));
    }
}
