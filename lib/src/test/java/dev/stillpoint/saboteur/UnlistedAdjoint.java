package dev.stillpoint.saboteur;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.Batch;
import org.bytedeco.pytorch.Tensor;

/** A public adjoint that no catalogue has. */
public final class UnlistedAdjoint implements Adjoint {
    @Override
    public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        throw new AssertionError("never run");
    }
}
