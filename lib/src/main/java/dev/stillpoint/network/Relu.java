package dev.stillpoint.network;

import org.bytedeco.pytorch.Tensor;

/** max(x, 0), elementwise. */
public record Relu() implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.relu();
    }
}
