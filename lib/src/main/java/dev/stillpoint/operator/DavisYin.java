package dev.stillpoint.operator;

import dev.stillpoint.kernel.DavisYinTiles;
import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Bounded;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Three-operator splitting for min f(x) + g(x) + h(x): with x = prox_{αg}(z),
 * T(z) = z − x + prox_{αh}(2x − z − α∇f(x)), and x* = prox_{αg}(z*).
 *
 * <p>Converges for 0 &lt; α &lt; 2/L when ∇f is L-Lipschitz (1/L-cocoercive), and is then 2/(4 − αL)-averaged. {@code g} should
 * be the set that the answer must satisfy exactly: x lies in it at every step; {@code h}'s constraint holds up to the
 * residual.
 *
 * <p>Reference: Davis and Yin 2017, equation 1.5 and proposition 2.1, arXiv 1504.01032. The gradient is taken at x, as in the theorem.
 *
 * @param smooth ∇f
 * @param g its prox gives x
 * @param h the second prox
 * @param step α
 * @param <C> the context
 */
public record DavisYin<C>(Gradient<C> smooth, Proximal<C> g, Proximal<C> h, double step) implements Fused<C> {
    /** Checks the step, against 2/L where L is known. */
    public DavisYin {
        Splitting.checkStep("DavisYin", step, smooth);
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

    /**
     * The loop of {@link DavisYinTiles}, for float32 on the CPU, where f is a {@link Quadratic}, g a {@link Bounded} set whose
     * bounds all samples share and h an {@link AffineSet}.
     */
    @Override
    public Optional<Loop> loop(Tensor z0, C c) {
        if (!(smooth instanceof Quadratic<C> f && g instanceof Bounded<C> box && h instanceof AffineSet<C> affine)) {
            return Optional.empty();
        }
        int n = affine.factor().columns();
        Tensor w = f.cost().apply(c);
        boolean fits = z0.dim() == 2 && z0.size(1) == n && z0.numel() <= Integer.MAX_VALUE;
        if (!fits || !plain(z0) || !plain(w)) {
            return Optional.empty();
        }
        Tensors.check("Quadratic: cost", w, z0.size(0), n);
        return box.bounds(n).map(bounds -> judge -> {
            Tensor start = z0.contiguous();
            Tensor cost = w.detach().contiguous();
            Tensor result = torch.empty_like(start);
            int batch = (int) z0.size(0);
            new DavisYinTiles(LaneChoice.current().lanes(), affine.factor(), bounds, step, f.gamma())
                    .run(
                            new DavisYinTiles.Samples(
                                    batch,
                                    Tensors.memory(start),
                                    Tensors.memory(cost),
                                    affine.kept(batch, c),
                                    Tensors.memory(result)),
                            judge);
            return result;
        });
    }

    private static boolean plain(Tensor t) {
        return Tensors.type(t) == ScalarType.Float && !t.is_cuda();
    }

    @Override
    public List<ConvexSet<C>> constraints() {
        return Splitting.sets(List.of(g, h));
    }

    @Override
    public OptionalDouble averagedness() {
        return Splitting.averagedness(step, smooth);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("smooth", smooth);
        visitor.part("g", g);
        visitor.part("h", h);
    }
}
