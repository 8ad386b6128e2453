package dev.stillpoint.network;

import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * While training, sets each channel of each sample to zero with probability p and divides the others by 1 − p; in use, the identity. [batch, channels, h, w].
 *
 * <p>The masks come from libtorch's generator: {@code Engine.seed} fixes them, and checkpoints hold its state.
 *
 * <p>Reference: Tompson et al. 2015, section 3.2, arXiv 1411.4280.
 *
 * @param p in [0, 1)
 */
public record Dropout2d(double p) implements Layer {
    /** Checks the probability. */
    public Dropout2d {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("Dropout2d: need probability in [0, 1), got " + p);
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return x;
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        Tensors.check("Dropout2d: x", x, -1, -1, -1, -1);
        return mode == Mode.TRAIN && p > 0 ? torch.feature_dropout(x, p, true) : x;
    }
}
