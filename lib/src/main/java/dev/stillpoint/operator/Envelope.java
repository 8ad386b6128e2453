package dev.stillpoint.operator;

import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The Moreau envelope of f behind K, h(x) = min_u f(u) + ‖Kx − u‖²/(2μ): ∇h = K*(Kx − prox_{μf}(Kx))/μ, with L = ‖K‖²/μ.
 * Of a set it is half the squared distance over μ.
 *
 * <p>With two of these, {@link ProximalGradient} is what the published code of implicit L2O iterates, since that sets p = Kx,
 * w = Ax and ν = 0 before every step of {@link LinearizedAdmm}: x⁺ = P(x − 2αβ(K*(Kx − R(Kx)) + A*(Ax − P_D(Ax)))). It
 * solves a problem in which Ax ∈ D is a cost and no constraint, so its fixed points need not satisfy it.
 *
 * @param k K
 * @param f its prox or resolvent; of a resolvent the envelope exists where R is a prox
 * @param step μ &gt; 0
 * @param <C> the context
 */
public record Envelope<C>(LinearOperator<C> k, Proximal<C> f, double step) implements Gradient<C> {
    /** Checks that the step is finite and positive. */
    public Envelope {
        Splitting.checkStep("Envelope", step);
    }

    @Override
    public Tensor at(Tensor x, C c) {
        Tensor kx = k.apply(x, c);
        Tensor off = kx.sub(f.prox(kx, Tensors.scalar(step), c));
        return k.adjoint(off, c).div(new Scalar(step));
    }

    @Override
    public OptionalDouble lipschitz() {
        OptionalDouble norm = k.norm();
        return norm.isEmpty() ? norm : OptionalDouble.of(norm.getAsDouble() * norm.getAsDouble() / step);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("k", k);
        visitor.part("f", f);
    }
}
