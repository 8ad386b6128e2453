package dev.stillpoint.set;

import org.bytedeco.pytorch.Tensor;

/**
 * A closed convex set C. As a proximal map it is its indicator function, whose prox is the projection for every step.
 *
 * <p>Laws: the projection lies in C, is idempotent and nonexpansive, and ⟨x − Px, c − Px⟩ ≤ 0 for every c in C.
 *
 * @param <C> the context, which may carry data of the set a sample; fixed sets ignore it
 */
public interface ConvexSet<C> extends Proximal<C>, Constraint<C> {
    /** P_C(x) = argmin_{u ∈ C} ‖u − x‖, [batch, n] to [batch, n]. */
    Tensor project(Tensor x, C c);

    @Override
    default Tensor prox(Tensor x, Tensor step, C c) {
        return project(x, c);
    }
}
