package dev.stillpoint;

import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Where the iteration begins when there is no warm start.
 *
 * @param <C> the context
 */
public interface Start<C> {
    /** z₀, [batch, ...], of the type that T works in. */
    Tensor at(C c);

    /** Zeros, of the shape and type of a tensor of the context. */
    static <C> Start<C> zerosLike(Function<C, Tensor> part) {
        return c -> torch.zeros_like(part.apply(c));
    }
}
