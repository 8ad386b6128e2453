package dev.stillpoint.network;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Initial weights, and what layers do with an optional one. */
final class Initial {
    private Initial() {}

    /** A parameter drawn uniformly from ±bound. */
    static Tensor uniform(double bound, ScalarType type, RandomGenerator random, long... shape) {
        int count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, Math.toIntExact(size));
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (2 * random.nextDouble() - 1) * bound;
        }
        try (TensorScope scope = TensorScope.open()) {
            return parameter(Tensors.of(values, shape).to(type).clone());
        }
    }

    /** The same, where the layer has a bias. */
    static @Nullable Tensor bias(Bias bias, double bound, ScalarType type, RandomGenerator random, long size) {
        return bias == Bias.LEARNED ? uniform(bound, type, random, size) : null;
    }

    /** A parameter of equal numbers. */
    static Tensor constant(double value, ScalarType type, long size) {
        try (TensorScope scope = TensorScope.open()) {
            return parameter(Tensors.scalar(value)
                    .to(type)
                    .expand(new long[] {size}, false)
                    .clone());
        }
    }

    private static Tensor parameter(Tensor values) {
        return TensorScope.persist(values.requires_grad_(true));
    }

    static TensorOptional optional(@Nullable Tensor t) {
        return t == null ? new TensorOptional() : new TensorOptional(t);
    }

    /** Checks that an input is of the weights' type. */
    static void checkType(String name, Tensor x, Tensor weight) {
        if (Tensors.type(x) != Tensors.type(weight)) {
            throw new IllegalArgumentException(
                    name + ": expected " + Tensors.type(weight) + " as the weights are, got " + Tensors.type(x));
        }
    }
}
