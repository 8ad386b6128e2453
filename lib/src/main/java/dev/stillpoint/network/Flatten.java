package dev.stillpoint.network;

import org.bytedeco.pytorch.Tensor;

/** A row a sample: [batch, ...] to [batch, n]. */
public record Flatten() implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.flatten(1, -1);
    }
}
