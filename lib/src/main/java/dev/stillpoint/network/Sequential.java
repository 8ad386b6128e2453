package dev.stillpoint.network;

import dev.stillpoint.tensor.ParameterVisitor;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Layers one after the other, named "0", "1", ... as PyTorch names them.
 *
 * @param layers in order
 */
public record Sequential(List<Layer> layers) implements Layer {
    /** Copies the list. */
    public Sequential {
        layers = List.copyOf(layers);
    }

    /** The layers in order. */
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Mode.EVAL);
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        for (Layer layer : layers) {
            x = layer.forward(x, mode);
        }
        return x;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        for (int i = 0; i < layers.size(); i++) {
            visitor.part(Integer.toString(i), layers.get(i));
        }
    }
}
