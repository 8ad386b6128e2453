package dev.stillpoint.set;

import dev.stillpoint.tensor.Learnable;
import org.bytedeco.pytorch.Tensor;

/**
 * N with ‖N(x) − N(y)‖₂ ≤ ‖x − y‖₂ for every sample, known or learned.
 *
 * @param <C> the context, which may carry its weights
 */
public interface Nonexpansive<C> extends Learnable {
    /** N(x; c), [batch, n] to [batch, n], taped when the tape is on. {@code x} is left as it was. */
    Tensor apply(Tensor x, C c);
}
