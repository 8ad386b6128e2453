package dev.stillpoint.operator;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Douglas-Rachford splitting for min g(x) + h(x): with x = prox_{αg}(z), T(z) = z − x + prox_{αh}(2x − z), and
 * x* = prox_{αg}(z*).
 *
 * <p>T is 1/2-averaged for every α &gt; 0, so it converges wherever a fixed point exists; α decides how fast. Two sets give a
 * point of their intersection, not the nearest one. {@code g} should be the set that the answer must satisfy exactly: x lies
 * in it at every step; {@code h}'s constraint holds up to the residual. Two proxes a step.
 *
 * <p>Reference: Lions and Mercier 1979; Eckstein and Bertsekas 1992.
 *
 * @param g its prox gives x
 * @param h the second prox
 * @param step α
 * @param <C> the context
 */
public record DouglasRachford<C>(Proximal<C> g, Proximal<C> h, double step) implements Operator<C> {
    /** Checks that the step is finite and positive. */
    public DouglasRachford {
        Splitting.checkStep("DouglasRachford", step);
    }

    @Override
    public Tensor apply(Tensor z, C c) {
        Tensor x = solution(z, c);
        Tensor reflected = x.mul(new Scalar(2.0)).sub(z);
        return z.sub(x).add(h.prox(reflected, Tensors.scalar(step), c));
    }

    @Override
    public Tensor solution(Tensor z, C c) {
        return g.prox(z, Tensors.scalar(step), c);
    }

    @Override
    public List<ConvexSet<C>> constraints() {
        return Splitting.sets(List.of(g, h));
    }

    @Override
    public OptionalDouble averagedness() {
        return OptionalDouble.of(0.5);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("g", g);
        visitor.part("h", h);
    }
}
