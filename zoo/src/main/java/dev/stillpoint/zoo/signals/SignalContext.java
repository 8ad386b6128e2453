package dev.stillpoint.zoo.signals;

import dev.stillpoint.tensor.Batch;
import org.bytedeco.pytorch.Tensor;

/**
 * What a batch's problems are made of.
 *
 * @param data d in the unit that A has norm one in, [batch, m]
 * @param dictionary K with ‖K‖ ≤ 1, [n, n], one for all samples
 */
record SignalContext(Tensor data, Tensor dictionary) implements Batch<SignalContext> {
    @Override
    public int size() {
        return Math.toIntExact(data.size(0));
    }

    @Override
    public SignalContext select(Tensor rows) {
        return new SignalContext(data.index_select(0, rows), dictionary);
    }
}
