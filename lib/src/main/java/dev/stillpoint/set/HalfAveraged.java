package dev.stillpoint.set;

import dev.stillpoint.tensor.ParameterVisitor;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * R = ½(I + N) of a nonexpansive N: firmly nonexpansive, and every such map is of this form (Bauschke and Combettes, proposition 4.4).
 *
 * @param reflection N = 2R − I
 * @param <C> the context
 */
public record HalfAveraged<C>(Nonexpansive<C> reflection) implements Resolvent<C> {
    @Override
    public Tensor apply(Tensor x, C c) {
        return x.lerp(reflection.apply(x, c), new Scalar(0.5));
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("reflection", reflection);
    }
}
