package dev.stillpoint;

import dev.stillpoint.tensor.Learnable;

/**
 * Q: data to context, run once a batch, outside the fixed-point loop.
 *
 * @param <I> what the network is given
 * @param <C> the context
 */
public interface Encoder<I, C> extends Learnable {
    /** Q(d), taped when the tape is on; its tensors belong to the open scope. */
    C encode(I input);
}
