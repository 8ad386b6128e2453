package dev.stillpoint.network;

import dev.stillpoint.tensor.Learnable;
import org.bytedeco.pytorch.Tensor;

/** A map of tensors with weights. */
public interface Layer extends Learnable {
    /** The output for a batch, taped when the tape is on. */
    Tensor forward(Tensor x);
}
