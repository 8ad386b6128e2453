package dev.stillpoint.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * While training, sets each number to zero with probability p and divides the others by 1 − p; in use, the identity. any shape.
 *
 * <p>The masks come from libtorch's generator: {@code Engine.seed} fixes them, and checkpoints hold its state.
 *
 * <p>Reference: Srivastava et al. 2014, JMLR 15.
 *
 * @param p in [0, 1)
 */
public record Dropout(double p) implements Layer {
    /** Checks the probability. */
    public Dropout {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("Dropout: need probability in [0, 1), got " + p);
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return x;
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        return mode == Mode.TRAIN && p > 0 ? torch.dropout(x, p, true) : x;
    }
}
