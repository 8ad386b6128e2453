package dev.stillpoint.operator;

import dev.stillpoint.tensor.Learnable;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/**
 * ∇f(x; c), the smooth part of the objective, known or learned.
 *
 * @param <C> the context
 */
public interface Gradient<C> extends Learnable {
    /** ∇f(x; c), [batch, n] to [batch, n]. */
    Tensor at(Tensor x, C c);

    /**
     * L such that L·⟨∇f(x) − ∇f(y), x − y⟩ ≥ ‖∇f(x) − ∇f(y)‖² for all x, y and c, where one is known: 1/L-cocoercivity. For
     * the gradient of a convex f any Lipschitz constant is one. Bounds the steps that operators accept.
     */
    default OptionalDouble lipschitz() {
        return OptionalDouble.empty();
    }

    /** μ &gt; 0 such that ⟨∇f(x) − ∇f(y), x − y⟩ ≥ μ‖x − y‖² for all x, y and c, where one is known. */
    default OptionalDouble strongConvexity() {
        return OptionalDouble.empty();
    }
}
