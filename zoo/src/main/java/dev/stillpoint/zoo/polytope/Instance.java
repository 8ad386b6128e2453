package dev.stillpoint.zoo.polytope;

import dev.stillpoint.tensor.Batch;
import org.bytedeco.pytorch.Tensor;

/**
 * min wᵀx + γ/2‖x‖² over {Ax = b, l ≤ x ≤ u}: the predicted costs, and what the rows fix. A part that all rows share has
 * width 0.
 *
 * @param costs w, [batch, n]
 * @param rightHandSide b, [batch, m] or [batch, 0]
 * @param lower l, [batch, n] or [batch, 0]
 * @param upper u, [batch, n] or [batch, 0]
 */
public record Instance(Tensor costs, Tensor rightHandSide, Tensor lower, Tensor upper) implements Batch<Instance> {
    @Override
    public int size() {
        return Math.toIntExact(costs.size(0));
    }

    @Override
    public Instance select(Tensor rows) {
        return new Instance(
                costs.index_select(0, rows),
                rightHandSide.index_select(0, rows),
                lower.index_select(0, rows),
                upper.index_select(0, rows));
    }
}
