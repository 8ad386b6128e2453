package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.Acceleration;
import dev.stillpoint.solver.Compaction;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every acceleration of the catalogue keeps the laws, and accelerations that break one are seen. */
class AccelerationLawsTest {
    /** ojAlgo stops near 1e-9. */
    private static final double SAME_SOLUTION = 1e-6;

    private static final StoppingRule RULE = StoppingRule.tolerance(1e-11).withMaxSteps(5_000);

    static Stream<Acceleration> instances() {
        return Catalogue.ACCELERATIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("instances")
    void everyLawHolds(Acceleration acceleration) {
        AccelerationLaws.all(acceleration);
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

    @Test
    void saboteursAreCaught() {
        Acceleration movesTheFixedPoint = () -> new Momentum(0) {
            @Override
            public Tensor next(Tensor z, Tensor tz) {
                return tz.mul(new Scalar(1 - 1e-6));
            }
        };
        fails(() -> AccelerationLaws.fixedPointIsThatOfT(movesTheFixedPoint), "status");
        // Right for data of size 1 alone.
        Acceleration hasAUnit = () -> new Momentum(0) {
            @Override
            public Tensor next(Tensor z, Tensor tz) {
                return tz.clamp_min(new Scalar(-1e3));
            }
        };
        fails(() -> AccelerationLaws.fixedPointIsThatOfT(hasAUnit), "scale 1000000.0");
        // Momentum stands still where T does, but its rows are another sample's once some have left.
        Acceleration ignoresKeep = () -> new Momentum(0.3) {
            @Override
            public void keep(Tensor rows) {
                // The first rows, whoever they were.
                super.keep(Tensors.of(LongStream.range(0, rows.size(0)).toArray()));
            }
        };
        fails(() -> AccelerationLaws.fixedPointIsThatOfT(ignoresKeep), "with and without compaction");
        Momentum shared = new Momentum(0.3);
        Acceleration sharesItsRun = () -> {
            shared.last = null;
            return shared;
        };
        fails(() -> AccelerationLaws.runsDoNotDisturbEachOther(sharesItsRun), "run 0");
        Acceleration writesIntoTz = () -> new Momentum(0.3) {
            @Override
            public Tensor next(Tensor z, Tensor tz) {
                return tz.copy_(super.next(z, tz));
            }
        };
        fails(() -> AccelerationLaws.inputsAreUntouched(writesIntoTz), "T(z) untouched");
        Acceleration keepsOneRow = () -> new Momentum(0.3) {
            @Override
            public void keep(Tensor rows) {
                super.keep(rows.size(0) == 0 ? Tensors.of(0L, 1L) : rows);
            }
        };
        fails(() -> AccelerationLaws.emptyBatchIsKept(keepsOneRow), "must match the size");

        // The same momentum, done properly, passes all: the laws do not ask for Picard.
        AccelerationLaws.all(() -> new Momentum(0.3));
    }

    private static void fails(Runnable law, String saying) {
        assertThatThrownBy(law::run).isInstanceOf(AssertionError.class).hasMessageContaining(saying);
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
            last = TensorScope.persist(tz.clone());
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
