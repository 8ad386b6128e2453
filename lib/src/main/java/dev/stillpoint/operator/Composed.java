package dev.stillpoint.operator;

import dev.stillpoint.tensor.ParameterVisitor;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/**
 * x ↦ A(Bx). Its norm is at most, and its lower bound at least, the product of theirs.
 *
 * @param outer A
 * @param inner B
 * @param <C> the context
 */
public record Composed<C>(LinearOperator<C> outer, LinearOperator<C> inner) implements LinearOperator<C> {
    @Override
    public Tensor apply(Tensor x, C c) {
        return outer.apply(inner.apply(x, c), c);
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        return inner.adjoint(outer.adjoint(y, c), c);
    }

    @Override
    public OptionalDouble norm() {
        return product(outer.norm(), inner.norm());
    }

    @Override
    public OptionalDouble lowerBound() {
        return product(outer.lowerBound(), inner.lowerBound());
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("outer", outer);
        visitor.part("inner", inner);
    }

    private static OptionalDouble product(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() && b.isPresent()
                ? OptionalDouble.of(a.getAsDouble() * b.getAsDouble())
                : OptionalDouble.empty();
    }
}
