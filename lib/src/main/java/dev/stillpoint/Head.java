package dev.stillpoint;

import dev.stillpoint.network.Layer;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import org.bytedeco.pytorch.Tensor;

/**
 * H: what is made of the solution, once a batch, outside the fixed-point loop: the scores of classes, for instance. Its
 * weights get their gradient past the adjoint, exactly.
 *
 * @param <C> the context
 */
public interface Head<C> extends Learnable {
    /** H(x; c), [batch, ...] to [batch, ...], taped when the tape is on. {@code x} is left as it was. */
    Tensor apply(Tensor x, C c);

    /** H(x) = x. */
    static <C> Head<C> identity() {
        return (x, c) -> x;
    }

    /** A layer of x alone, in the given mode: its parameters keep their names. */
    static <C> Head<C> of(Layer layer, Mode mode) {
        return new Head<>() {
            @Override
            public Tensor apply(Tensor x, C c) {
                return layer.forward(x, mode);
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                layer.visit(visitor);
            }
        };
    }
}
