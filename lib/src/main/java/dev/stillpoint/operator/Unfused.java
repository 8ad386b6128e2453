package dev.stillpoint.operator;

import dev.stillpoint.set.Constraint;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/** An operator in all but the loop that it may bring. Names the weights as the operator does. */
record Unfused<C>(Operator<C> operator) implements Operator<C> {
    @Override
    public Tensor apply(Tensor z, C c) {
        return operator.apply(z, c);
    }

    @Override
    public Tensor solution(Tensor z, C c) {
        return operator.solution(z, c);
    }

    @Override
    public List<? extends Constraint<C>> constraints() {
        return operator.constraints();
    }

    @Override
    public OptionalDouble contractionFactor() {
        return operator.contractionFactor();
    }

    @Override
    public OptionalDouble averagedness() {
        return operator.averagedness();
    }

    @Override
    public Coupling coupling() {
        return operator.coupling();
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        operator.visit(visitor);
    }
}
