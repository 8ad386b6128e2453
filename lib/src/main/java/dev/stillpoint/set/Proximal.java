package dev.stillpoint.set;

import dev.stillpoint.tensor.Learnable;
import org.bytedeco.pytorch.Tensor;

/**
 * The proximal map of a closed convex function g: prox_{αg}(x) = argmin_u g(u) + ‖u − x‖²/(2α), row by row.
 *
 * @param <C> the context, which may carry data of g a sample
 */
public interface Proximal<C> extends Learnable {
    /**
     * prox_{αg}(x).
     *
     * @param x [batch, n]
     * @param step α > 0, a scalar or [batch, 1]
     * @param c the batch's context
     * @return [batch, n], of the open scope; {@code x} is left as it was
     */
    Tensor prox(Tensor x, Tensor step, C c);
}
