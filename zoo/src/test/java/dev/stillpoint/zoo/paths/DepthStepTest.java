package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.Batch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class DepthStepTest {
    private static final int ROWS = 3;

    @Test
    void everySolveTakesExactlyTheStepsAskedFor() {
        DepthStep step = new DepthStep(4, ROWS);
        List<Integer> taken = new ArrayList<>();
        for (int depth : new int[] {1, 7, 1_000}) {
            step.run(new Watched(new JacobianFree(), taken), depth);
            step.run(new Watched(new Unrolled(depth), taken), depth);
        }
        assertThat(taken).containsExactly(1, 1, 7, 7, 1_000, 1_000);
    }

    @Test
    void anotherNumberOfStepsIsRefused() {
        DepthStep step = new DepthStep(4, ROWS);
        assertThatIllegalStateException()
                .isThrownBy(() -> step.run(new Unrolled(4), 5))
                .withMessageContaining("need a solve of 5 steps, got one of 4");
    }

    /** Another adjoint, and the steps that its solves took. */
    private record Watched(Adjoint inner, List<Integer> taken) implements Adjoint {
        @Override
        public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
            Attached attached = inner.solve(solver, t, z0, c);
            int[] steps = attached.solution().stats().steps();
            assertThat(steps).hasSize(ROWS).containsOnly(steps[0]);
            taken.add(steps[0]);
            return attached;
        }
    }
}
