package dev.stillpoint.operator;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Three-operator splitting for min f(x) + g(x) + h(x): with x = prox_{αg}(z),
 * T(z) = z − x + prox_{αh}(2x − z − α∇f(x)), and x* = prox_{αg}(z*).
 *
 * <p>Converges for 0 &lt; α &lt; 2/L when ∇f is L-Lipschitz (1/L-cocoercive). {@code g} should be the set that the answer must
 * satisfy exactly: x lies in it at every step; {@code h}'s constraint holds up to the residual.
 *
 * <p>Reference: Davis and Yin 2017, equation 1.5, arXiv 1504.01032. The gradient is taken at x, as in the theorem.
 *
 * @param smooth ∇f
 * @param g its prox gives x
 * @param h the second prox
 * @param step α
 * @param <C> the context
 */
public record DavisYin<C>(Gradient<C> smooth, Proximal<C> g, Proximal<C> h, double step) implements Operator<C> {
    /** Checks the step, against 2/γ where the gradient is known to be γ-Lipschitz. */
    public DavisYin {
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException("DavisYin: need finite step > 0, got " + step);
        }
        if (smooth instanceof Quadratic<C> q && !(step * q.gamma() < 2)) {
            throw new IllegalArgumentException("DavisYin: need step < 2/gamma = " + 2 / q.gamma() + ", got " + step);
        }
    }

    @Override
    public Tensor apply(Tensor z, C c) {
        Tensor alpha = Tensors.scalar(step);
        Tensor x = g.prox(z, alpha, c);
        Tensor reflected = x.add(x).sub(z).sub(smooth.at(x, c), new Scalar(step));
        return z.sub(x).add(h.prox(reflected, alpha, c));
    }

    @Override
    public Tensor solution(Tensor z, C c) {
        return g.prox(z, Tensors.scalar(step), c);
    }

    @Override
    public List<ConvexSet<C>> constraints() {
        List<ConvexSet<C>> sets = new ArrayList<>();
        for (Proximal<C> part : List.of(g, h)) {
            if (part instanceof ConvexSet<C> set) {
                sets.add(set);
            }
        }
        return sets;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("smooth", smooth);
        visitor.part("g", g);
        visitor.part("h", h);
    }
}
