package dev.stillpoint.network;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * x ↦ xWᵀ + β, [batch, in] to [batch, out], with PyTorch's names (weight, bias) and PyTorch's initial distribution:
 * both uniform on ±1/√in.
 */
public final class Linear implements Layer {
    private final Tensor weight;
    private final Tensor bias;

    /**
     * A float32 layer with weights drawn from {@code random}.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public Linear(int in, int out, RandomGenerator random) {
        this(in, out, ScalarType.Float, random);
    }

    /**
     * A layer in the given precision.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public Linear(int in, int out, ScalarType type, RandomGenerator random) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("Linear: need sizes >= 1, got " + in + " and " + out);
        }
        double bound = 1 / Math.sqrt(in);
        try (TensorScope scope = TensorScope.open()) {
            this.weight = parameter(uniform(Math.multiplyExact(in, out), bound, random), type, out, in);
            this.bias = parameter(uniform(out, bound, random), type, out);
        }
    }

    private static double[] uniform(int count, double bound, RandomGenerator random) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (2 * random.nextDouble() - 1) * bound;
        }
        return values;
    }

    private static Tensor parameter(double[] values, ScalarType type, long... shape) {
        return TensorScope.persist(Tensors.of(values, shape).to(type).clone().requires_grad_(true));
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensors.check("Linear: x", x, -1, weight.size(1));
        if (Tensors.type(x) != Tensors.type(weight)) {
            throw new IllegalArgumentException(
                    "Linear: x: expected " + Tensors.type(weight) + " as the weights are, got " + Tensors.type(x));
        }
        return torch.linear(x, weight, bias);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.parameter("weight", weight);
        visitor.parameter("bias", bias);
    }
}
