package dev.stillpoint.tensor;

import org.bytedeco.pytorch.Tensor;

/** Receives the named tensors of a {@link Learnable}. */
public interface ParameterVisitor {
    /** A trained tensor, updated in place by an optimiser. */
    void parameter(String name, Tensor value);

    /** A tensor that is stored with the model and not trained. */
    void buffer(String name, Tensor value);

    /** A part with weights of its own, whose names are prefixed by {@code name} and a dot. */
    void part(String name, Learnable inner);
}
