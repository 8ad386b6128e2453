package dev.stillpoint.network;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * max(x, 0) + slope·min(x, 0), elementwise.
 *
 * @param slope of the negative side, finite
 */
public record LeakyRelu(double slope) implements Layer {
    /** Checks the slope. */
    public LeakyRelu {
        if (!Double.isFinite(slope)) {
            throw new IllegalArgumentException("LeakyRelu: need a finite slope, got " + slope);
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return torch.leaky_relu(x, new Scalar(slope));
    }
}
