package dev.stillpoint.network;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * x ↦ x + B(x) with a branch B that keeps the shape. The branch's parameters keep their names.
 *
 * @param branch B
 */
public record Residual(Layer branch) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Mode.EVAL);
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        Tensor y = branch.forward(x, mode);
        Tensors.check("Residual: B(x)", y, x.shape());
        return x.add(y);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        branch.visit(visitor);
    }
}
