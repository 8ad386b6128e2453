package dev.stillpoint.solver;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** Solves v = g + Mv for every sample, M being known by its products alone. The adjoint equation has M = (∂T/∂z)ᵀ. */
public interface LinearSolver {
    /**
     * Solves v − Mv = g.
     *
     * @param product v ↦ Mv, [batch, ...] to [batch, ...], each sample with an M of its own
     * @param g the right-hand side, [batch, ...]
     * @return of the open scope
     */
    Solution solve(UnaryOperator<Tensor> product, Tensor g);
}
