package dev.stillpoint.solver;

import org.bytedeco.pytorch.Tensor;

/** Solves v = g + Mv for every sample, M being known by its products alone. The adjoint equation has M = (∂T/∂z)ᵀ. */
public interface LinearSolver {
    /**
     * Solves v − Mv = g, off the tape.
     *
     * @param m the map M, each sample with one of its own
     * @param g the right-hand side, [batch, ...]
     * @return v, with the residual ‖g + Mv − v‖₂ computed from it; of the open scope
     */
    Solution solve(LinearMap m, Tensor g);
}
