package dev.stillpoint;

import org.bytedeco.pytorch.Tensor;

/**
 * Where the iteration begins when there is no warm start.
 *
 * @param <C> the context
 */
public interface Start<C> {
    /** z₀, [batch, ...], of the type that T works in. */
    Tensor at(C c);
}
