package dev.stillpoint.tensor;

import org.bytedeco.pytorch.Tensor;

/**
 * The context that is one tensor: a row a sample.
 *
 * @param values [batch, ...]
 */
public record Rows(Tensor values) implements Batch<Rows> {
    @Override
    public int size() {
        return Math.toIntExact(values.size(0));
    }

    @Override
    public Rows select(Tensor rows) {
        return new Rows(Tensors.select(values, rows));
    }
}
