package dev.stillpoint.tensor;

import org.bytedeco.pytorch.Tensor;

/**
 * What a context needs so that samples can leave a running solve: its size, and a choice of rows.
 *
 * @param <C> the context itself
 */
public interface Batch<C> {
    /** The number of samples. */
    int size();

    /** The samples at {@code rows}, int64 [count], in that order. Its tensors belong to the open scope. */
    C select(Tensor rows);
}
