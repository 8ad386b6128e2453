package dev.stillpoint.adjoint;

import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;

/**
 * The backward pass of one batch.
 *
 * @param products products with Jᵀ, and with J where the adjoint asks for them, for the batch
 * @param residual ‖g + Jᵀv − v‖₂ a sample: how well the adjoint equation holds; empty where the adjoint does not solve it
 * @param status one a sample; empty likewise
 */
public record AdjointStats(int products, double[] residual, Status[] status) {
    static AdjointStats without(int products) {
        return new AdjointStats(products, new double[0], new Status[0]);
    }

    static AdjointStats of(Solution v) {
        return new AdjointStats(v.stats().batchSteps(), v.stats().residual(), v.status());
    }
}
