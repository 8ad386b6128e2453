package dev.stillpoint.operator;

import dev.stillpoint.tensor.Learnable;
import org.bytedeco.pytorch.Tensor;

/**
 * ∇f(x; c), the smooth part of the objective, known or learned.
 *
 * @param <C> the context
 */
public interface Gradient<C> extends Learnable {
    /** ∇f(x; c), [batch, n] to [batch, n]. */
    Tensor at(Tensor x, C c);
}
