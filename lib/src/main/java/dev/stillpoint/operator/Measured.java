package dev.stillpoint.operator;

import dev.stillpoint.set.Constraint;
import org.bytedeco.pytorch.Tensor;

/**
 * Ax ∈ C: what is measured of a solution lies in a set.
 *
 * @param a A
 * @param set C, or another constraint on Ax
 * @param <C> the context
 */
public record Measured<C>(LinearOperator<C> a, Constraint<C> set) implements Constraint<C> {
    @Override
    public Tensor violation(Tensor x, C c) {
        return set.violation(a.apply(x, c), c);
    }
}
