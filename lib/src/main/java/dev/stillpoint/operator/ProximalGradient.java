package dev.stillpoint.operator;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/**
 * Proximal gradient descent (forward-backward splitting, ISTA) for min f(x) + g(x): T(x) = prox_{αg}(x − α∇f(x)).
 *
 * <p>Converges for 0 &lt; α &lt; 2/L when ∇f is 1/L-cocoercive. One gradient and one prox a step. With L known T is
 * 2/(4 − αL)-averaged, and with μ also a contraction by √(1 − αμ(2 − αL)). {@link ProjectedGradient} is the case of an
 * indicator function.
 *
 * <p>Reference: Lions and Mercier 1979; Combettes and Wajs 2005; the averagedness is from Combettes and
 * Yamada 2015, arXiv 1407.5100.
 *
 * @param smooth ∇f
 * @param g its prox ends a step
 * @param step α
 * @param <C> the context
 */
public record ProximalGradient<C>(Gradient<C> smooth, Proximal<C> g, double step) implements Operator<C> {
    /** Checks the step, against 2/L where L is known. */
    public ProximalGradient {
        Splitting.checkStep("ProximalGradient", step, smooth);
    }

    @Override
    public Tensor apply(Tensor z, C c) {
        return g.prox(Splitting.forward(z, smooth, step, c), Tensors.scalar(step), c);
    }

    @Override
    public List<ConvexSet<C>> constraints() {
        return Splitting.sets(List.of(g));
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
        visitor.part("g", g);
    }
}
