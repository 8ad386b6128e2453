package dev.stillpoint;

import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Tensors;
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

    /** The same z₀ for every sample, in float32: the fixed point of a typical one, say. */
    static <C extends Batch<C>> Start<C> of(float... z) {
        float[] own = z.clone();
        return c -> Tensors.of(own, 1, own.length).expand(c.size(), own.length);
    }

    /** Zeros, of the shape and type of a tensor of the context. */
    static <C> Start<C> zerosLike(Function<C, Tensor> part) {
        return c -> torch.zeros_like(part.apply(c));
    }
}
