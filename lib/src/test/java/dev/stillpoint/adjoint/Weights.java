package dev.stillpoint.adjoint;

import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Named float64 weights. */
final class Weights implements Learnable {
    final Map<String, Tensor> values = new LinkedHashMap<>();

    Weights with(String name, double scale, long... shape) {
        int count = 1;
        for (long s : shape) {
            count *= (int) s;
        }
        return with(name, Tensors.of(Cases.normal(Cases.random(values.size()), count, scale), shape));
    }

    Weights with(String name, Tensor value) {
        values.put(name, value.requires_grad_(true));
        return this;
    }

    Tensor get(String name) {
        Tensor value = values.get(name);
        if (value == null) {
            throw new AssertionError(name);
        }
        return value;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        values.forEach(visitor::parameter);
    }
}
