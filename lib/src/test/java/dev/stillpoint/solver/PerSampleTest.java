package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.PolytopeProblem;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sample ends on its own, and the others neither help nor harm it. */
class PerSampleTest {
    /** A row of a float32 matrix product changes in its last bits with the batch size: some 1e-7 a step, damped by T. */
    private static final double BLAS_ROUNDING = 1e-5;

    /** Prime, so that no row of a vectorised loop is spared. */
    private static final int BATCH = 17;

    private static final int BAD = 5;
    private static final double[] FACTORS = {0.1, 0.9, 0.5, 0.99, 0.7};
    private static final FixedPointSolver ELEMENTWISE = FixedPointSolver.of(StoppingRule.tolerance(1e-10));

    @ParameterizedTest
    @CsvSource({"OFF", "HALVING"})
    void elementwiseSampleEndsAsItWouldAlone(Compaction compaction) {
        FixedPointSolver solver = ELEMENTWISE.withCompaction(compaction);
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(1), 13, FACTORS);
            Solution together = solver.solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c);
            for (int i = 0; i < FACTORS.length; i++) {
                Contractions one = c.select(Tensors.of((long) i));
                Solution alone = solver.solve(Contractions.OPERATOR, torch.zeros_like(one.b()), one);
                assertThat(together.stats().steps()[i]).isEqualTo(alone.stats().maxSteps());
                assertThat(together.stats().residual()[i])
                        .isEqualTo(alone.stats().residual()[0]);
                assertThat(Distances.row(Tensors.doubles(together.z()), i, 13)).isEqualTo(Tensors.doubles(alone.z()));
            }
            assertThat(together.stats().steps()).as("difficulty differs").doesNotHaveDuplicates();
            assertThat(together.stats().batchSteps()).isEqualTo(together.stats().maxSteps());
        }
    }

    @Test
    void denseSampleEndsAsItWouldAloneUpToRounding() {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem problem = PolytopeProblem.grid(6, 0.5, 0.5);
            Operator<Costs> t = problem.operator();
            Costs c = costs(problem, ScalarType.Float);
            FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-6));
            Solution together = solver.solve(t, torch.zeros_like(c.w()), c).orThrow();
            for (int i = 0; i < BATCH; i++) {
                Costs one = c.select(Tensors.of((long) i));
                Solution alone = solver.solve(t, torch.zeros_like(one.w()), one).orThrow();
                assertThat(Distances.relative(
                                Distances.row(Tensors.doubles(together.z()), i, problem.n()),
                                Tensors.doubles(alone.z())))
                        .isLessThan(BLAS_ROUNDING);
            }
            assertThat(together.stats().steps()).as("difficulty differs").satisfies(steps -> {
                assertThat(together.stats().maxSteps())
                        .isGreaterThan((int) together.stats().meanSteps());
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Float, OFF, cost", "Float, HALVING, cost", "Double, OFF, cost", "Double, HALVING, cost",
        "Float, OFF, start", "Float, HALVING, start", "Double, OFF, start", "Double, HALVING, start"
    })
    void nanInOneSampleHarmsNoOther(ScalarType type, Compaction compaction, String where) {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem problem = PolytopeProblem.grid(5, 0.5, 0.5);
            Operator<Costs> t = problem.operator();
            FixedPointSolver solver =
                    FixedPointSolver.of(StoppingRule.tolerance(1e-6)).withCompaction(compaction);
            Costs c = costs(problem, type);
            Tensor z0 = torch.zeros_like(c.w());
            Solution clean = solver.solve(t, z0, c).orThrow();
            Tensor spoilt = where.equals("cost") ? c.w() : z0;
            spoilt.select(0, BAD).select(0, 7).fill_(new Scalar(Double.NaN));
            Solution dirty = solver.solve(t, z0, c);

            assertThat(dirty.count(Status.NON_FINITE)).isEqualTo(1);
            assertThat(dirty.count(Status.CONVERGED)).isEqualTo(BATCH - 1);
            assertThat(dirty.status()[BAD]).isEqualTo(Status.NON_FINITE);
            assertThat(dirty.stats().residual()[BAD]).isNaN();
            assertThat(dirty.stats().steps()[BAD]).isEqualTo(1);
            for (int i = 0; i < BATCH; i++) {
                if (i == BAD) {
                    continue;
                }
                double[] z = Distances.row(Tensors.doubles(dirty.z()), i, problem.n());
                double[] expected = Distances.row(Tensors.doubles(clean.z()), i, problem.n());
                if (compaction == Compaction.OFF) {
                    assertThat(z).isEqualTo(expected);
                    assertThat(dirty.stats().steps()[i]).isEqualTo(clean.stats().steps()[i]);
                } else {
                    assertThat(Distances.relative(z, expected)).isLessThan(BLAS_ROUNDING);
                }
            }
        }
    }

    @Test
    void coupledSamplesEndTogetherWhenTheWorstOneDoes() {
        List<Integer> seen = new ArrayList<>();
        Operator<Contractions> coupled = new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Contractions c) {
                seen.add(c.size());
                return Contractions.OPERATOR.apply(z, c);
            }

            @Override
            public Coupling coupling() {
                return Coupling.BATCH;
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(2), 13, FACTORS);
            Tensor z0 = torch.zeros_like(c.b());
            Solution apart = ELEMENTWISE.solve(Contractions.OPERATOR, z0, c);
            Solution together = ELEMENTWISE.solve(coupled, z0, c).orThrow();
            assertThat(together.stats().steps()).containsOnly(apart.stats().maxSteps());
            assertThat(seen).hasSize(apart.stats().maxSteps()).containsOnly(FACTORS.length);
            // Not frozen where it first passed: 0.1^k went on to stand still.
            assertThat(apart.stats().residual()[0]).isPositive();
            assertThat(together.stats().residual()[0]).isZero();
        }
    }

    @Test
    void coupledSamplesAreJudgedApartAtTheLastStep() {
        Operator<Contractions> coupled = new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Contractions c) {
                return Contractions.OPERATOR.apply(z, c);
            }

            @Override
            public Coupling coupling() {
                return Coupling.BATCH;
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(3), 13, 0.5, 0.9999, 2, Double.NaN);
            Solution solution = FixedPointSolver.of(StoppingRule.tolerance(1e-8).withMaxSteps(60))
                    .solve(coupled, torch.zeros_like(c.b()), c);
            assertThat(solution.status())
                    .containsExactly(Status.CONVERGED, Status.MAX_STEPS_REACHED, Status.DIVERGED, Status.NON_FINITE);
            assertThat(solution.stats().steps()).containsOnly(60);
        }
    }

    @Test
    void endedRowsLeaveTheBatch() {
        assertThat(rowsApplied(Compaction.OFF)).isEqualTo(rowsApplied(Compaction.OFF, 1));
        // Four of five samples end within a third of the steps of the slowest.
        assertThat(rowsApplied(Compaction.HALVING)).isLessThan(rowsApplied(Compaction.OFF) / 2);
    }

    /** Rows that T was applied to, summed over a solve. */
    private static long rowsApplied(Compaction compaction) {
        return rowsApplied(compaction, 0);
    }

    /** The same as counted, or (1) as the statistics of a solve that drops nothing imply. */
    private static long rowsApplied(Compaction compaction, int implied) {
        long[] rows = new long[1];
        Operator<Contractions> counting = (z, c) -> {
            assertThat(z.size(0)).as("rows of z and of the context").isEqualTo(c.size());
            rows[0] += c.size();
            return Contractions.OPERATOR.apply(z, c);
        };
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(4), 13, FACTORS);
            Solution solution = ELEMENTWISE.withCompaction(compaction).solve(counting, torch.zeros_like(c.b()), c);
            return implied == 1 ? (long) solution.stats().batchSteps() * FACTORS.length : rows[0];
        }
    }

    @Test
    void twoThreadsGetWhatEachGetsAlone() throws Exception {
        PolytopeProblem problem = PolytopeProblem.grid(6, 0.5, 0.5);
        Operator<Costs> t = problem.operator();
        double[][] alone = {solve(problem, t, 1), solve(problem, t, 2)};
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier together = new CyclicBarrier(2);
            for (int repeat = 0; repeat < 5; repeat++) {
                List<Future<double[]>> both = new ArrayList<>();
                for (int seed = 1; seed <= 2; seed++) {
                    int own = seed;
                    both.add(pool.submit(() -> {
                        together.await(1, TimeUnit.MINUTES);
                        return solve(problem, t, own);
                    }));
                }
                for (int i = 0; i < 2; i++) {
                    assertThat(both.get(i).get(1, TimeUnit.MINUTES)).isEqualTo(alone[i]);
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static double[] solve(PolytopeProblem problem, Operator<Costs> t, long seed) {
        try (TensorScope scope = TensorScope.open()) {
            double[] w = Cases.normal(Cases.random(seed), BATCH * problem.n(), 0.5);
            Costs c = new Costs(Tensors.of(w, BATCH, problem.n()));
            return Tensors.doubles(FixedPointSolver.of(StoppingRule.tolerance(1e-8))
                    .solve(t, torch.zeros_like(c.w()), c)
                    .orThrow()
                    .z());
        }
    }

    private static Costs costs(PolytopeProblem problem, ScalarType type) {
        double[] w = Cases.normal(Cases.random(BATCH), BATCH * problem.n(), 0.5);
        return new Costs(Tensors.of(w, BATCH, problem.n()).to(type).clone());
    }
}
