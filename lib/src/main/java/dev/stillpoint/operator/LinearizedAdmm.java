package dev.stillpoint.operator;

import dev.stillpoint.set.Constraint;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Linearised ADMM for min f(Kx) + g(x) subject to Ax ∈ D, split as p = Kx and w = Ax with duals ν₁ and ν₂:
 *
 * <pre>
 * p⁺  = prox_{λf}(p + λ(ν₁ + α(Kx − p)))        w⁺  = P_D(w + λ(ν₂ + α(Ax − w)))
 * ν₁⁺ = ν₁ + α(Kx − p⁺)                         ν₂⁺ = ν₂ + α(Ax − w⁺)
 * x⁺  = prox_{βg}(x − β(K*(2ν₁⁺ − ν₁) + A*(2ν₂⁺ − ν₂)))
 * </pre>
 *
 * <p>z = (p, w, ν₁, ν₂, x), [batch, ...], is the whole state, duals included. D is a ball around the data for ‖Ax − d‖ ≤ δ, one
 * of radius 0 for Ax = d. x lies in g's set at every step, and Ax in D up to the residual.
 *
 * <p>T is the resolvent of the optimality conditions in the metric
 * {@code (1/λ − α)(‖p‖² + ‖w‖²) + ‖ν‖²/α + ‖x‖²/β + 2⟨ν, (K; A)x⟩}, which is one for αλ &lt; 1 and αβ(‖K‖² + ‖A‖²) &lt; 1, and so
 * firmly nonexpansive there (at αλ = 1, p and w are forgotten): it converges where there is a solution with its duals. That needs of f
 * only that its prox is firmly nonexpansive, so a {@link dev.stillpoint.set.Resolvent} that is learned may take its place. A map of
 * Lipschitz constant 0.99 may not: the iteration can diverge. Two products with each of K, A and their adjoints a step.
 *
 * <p>Reference: Heaton and Wu Fung 2023, equation 35, arXiv 2204.14174; for αλ = 1 it is Chambolle and Pock 2011.
 *
 * @param k K
 * @param f its prox or resolvent makes p
 * @param a A
 * @param data D
 * @param g its prox makes x
 * @param layout the sizes of Kx, Ax and x
 * @param steps α, λ and β
 * @param <C> the context
 */
public record LinearizedAdmm<C>(
        LinearOperator<C> k,
        Proximal<C> f,
        LinearOperator<C> a,
        ConvexSet<C> data,
        Proximal<C> g,
        AdmmLayout layout,
        AdmmSteps steps)
        implements Operator<C> {
    /** Checks the steps, against the norms of K and A where both are known. */
    public LinearizedAdmm {
        steps.check("LinearizedAdmm", normSquared(k, a));
    }

    @Override
    public Tensor apply(Tensor z, C c) {
        Tensors.check("LinearizedAdmm: z", z, -1, layout.size());
        AdmmSteps.Values at = values();
        Tensor x = layout.x(z);
        Tensor kx = k.apply(x, c);
        Tensor ax = a.apply(x, c);
        Tensors.check("LinearizedAdmm: Kx", kx, z.size(0), layout.p());
        Tensors.check("LinearizedAdmm: Ax", ax, z.size(0), layout.w());
        Tensor p = layout.p(z);
        Tensor w = layout.w(z);
        Tensor nu1 = layout.nu1(z);
        Tensor nu2 = layout.nu2(z);
        boolean forgets = steps instanceof AdmmSteps.Fixed fixed && fixed.forgets();
        Tensor pNext = f.prox(forgets ? pushed(nu1, kx, at) : pulled(p, nu1, kx, at), at.lambda(), c);
        Tensor wNext = data.project(forgets ? pushed(nu2, ax, at) : pulled(w, nu2, ax, at), c);
        Tensor nu1Next = nu1.addcmul(kx.sub(pNext), at.alpha());
        Tensor nu2Next = nu2.addcmul(ax.sub(wNext), at.alpha());
        Tensor r = k.adjoint(beyond(nu1, nu1Next), c).add(a.adjoint(beyond(nu2, nu2Next), c));
        Tensor xNext = g.prox(x.sub(r.mul(at.beta())), at.beta(), c);
        return layout.pack(pNext, wNext, nu1Next, nu2Next, xNext);
    }

    /** The steps for the norms that K and A declare, on the tape where they are learned. */
    public AdmmSteps.Values values() {
        return steps.at(normSquared(k, a));
    }

    @Override
    public Tensor solution(Tensor z, C c) {
        return layout.x(z);
    }

    /** g where it is a set, and Ax ∈ D. */
    @Override
    public List<Constraint<C>> constraints() {
        List<Constraint<C>> constraints = new ArrayList<>(Splitting.sets(List.of(g)));
        constraints.add(new Measured<>(a, data));
        return constraints;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("k", k);
        visitor.part("f", f);
        visitor.part("a", a);
        visitor.part("data", data);
        visitor.part("g", g);
        visitor.part("steps", steps);
    }

    /** The same at αλ = 1: λν + Kx, in one pass over memory instead of five. */
    private static Tensor pushed(Tensor nu, Tensor kx, AdmmSteps.Values at) {
        return kx.addcmul(nu, at.lambda());
    }

    /** p + λ(ν + α(Kx − p)). */
    private static Tensor pulled(Tensor p, Tensor nu, Tensor kx, AdmmSteps.Values at) {
        return p.add(nu.add(kx.sub(p).mul(at.alpha())).mul(at.lambda()));
    }

    /** 2ν⁺ − ν, in one pass. */
    private static Tensor beyond(Tensor nu, Tensor next) {
        return nu.lerp(next, new Scalar(2.0));
    }

    private static OptionalDouble normSquared(LinearOperator<?> k, LinearOperator<?> a) {
        if (k.norm().isEmpty() || a.norm().isEmpty()) {
            return OptionalDouble.empty();
        }
        double ofK = k.norm().getAsDouble();
        double ofA = a.norm().getAsDouble();
        return OptionalDouble.of(ofK * ofK + ofA * ofA);
    }
}
