package dev.stillpoint.network;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * x ↦ factor·x with a fixed factor: the unit of what a network predicts.
 *
 * @param factor finite
 */
public record Scale(double factor) implements Layer {
    /** Checks the factor. */
    public Scale {
        if (!Double.isFinite(factor)) {
            throw new IllegalArgumentException("Scale: need a finite factor, got " + factor);
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.mul(new Scalar(factor));
    }
}
