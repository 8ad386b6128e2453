package dev.stillpoint.network;

import dev.stillpoint.tensor.Learnable;
import org.bytedeco.pytorch.Tensor;

/** A map of tensors with weights. One whose output depends on the {@link Mode} implements both forms. */
public interface Layer extends Learnable {
    /** The output for a batch in use ({@link Mode#EVAL}), taped when the tape is on. {@code x} is left as it was. */
    Tensor forward(Tensor x);

    /** The output for a batch in the given mode, taped when the tape is on. {@code x} is left as it was. */
    default Tensor forward(Tensor x, Mode mode) {
        return forward(x);
    }
}
