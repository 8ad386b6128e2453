package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Jacobian-free backpropagation: I in place of (I − J)⁻¹, which is one taped application of T at z*.
 *
 * <p>Memory and time do not grow with the depth of the solve. A descent direction when T is a γ-contraction and
 * κ(MᵀM) ≤ 1/γ for M = ∂T/∂Θ; beyond that it can point uphill. The same as {@code Neumann(0)}.
 *
 * <p>Reference: Wu Fung et al. 2022, Theorem 0.2, arXiv 2103.12803.
 */
public record JacobianFree() implements Adjoint {
    @Override
    public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        TensorScope.current();
        Solution solution = solver.solve(t, z0, c);
        return new Attached(t.apply(solution.z(), c), solution, JacobianFree::stats);
    }

    static AdjointStats stats() {
        return AdjointStats.without(AdjointStats.Gradient.JACOBIAN_FREE, 0);
    }
}
