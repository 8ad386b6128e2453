package dev.stillpoint.operator;

import dev.stillpoint.set.Resolvent;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How far a state (p, w, ν₁, ν₂, x) is from the optimality conditions of min f(Kx) + g(x) subject to Ax ∈ D,
 *
 * <pre>
 * p = Kx,   w = Ax,   ν₁ ∈ ∂f(p),   ν₂ ∈ N_D(w),   −(K*ν₁ + A*ν₂) ∈ ∂g(x),
 * </pre>
 *
 * free of the algorithm's steps. Each inclusion u ∈ ∂h(v) is measured as ‖v − prox_{θh}(v + θu)‖, which is 0 where it holds for
 * every θ &gt; 0. θ is the ratio of sizes that makes v and θu numbers of one unit, so that no step and no unit of the duals
 * has a say: θ = max(‖p‖, ‖Kx‖)/‖ν₁‖ for f, likewise for D, and ‖x‖/(‖K*ν₁‖ + ‖A*ν₂‖) for g.
 *
 * <p>Where f is known by a resolvent R alone, R is that of the operator whose value is λν₁, so p = R(p + λν₁) is the
 * condition: λ belongs to the problem there, not to the algorithm. Every number is relative to the larger of the sizes that are
 * compared. A sample with a NaN gets NaN.
 *
 * @param primal max(‖Kx − p‖/max(‖Kx‖, ‖p‖), ‖Ax − w‖/max(‖Ax‖, ‖w‖)), a sample
 * @param proximal of ν₁ ∈ ∂f(p)
 * @param fidelity of ν₂ ∈ N_D(w), which w ∈ D is part of
 * @param stationarity of −(K*ν₁ + A*ν₂) ∈ ∂g(x), which x in g's set is part of
 */
public record AdmmOptimality(double[] primal, double[] proximal, double[] fidelity, double[] stationarity) {
    /**
     * Measures a state, off the tape.
     *
     * @param t the problem with its algorithm
     * @param z [batch, ...], any state
     * @param c the context
     * @param <C> the context
     */
    public static <C> AdmmOptimality of(LinearizedAdmm<C> t, Tensor z, C c) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            AdmmLayout layout = t.layout();
            Tensors.check("AdmmOptimality: z", z, -1, layout.size());
            Tensor p = layout.p(z);
            Tensor w = layout.w(z);
            Tensor x = layout.x(z);
            Tensor nu1 = layout.nu1(z);
            Tensor nu2 = layout.nu2(z);
            Tensor kx = t.k().apply(x, c);
            Tensor ax = t.a().apply(x, c);
            Tensor sizeP = torch.maximum(norm(kx), norm(p));
            Tensor sizeW = torch.maximum(norm(ax), norm(w));
            Tensor primal = torch.maximum(part(norm(kx.sub(p)), sizeP), part(norm(ax.sub(w)), sizeW));

            Tensor thetaP = t.f() instanceof Resolvent
                    ? t.values().lambda().mul(torch.ones_like(sizeP))
                    : ratio(sizeP, norm(nu1));
            Tensor yP = nu1.mul(thetaP);
            Tensor proximal = part(norm(p.sub(t.f().prox(p.add(yP), thetaP, c))), torch.maximum(sizeP, norm(yP)));
            Tensor yW = nu2.mul(ratio(sizeW, norm(nu2)));
            Tensor fidelity = part(norm(w.sub(t.data().project(w.add(yW), c))), torch.maximum(sizeW, norm(yW)));

            Tensor kNu = t.k().adjoint(nu1, c);
            Tensor aNu = t.a().adjoint(nu2, c);
            Tensor thetaX = ratio(norm(x), norm(kNu).add(norm(aNu)));
            Tensor force = kNu.add(aNu).mul(thetaX);
            Tensor stationarity =
                    part(norm(x.sub(t.g().prox(x.sub(force), thetaX, c))), torch.maximum(norm(x), norm(force)));
            return new AdmmOptimality(
                    Tensors.doubles(primal),
                    Tensors.doubles(proximal),
                    Tensors.doubles(fidelity),
                    Tensors.doubles(stationarity));
        }
    }

    /** The largest of a sample's numbers; NaN if one is. */
    public double worst(int sample) {
        return Math.max(Math.max(primal[sample], proximal[sample]), Math.max(fidelity[sample], stationarity[sample]));
    }

    private static Tensor norm(Tensor x) {
        return Tensors.rowNorm(x).unsqueeze(1);
    }

    /** a/b, and 0 for 0/0. */
    private static Tensor part(Tensor a, Tensor b) {
        return a.div(orOne(b));
    }

    private static Tensor ratio(Tensor a, Tensor b) {
        return orOne(a).div(orOne(b));
    }

    private static Tensor orOne(Tensor size) {
        return size.masked_fill(size.eq(new Scalar(0.0)), new Scalar(1.0));
    }
}
