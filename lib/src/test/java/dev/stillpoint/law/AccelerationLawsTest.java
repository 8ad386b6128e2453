package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.Acceleration;
import dev.stillpoint.solver.Compaction;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a map of (z, T(z)) an acceleration, for every one of the catalogue, in float64. */
class AccelerationLawsTest {
    /** A residual of 1e-11 a number over 1 − 0.95, the slowest factor below. */
    private static final double SAME_FIXED_POINT = 1e-8;
    /** ojAlgo stops near 1e-9. */
    private static final double SAME_SOLUTION = 1e-6;

    private static final StoppingRule RULE = StoppingRule.tolerance(1e-11).withMaxSteps(5_000);
    private static final int N = 7;

    static Stream<Acceleration> instances() {
        return Catalogue.ACCELERATIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("instances")
    void fixedPointIsThatOfT(Acceleration acceleration) {
        Cases.forSeeds(3, random -> sameFixedPoint(acceleration, random));
    }

    @ParameterizedTest
    @MethodSource("instances")
    void solutionIsTheIndependentOne(Acceleration acceleration) {
        RandomGenerator random = Cases.random(1);
        PolytopeProblem problem = PolytopeProblem.random(random, 20, 60, 0.5, 0.5);
        double[] w = Cases.normal(random, problem.n(), 1);
        try (TensorScope scope = TensorScope.open()) {
            Costs c = new Costs(Tensors.of(w, 1, w.length));
            Operator<Costs> t = problem.operator();
            Solution solution = FixedPointSolver.of(RULE)
                    .withAcceleration(acceleration)
                    .withCompaction(Compaction.OFF)
                    .solve(t, torch.zeros_like(c.w()), c)
                    .orThrow();
            double[] x = Tensors.doubles(t.solution(solution.z(), c));
            assertThat(Distances.between(x, problem.independentSolution(w))).isLessThan(SAME_SOLUTION);
        }
    }

    @ParameterizedTest
    @MethodSource("instances")
    void interleavedRunsDoNotDisturbEachOther(Acceleration acceleration) {
        Cases.forSeeds(3, random -> undisturbed(acceleration, random));
    }

    @Test
    void saboteursAreCaught() {
        Acceleration movesTheFixedPoint = () -> new Momentum(0) {
            @Override
            public Tensor next(Tensor z, Tensor tz) {
                return tz.mul(new Scalar(1 - 1e-6));
            }
        };
        assertThatThrownBy(() -> sameFixedPoint(movesTheFixedPoint, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("status");
        // Momentum stands still where T does, but its rows are another sample's once some have left.
        Acceleration ignoresKeep = () -> new Momentum(0.3) {
            @Override
            public void keep(Tensor rows) {
                // The first rows, whoever they were.
                super.keep(Tensors.of(LongStream.range(0, rows.size(0)).toArray()));
            }
        };
        assertThatThrownBy(() -> sameFixedPoint(ignoresKeep, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("with and without compaction");
        Momentum shared = new Momentum(0.3);
        assertThatThrownBy(() -> undisturbed(() -> shared, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("run 0");

        // The same momentum, done properly, passes all: the laws do not ask for Picard.
        Acceleration honest = () -> new Momentum(0.3);
        sameFixedPoint(honest, Cases.random(0));
        undisturbed(honest, Cases.random(0));
    }

    /** With and without compaction, b/(1 − a) is reached, and after as many steps either way. */
    private static void sameFixedPoint(Acceleration acceleration, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(random, N, 0.1, -0.5, 0.95, 0.7, 0.3);
            double[] expected = Tensors.doubles(c.b().div(c.a().neg().add(new Scalar(1.0))));
            List<int[]> steps = new ArrayList<>();
            for (Compaction compaction : Compaction.values()) {
                Solution solution = FixedPointSolver.of(RULE)
                        .withAcceleration(acceleration)
                        .withCompaction(compaction)
                        .solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c);
                assertThat(solution.status()).as("status").containsOnly(Status.CONVERGED);
                assertThat(Distances.between(Tensors.doubles(solution.z()), expected))
                        .as("distance to the fixed point, compaction " + compaction)
                        .isLessThan(SAME_FIXED_POINT);
                steps.add(solution.stats().steps());
            }
            assertThat(steps.get(0)).as("steps with and without compaction").isEqualTo(steps.get(1));
        }
    }

    /** Two runs in turns make the iterates that each makes alone. */
    private static void undisturbed(Acceleration acceleration, RandomGenerator random) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Contractions[] c = {Contractions.of(random, N, 0.9, 0.5), Contractions.of(random, N, 0.2, -0.4)};
            double[][] alone = new double[2][];
            for (int i = 0; i < 2; i++) {
                Acceleration.Run run = acceleration.begin();
                Tensor z = torch.zeros_like(c[i].b());
                for (int step = 0; step < 20; step++) {
                    z = run.next(z, Contractions.OPERATOR.apply(z, c[i]));
                }
                alone[i] = Tensors.doubles(z);
            }
            Acceleration.Run[] runs = {acceleration.begin(), acceleration.begin()};
            Tensor[] z = {torch.zeros_like(c[0].b()), torch.zeros_like(c[1].b())};
            for (int step = 0; step < 20; step++) {
                for (int i = 0; i < 2; i++) {
                    z[i] = runs[i].next(z[i], Contractions.OPERATOR.apply(z[i], c[i]));
                }
            }
            for (int i = 0; i < 2; i++) {
                assertThat(Tensors.doubles(z[i])).as("run " + i).isEqualTo(alone[i]);
            }
        }
    }

    /** T(z) + β(T(z) − last T(z)). */
    private static class Momentum implements Acceleration.Run {
        private final double beta;
        private @Nullable Tensor last;

        Momentum(double beta) {
            this.beta = beta;
        }

        @Override
        public Tensor next(Tensor z, Tensor tz) {
            Tensor before = last == null ? tz : last;
            last = TensorScope.persist(tz);
            return tz.add(tz.sub(before), new Scalar(beta));
        }

        @Override
        public void keep(Tensor rows) {
            if (last != null) {
                last = TensorScope.persist(last.index_select(0, rows));
            }
        }
    }
}
