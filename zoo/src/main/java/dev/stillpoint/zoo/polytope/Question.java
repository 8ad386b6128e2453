package dev.stillpoint.zoo.polytope;

import org.bytedeco.pytorch.Tensor;

/**
 * What the network is given: what it learns from, and what the rows fix. A part that all rows share has width 0.
 *
 * @param features [batch, p]
 * @param rightHandSide b, [batch, m] or [batch, 0]
 * @param lower l, [batch, n] or [batch, 0]
 * @param upper u, [batch, n] or [batch, 0]
 */
public record Question(Tensor features, Tensor rightHandSide, Tensor lower, Tensor upper) {
    /** The rows at {@code rows}, int64 [count]. */
    Question select(Tensor rows) {
        return new Question(
                features.index_select(0, rows),
                rightHandSide.index_select(0, rows),
                lower.index_select(0, rows),
                upper.index_select(0, rows));
    }
}
