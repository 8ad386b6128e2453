package dev.stillpoint.operator;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * f(x; c) = ½‖Ax − d(c)‖², so ∇f = A*(Ax − d(c)), with L = ‖A‖² and μ = β² where A declares its norm and its lower bound β.
 *
 * @param a A
 * @param data reads d, of Ax's shape, from the context
 * @param <C> the context
 */
public record LeastSquares<C>(LinearOperator<C> a, Function<C, Tensor> data) implements Gradient<C> {
    @Override
    public Tensor at(Tensor x, C c) {
        Tensor ax = a.apply(x, c);
        Tensor d = data.apply(c);
        Tensors.check("LeastSquares: data", d, ax.shape());
        return a.adjoint(ax.sub(d), c);
    }

    @Override
    public OptionalDouble lipschitz() {
        return squared(a.norm());
    }

    @Override
    public OptionalDouble strongConvexity() {
        return squared(a.lowerBound());
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("a", a);
    }

    private static OptionalDouble squared(OptionalDouble bound) {
        return bound.isEmpty() ? bound : OptionalDouble.of(bound.getAsDouble() * bound.getAsDouble());
    }
}
