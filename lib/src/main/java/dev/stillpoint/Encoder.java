package dev.stillpoint;

import dev.stillpoint.network.Layer;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import org.bytedeco.pytorch.Tensor;

/**
 * Q: data to context, run once a batch, outside the fixed-point loop.
 *
 * @param <I> what the network is given
 * @param <C> the context
 */
public interface Encoder<I, C> extends Learnable {
    /** Q(d), taped when the tape is on; its tensors belong to the open scope. */
    C encode(I input);

    /** The encoder whose context is a layer's output: the layer's parameters keep their names. */
    static Encoder<Tensor, Rows> of(Layer layer) {
        return of(layer, Mode.EVAL);
    }

    /** The same, with the layer in the given mode. */
    static Encoder<Tensor, Rows> of(Layer layer, Mode mode) {
        return new Encoder<>() {
            @Override
            public Rows encode(Tensor input) {
                return new Rows(layer.forward(input, mode));
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                layer.visit(visitor);
            }
        };
    }
}
