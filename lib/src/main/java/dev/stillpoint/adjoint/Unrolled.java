package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Backpropagation through k applications of T from z₀: the exact derivative of the k-th iterate, in memory that grows with
 * k. It replaces the solve: the result is as near to the fixed point as k steps come.
 *
 * @param steps k ≥ 1
 */
public record Unrolled(int steps) implements Adjoint {
    /** Checks k. */
    public Unrolled {
        if (steps < 1) {
            throw new IllegalArgumentException("Unrolled: need steps >= 1, got " + steps);
        }
    }

    @Override
    public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        TensorScope.current();
        FixedPointSolver.Unrolling unrolling = solver.unroll(t, z0.detach(), c, steps);
        return new Attached(
                unrolling.z(), unrolling.solution(), () -> AdjointStats.without(AdjointStats.Gradient.UNROLLED, steps));
    }
}
