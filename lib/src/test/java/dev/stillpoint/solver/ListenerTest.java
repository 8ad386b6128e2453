package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener sees, and what becomes of a solve whose listener throws. */
class ListenerTest {
    /** Collections may hide leftovers: the most of several counts. */
    private static final int READINGS = 8;

    private static final int RUNS = 5;
    private static final int N = 7;
    private static final double[] FACTORS = {0.1, 0.9, 0.5, 0.99, Double.NaN};
    private static final FixedPointSolver SOLVER = FixedPointSolver.of(StoppingRule.tolerance(1e-8));

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void seesEveryLook(int checkEvery) {
        List<IterationListener.Look> looks = new ArrayList<>();
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(1), N, FACTORS);
            Thread caller = Thread.currentThread();
            FixedPointSolver solver =
                    SOLVER.withStop(StoppingRule.tolerance(1e-8).withCheckEvery(checkEvery));
            Solution solution = solver.withListener(look -> {
                        assertThat(Thread.currentThread()).isSameAs(caller);
                        looks.add(look);
                    })
                    .solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c);
            int[] steps = solution.stats().steps();
            assertThat(looks).hasSize(1 + solution.stats().batchSteps() / checkEvery - (checkEvery == 1 ? 1 : 0));
            for (IterationListener.Look look : looks) {
                assertThat(look.step()).satisfiesAnyOf(s -> assertThat(s).isEqualTo(1), s -> assertThat(s % checkEvery)
                        .isZero());
                List<Integer> open = new ArrayList<>();
                int live = 0;
                for (int i = 0; i < FACTORS.length; i++) {
                    if (steps[i] >= look.step()) {
                        open.add(i);
                        live += steps[i] > look.step() ? 1 : 0;
                    }
                }
                assertThat(Arrays.stream(look.sample()).boxed().toList()).isEqualTo(open);
                assertThat(look.live()).isEqualTo(live);
                double worst = 0;
                for (int k = 0; k < open.size(); k++) {
                    if (steps[open.get(k)] == look.step()) {
                        double reported = solution.stats().residual()[open.get(k)];
                        assertThat(Double.compare(look.residual()[k], reported)).isZero();
                    }
                    worst = Math.max(worst, look.residual()[k]);
                }
                assertThat(Double.compare(look.worst(), worst)).isZero();
            }
            assertThat(looks.get(0).worst()).as("NaN is the worst").isNaN();
            assertThat(looks.get(1).worst()).isPositive();
            // Watching changes nothing.
            Solution unwatched = solver.solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c);
            assertThat(Tensors.doubles(unwatched.z())).isEqualTo(Tensors.doubles(solution.z()));
        }
    }

    @Test
    void unrollingIsNotWatched() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(2), N, 0.5);
            SOLVER.withListener(look -> {
                        throw new AssertionError("not a solve");
                    })
                    .unroll(Contractions.OPERATOR, torch.zeros_like(c.b()), c, 3);
        }
    }

    @Test
    void exceptionsEndTheSolveAndLeaveNothingBehind() {
        IllegalStateException planted = new IllegalStateException("planted");
        IterationListener throwing = look -> {
            torch.zeros(5);
            if (look.step() == 70) {
                throw planted;
            }
        };
        Runnable run = () -> {
            try (TensorScope scope = TensorScope.open()) {
                // The first samples leave before; the fourth stands at its rounding, so that what remembers it is held
                // too.
                Contractions c = Contractions.of(Cases.random(3), N, 0.1, 0.2, 0.3, -1, 0.9999);
                c.b().select(0, 3).fill_(new Scalar(2.0));
                Tensor z0 = torch.zeros_like(c.b());
                z0.select(0, 3).fill_(new Scalar(1 + 1e-14));
                FixedPointSolver solver =
                        SOLVER.withStop(StoppingRule.tolerance(1e-18)).withListener(throwing);
                assertThatThrownBy(() -> solver.solve(Contractions.OPERATOR, z0, c))
                        .isSameAs(planted);
                Operator<Contractions> kinked = (z, k) -> z.abs().mul(k.a()).add(k.b());
                assertThatThrownBy(() -> solver.withAcceleration(Anderson.of(2))
                                .withListener(look -> {
                                    if (look.step() == 4) {
                                        throw planted;
                                    }
                                })
                                .solve(kinked, z0, c))
                        .isSameAs(planted);
                assertThat(TensorScope.current()).as("inner scopes closed").isSameAs(scope);
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
        assertThat(most).isZero();
    }
}
