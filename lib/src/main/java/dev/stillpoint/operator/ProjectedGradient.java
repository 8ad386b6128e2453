package dev.stillpoint.operator;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/**
 * Projected gradient descent for min f(x) over x in C: T(x) = P_C(x − α∇f(x)).
 *
 * <p>Converges for 0 &lt; α &lt; 2/L when ∇f is 1/L-cocoercive; every iterate lies in C. One gradient and one projection a step.
 * With L known T is 2/(4 − αL)-averaged, and with μ also a contraction by √(1 − αμ(2 − αL)).
 *
 * <p>Reference: Goldstein 1964; the averagedness is from Combettes and Yamada 2015, arXiv 1407.5100.
 *
 * @param smooth ∇f
 * @param set C
 * @param step α
 * @param <C> the context
 */
public record ProjectedGradient<C>(Gradient<C> smooth, ConvexSet<C> set, double step) implements Operator<C> {
    /** Checks the step, against 2/L where L is known. */
    public ProjectedGradient {
        Splitting.checkStep("ProjectedGradient", step, smooth);
    }

    @Override
    public Tensor apply(Tensor z, C c) {
        return set.project(Splitting.forward(z, smooth, step, c), c);
    }

    @Override
    public List<ConvexSet<C>> constraints() {
        return List.of(set);
    }

    @Override
    public OptionalDouble contractionFactor() {
        return Splitting.contractionFactor(step, smooth);
    }

    @Override
    public OptionalDouble averagedness() {
        return Splitting.averagedness(step, smooth);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("smooth", smooth);
        visitor.part("set", set);
    }
}
