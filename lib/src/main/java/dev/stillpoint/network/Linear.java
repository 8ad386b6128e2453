package dev.stillpoint.network;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * x ↦ xWᵀ + β, [batch, in] to [batch, out], with PyTorch's names (weight, bias) and PyTorch's initial distribution:
 * both uniform on ±1/√in.
 */
public final class Linear implements Layer {
    private final Tensor weight;
    private final @Nullable Tensor bias;

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
        this(in, out, Bias.LEARNED, type, random);
    }

    /**
     * A layer in the given precision, with or without β.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public Linear(int in, int out, Bias bias, ScalarType type, RandomGenerator random) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("Linear: need sizes >= 1, got " + in + " and " + out);
        }
        double bound = 1 / Math.sqrt(in);
        this.weight = Initial.uniform(bound, type, random, out, in);
        this.bias = Initial.bias(bias, bound, type, random, out);
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensors.check("Linear: x", x, -1, weight.size(1));
        Initial.checkType("Linear: x", x, weight);
        return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, bias);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.parameter("weight", weight);
        if (bias != null) {
            visitor.parameter("bias", bias);
        }
    }
}
