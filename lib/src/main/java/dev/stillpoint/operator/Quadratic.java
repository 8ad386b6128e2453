package dev.stillpoint.operator;

import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * f(x; c) = w(c)ᵀx + γ/2 ‖x‖², so ∇f = w(c) + γx: γ-strongly convex, with a γ-Lipschitz gradient.
 *
 * @param cost reads w, [batch, n], from the context
 * @param gamma γ ≥ 0
 * @param <C> the context
 */
public record Quadratic<C>(Function<C, Tensor> cost, double gamma) implements Gradient<C> {
    /** Checks γ. */
    public Quadratic {
        if (!(gamma >= 0) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException("Quadratic: need finite gamma >= 0, got " + gamma);
        }
    }

    @Override
    public Tensor at(Tensor x, C c) {
        Tensor w = cost.apply(c);
        Tensors.check("Quadratic: cost", w, x.size(0), x.size(1));
        return w.add(x, new Scalar(gamma));
    }

    @Override
    public OptionalDouble lipschitz() {
        return OptionalDouble.of(gamma);
    }

    @Override
    public OptionalDouble strongConvexity() {
        return gamma > 0 ? OptionalDouble.of(gamma) : OptionalDouble.empty();
    }
}
