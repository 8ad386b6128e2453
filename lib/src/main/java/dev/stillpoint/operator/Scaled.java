package dev.stillpoint.operator;

import dev.stillpoint.tensor.ParameterVisitor;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * x ↦ s·Ax. With s = 1/‖A‖ the norm is 1, and steps need no tuning to the data.
 *
 * @param operator A
 * @param factor s
 * @param <C> the context
 */
public record Scaled<C>(LinearOperator<C> operator, double factor) implements LinearOperator<C> {
    /** Checks that the factor is finite. */
    public Scaled {
        if (!Double.isFinite(factor)) {
            throw new IllegalArgumentException("Scaled: need finite factor, got " + factor);
        }
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        return operator.apply(x, c).mul(new Scalar(factor));
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        return operator.adjoint(y, c).mul(new Scalar(factor));
    }

    @Override
    public OptionalDouble norm() {
        return scaled(operator.norm());
    }

    @Override
    public OptionalDouble lowerBound() {
        return factor == 0 ? OptionalDouble.empty() : scaled(operator.lowerBound());
    }

    /** Names the weights as A does. */
    @Override
    public void visit(ParameterVisitor visitor) {
        operator.visit(visitor);
    }

    private OptionalDouble scaled(OptionalDouble bound) {
        return bound.isEmpty() ? bound : OptionalDouble.of(Math.abs(factor) * bound.getAsDouble());
    }
}
