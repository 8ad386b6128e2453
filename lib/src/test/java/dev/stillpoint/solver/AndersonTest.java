package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.PolytopeProblem;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside the laws of accelerations: what Anderson's is for, and what its safeguard is for. */
class AndersonTest {
    private static final int N = 50;
    private static final int BATCH = 60;
    private static final int MEMORY = 10;
    private static final int RUNS = 5;

    /** Collections may hide leftovers: the most of several counts. */
    private static final int READINGS = 8;

    @ParameterizedTest
    @CsvSource({"Double, 1e-10", "Float, 1e-5"})
    void takesAQuarterOfPicardsStepsOnASlowContraction(ScalarType type, double tolerance) {
        try (TensorScope scope = TensorScope.open()) {
            StoppingRule rule = StoppingRule.tolerance(tolerance);
            Tensor w = slow().to(type);
            Operator<Costs> t = (z, c) -> z.matmul(w).add(c.w());
            Costs c = costs(N, 1, type);
            Solution plain = FixedPointSolver.of(rule)
                    .solve(t, torch.zeros_like(c.w()), c)
                    .orThrow();
            Solution fast = anderson(rule, Anderson.of(5))
                    .solve(t, torch.zeros_like(c.w()), c)
                    .orThrow();
            assertThat(plain.stats().maxSteps()).isGreaterThan(300);
            assertThat(4 * fast.stats().maxSteps()).isLessThan(plain.stats().maxSteps());
            assertThat(Distances.relative(Tensors.doubles(fast.z()), Tensors.doubles(plain.z())))
                    .as("either is within tolerance/(1 − 0.98) a number")
                    .isLessThan(100 * tolerance);
            assertThat(plain.stats().safeguarded()).hasSize(BATCH).containsOnly(0);
        }
    }

    /** Large costs and a step at half its bound: the active set changes at every jump. */
    @Test
    void safeguardConvergesWhereTheBareMethodFails() {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem grid = PolytopeProblem.grid(5, 0.5, 2);
            Costs c = costs(grid.n(), 30, ScalarType.Double);
            StoppingRule rule = StoppingRule.tolerance(1e-9).withMaxSteps(3_000);
            Tensor z0 = torch.zeros_like(c.w());
            Solution plain =
                    FixedPointSolver.of(rule).solve(grid.operator(), z0, c).orThrow();
            Solution fast = anderson(rule, Anderson.of(MEMORY))
                    .solve(grid.operator(), z0, c)
                    .orThrow();
            assertThat(2 * fast.stats().meanSteps()).isLessThan(plain.stats().meanSteps());
            assertThat(fast.stats().maxSteps()).isLessThan(plain.stats().maxSteps());
            assertThat(Arrays.stream(fast.stats().safeguarded()).sum()).isPositive();
            Tensor x = grid.operator().solution(fast.z(), c);
            Tensor expected = grid.operator().solution(plain.z(), c);
            assertThat(Distances.relative(Tensors.doubles(x), Tensors.doubles(expected)))
                    .as("residuals of 1e-9 over 1 − the contraction factor")
                    .isLessThan(1e-6);

            Acceleration unsafeguarded = () -> new AndersonRun(MEMORY, 1e-10) {
                @Override
                Tensor accepted(Tensor residual, Tensor largest, Tensor jumped) {
                    return torch.ones_like(jumped);
                }
            };
            Solution bare = anderson(rule.withMaxSteps(1_500), unsafeguarded).solve(grid.operator(), z0, c);
            assertThat(bare.count(Status.CONVERGED)).as("saboteur").isLessThan(BATCH - 5);
        }
    }

    /** Sets of active constraints that change at every jump: trying again each second step took twice Picard's steps. */
    @Test
    void droppedIteratesCostLittleMoreThanPicard() {
        try (TensorScope scope = TensorScope.open()) {
            RandomGenerator random = Cases.random(1200);
            PolytopeProblem problem = PolytopeProblem.random(random, 4, 12, 0.5, 2);
            Costs c = new Costs(Tensors.of(Cases.normal(random, 8 * 12, 30), 8, 12));
            StoppingRule rule = StoppingRule.tolerance(1e-9);
            Tensor z0 = torch.zeros_like(c.w());
            int[] plain = FixedPointSolver.of(rule)
                    .solve(problem.operator(), z0, c)
                    .orThrow()
                    .stats()
                    .steps();
            SolveStats fast = anderson(rule, Anderson.of(3))
                    .solve(problem.operator(), z0, c)
                    .orThrow()
                    .stats();
            assertThat(Arrays.stream(fast.safeguarded()).max().orElse(0)).isPositive();
            for (int i = 0; i < 8; i++) {
                assertThat(fast.steps()[i]).as("sample " + i).isLessThan(plain[i] + 20);
            }
        }
    }

    /** Powers of two scale without rounding, so that every decision is the same. */
    @ParameterizedTest
    @CsvSource({"1048576", "9.5367431640625e-7"})
    void scaleOfTheProblemDoesNotMatter(double scale) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = slow();
            Operator<Costs> t = (z, c) -> z.matmul(w).add(c.w());
            Costs c = costs(N, 1, ScalarType.Double);
            Costs scaled = new Costs(c.w().mul(new Scalar(scale)));
            Solution one =
                    anderson(StoppingRule.tolerance(1e-9), Anderson.of(5)).solve(t, torch.zeros_like(c.w()), c);
            Solution other = anderson(StoppingRule.tolerance(1e-9 * scale), Anderson.of(5))
                    .solve(t, torch.zeros_like(c.w()), scaled);
            assertThat(other.stats().steps()).isEqualTo(one.stats().steps());
            assertThat(other.z().equal(one.z().mul(new Scalar(scale)))).isTrue();
        }
    }

    @Test
    void historyStaysWithItsSample() {
        assertThat(extraSteps(Anderson.of(5))).isLessThanOrEqualTo(2);
        Acceleration keepsTheFirstRows = () -> new AndersonRun(5, 1e-10) {
            @Override
            public void keep(Tensor rows) {
                super.keep(Tensors.of(LongStream.range(0, rows.size(0)).toArray()));
            }
        };
        assertThat(extraSteps(keepsTheFirstRows)).as("saboteur").isGreaterThan(4);
    }

    @Test
    void memoryIsGivenBackWhenTheSolveEnds() {
        assertThat(leftovers(Anderson.of(3))).isZero();
        Acceleration neverCloses = () -> new AndersonRun(3, 1e-10) {
            @Override
            public void close() {}
        };
        assertThat(leftovers(neverCloses)).isGreaterThanOrEqualTo(RUNS);
    }

    @Test
    void badOptionsAreRefused() {
        assertThatThrownBy(() -> Anderson.of(0)).hasMessage("Anderson: need memory >= 1, got 0");
        assertThatThrownBy(() -> new Anderson(5, 0)).hasMessage("Anderson: need finite regularization > 0, got " + 0.0);
        assertThatThrownBy(() -> new Anderson(5, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private static FixedPointSolver anderson(StoppingRule rule, Acceleration acceleration) {
        return FixedPointSolver.of(rule).withAcceleration(acceleration);
    }

    private static Costs costs(int n, double scale, ScalarType type) {
        return new Costs(Tensors.of(Cases.normal(Cases.random(7), BATCH * n, scale), BATCH, n)
                .to(type));
    }

    /** Symmetric, with eigenvalues spread from −0.5 to 0.98. */
    private static Tensor slow() {
        Tensor q = torch.linalg_qr(Tensors.of(Cases.normal(Cases.random(3), N * N, 1), N, N))
                .get0();
        double[] values = new double[N];
        Arrays.setAll(values, i -> 0.98 - 1.48 * i / (N - 1));
        return q.mul(Tensors.of(values, N)).matmul(q.t());
    }

    /** By how much compaction changes a sample's steps, at most: rounding may, a neighbour's history would. */
    private static int extraSteps(Acceleration acceleration) {
        try (TensorScope scope = TensorScope.open()) {
            double[] factors = new double[N];
            Arrays.setAll(factors, i -> 0.98 - 1.48 * i / (N - 1));
            Tensor a = Tensors.of(factors, N);
            Operator<Costs> t = (z, c) -> z.mul(a).add(c.w());
            // The first samples are the smallest and end first: the rows that stay are the last.
            double[] sizes = new double[BATCH];
            Arrays.setAll(sizes, i -> Math.pow(10, i / 8.0));
            Costs c = new Costs(costs(N, 1, ScalarType.Double).w().mul(Tensors.of(sizes, BATCH, 1)));
            FixedPointSolver solver = anderson(StoppingRule.tolerance(1e-6), acceleration);
            int[] halving = solver.solve(t, torch.zeros_like(c.w()), c)
                    .orThrow()
                    .stats()
                    .steps();
            int[] off = solver.withCompaction(Compaction.OFF)
                    .solve(t, torch.zeros_like(c.w()), c)
                    .orThrow()
                    .stats()
                    .steps();
            int most = 0;
            for (int i = 0; i < BATCH; i++) {
                most = Math.max(most, Math.abs(halving[i] - off[i]));
            }
            return most;
        }
    }

    /** Native objects that a few solves with compaction leave alive. */
    private static long leftovers(Acceleration acceleration) {
        PolytopeProblem grid = PolytopeProblem.grid(4, 0.5, 0.5);
        Operator<Costs> t = grid.operator();
        Runnable run = () -> {
            try (TensorScope scope = TensorScope.open()) {
                Costs c = costs(grid.n(), 5, ScalarType.Double);
                anderson(StoppingRule.tolerance(1e-8), acceleration)
                        .solve(t, torch.zeros_like(c.w()), c)
                        .orThrow();
            }
        };
        long most = 0;
        for (int i = 0; i < READINGS; i++) {
            run.run();
            long before = Pointer.totalCount();
            for (int j = 0; j < RUNS; j++) {
                run.run();
            }
            most = Math.max(most, Pointer.totalCount() - before);
        }
        return most;
    }
}
