package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Learnable;
import org.bytedeco.pytorch.Tensor;

/**
 * How gradients pass through z* = T(z*; c). The adjoint runs the solve, so that it decides what is taped.
 *
 * <p>With J = ∂T/∂z at z*, the true gradient of a loss ℓ is gᵀ(I − J)⁻¹ ∂T/∂Θ, g = ∂ℓ/∂z*. Implementations differ in what
 * they put in place of (I − J)⁻¹, and in what that costs.
 *
 * <p>Most are constants. One with a state shows it as buffers, so that a training run can store it; it is no part of a
 * network's own state.
 */
public interface Adjoint extends Learnable {
    /**
     * Solves, and puts the outcome on the tape of what T and {@code c} depend on.
     *
     * @param solver how the fixed point is found
     * @param t the operator
     * @param z0 [batch, ...], the start
     * @param c the context, taped
     * @return of the open scope
     * @throws IllegalStateException if no {@link dev.stillpoint.tensor.TensorScope} is open
     */
    <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c);
}
