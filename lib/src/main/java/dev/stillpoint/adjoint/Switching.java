package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.LinearMap;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Jacobian-free backpropagation for as long as it points downhill, implicit differentiation where it does not.
 *
 * <p>A call that is due for a probe measures, during {@code backward()}, the cosine of the Jacobian-free gradient
 * p = (∂y/∂Θ)ᵀg with the implicit one d = (∂y/∂Θ)ᵀv, y = T(z*; c), v = (I − Jᵀ)⁻¹g, over the parameters Θ of T and of a
 * part given here. Below the threshold v is passed on in that backward pass already, and in all until the next probe;
 * otherwise g is. The first call is due, then the first one after {@code probeEvery} calls without a probe. A probe costs
 * a solve of the adjoint equation and two passes back through T and that part; other calls cost what {@link JacobianFree} or
 * {@link Implicit} do.
 *
 * <p>Parameters that y does not depend on count with zero gradients. A sample whose v is not usable passes g, in the
 * measurement too, and counts as {@link AdjointStats#inexact()}; v that only missed its tolerance is used, since it is the
 * better approximation of the two. Where no v is usable, or both gradients vanish, nothing is measured and the choice
 * stays; a single vanishing gradient counts as cosine 0.
 *
 * <p>Mutable: for one training loop at a time. The state (calls since the last probe, choice, last cosine) is made of
 * buffers, which a training run stores to go on to the same bits.
 */
public final class Switching implements Adjoint {
    private final Learnable encoder;
    private final LinearSolver linear;
    private final int probeEvery;
    private final double threshold;
    private final Tensor sinceProbe;
    private final Tensor implicit;
    private final Tensor cosine;

    /**
     * Begins Jacobian-free, with a probe due.
     *
     * @param encoder what the context is computed from, normally the encoder; its parameters are compared with those of T
     * @param linear solves the adjoint equation
     * @param probeEvery calls from one probe to the next, ≥ 1
     * @param threshold the cosine below which the implicit gradient is used, in [−1, 1]
     */
    public Switching(Learnable encoder, LinearSolver linear, int probeEvery, double threshold) {
        if (probeEvery < 1) {
            throw new IllegalArgumentException("Switching: need probeEvery >= 1, got " + probeEvery);
        }
        if (!(threshold >= -1 && threshold <= 1)) {
            throw new IllegalArgumentException("Switching: need a cosine in [-1, 1] as threshold, got " + threshold);
        }
        this.encoder = encoder;
        this.linear = linear;
        this.probeEvery = probeEvery;
        this.threshold = threshold;
        this.sinceProbe = number(probeEvery - 1);
        this.implicit = number(0);
        this.cosine = number(Double.NaN);
    }

    /** The cosine of the last probe, NaN before the first. */
    public double cosine() {
        return get(cosine);
    }

    /** What the calls until the next probe pass on. */
    public AdjointStats.Gradient choice() {
        return get(implicit) == 0 ? AdjointStats.Gradient.JACOBIAN_FREE : AdjointStats.Gradient.IMPLICIT;
    }

    @Override
    public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        TensorScope.current();
        set(sinceProbe, get(sinceProbe) + 1);
        if (get(sinceProbe) >= probeEvery) {
            Solution solution = solver.solve(t, z0, c);
            LocalTape tape = new LocalTape();
            Tensor z = tape.attach(t, solution.z(), c, (y, g, transposed) -> probe(t, y, g, transposed, tape));
            return new Attached(z, solution, tape);
        }
        if (choice() == AdjointStats.Gradient.JACOBIAN_FREE) {
            return new JacobianFree().solve(solver, t, z0, c);
        }
        Solution solution = solver.solve(t, z0, c);
        LocalTape tape = new LocalTape();
        Tensor z = tape.attach(t, solution.z(), c, (y, g, transposed) -> {
            Solution v = linear.solve(transposed, g);
            tape.report(AdjointStats.of(v));
            return usable(v, g);
        });
        return new Attached(z, solution, tape);
    }

    private Tensor probe(Operator<?> t, Tensor y, Tensor g, LinearMap transposed, LocalTape tape) {
        Solution solved = linear.solve(transposed, g);
        Tensor v = usable(solved, g);
        double measured = Double.NaN;
        if (Arrays.stream(solved.status()).anyMatch(Status::usable)) {
            List<Tensor> parameters = distinct(t, encoder);
            try (TensorScope scope = TensorScope.open()) {
                measured = cosine(Autograd.vjp(y, parameters, g), Autograd.vjp(y, parameters, v));
            }
        }
        set(sinceProbe, 0);
        if (!Double.isNaN(measured)) {
            set(cosine, measured);
            set(implicit, measured < threshold ? 1 : 0);
        }
        tape.report(AdjointStats.of(solved).measured(choice(), measured));
        return choice() == AdjointStats.Gradient.IMPLICIT ? v : g;
    }

    /** v, and g for the samples whose v is not finite or ran away. */
    private static Tensor usable(Solution v, Tensor g) {
        Status[] status = v.status();
        float[] keep = new float[status.length];
        boolean all = true;
        for (int i = 0; i < keep.length; i++) {
            keep[i] = status[i].usable() ? 1 : 0;
            all &= status[i].usable();
        }
        if (all) {
            return v.z();
        }
        long[] shape = new long[(int) g.dim()];
        Arrays.fill(shape, 1);
        shape[0] = keep.length;
        return torch.where(Tensors.of(keep, shape).gt(new Scalar(0.5)), v.z(), g);
    }

    /** A weight that two parts share counts once. */
    private static List<Tensor> distinct(Learnable... parts) {
        List<Tensor> found = new ArrayList<>();
        for (Learnable part : parts) {
            for (Tensor p : part.parameters().values()) {
                if (found.stream().noneMatch(p::is_same)) {
                    found.add(p);
                }
            }
        }
        return found;
    }

    /** In float64; NaN where both vanish. */
    private static double cosine(List<Tensor> p, List<Tensor> d) {
        double dot = 0;
        double pp = 0;
        double dd = 0;
        for (int i = 0; i < p.size(); i++) {
            Tensor a = p.get(i).to(ScalarType.Double);
            Tensor b = d.get(i).to(ScalarType.Double);
            dot += a.mul(b).sum().item_double();
            pp += a.mul(a).sum().item_double();
            dd += b.mul(b).sum().item_double();
        }
        if (pp == 0 && dd == 0) {
            return Double.NaN;
        }
        return pp == 0 || dd == 0 ? 0 : Math.max(-1, Math.min(1, dot / Math.sqrt(pp) / Math.sqrt(dd)));
    }

    private static Tensor number(double value) {
        try (TensorScope scope = TensorScope.open()) {
            return TensorScope.persist(Tensors.of(new double[] {value}, 1));
        }
    }

    private static double get(Tensor number) {
        return Tensors.doubles(number)[0];
    }

    private static void set(Tensor number, double value) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            number.fill_(new Scalar(value));
        }
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.buffer("sinceProbe", sinceProbe);
        visitor.buffer("implicit", implicit);
        visitor.buffer("cosine", cosine);
    }

    @Override
    public String toString() {
        return "Switching[linear=" + linear + ", probeEvery=" + probeEvery + ", threshold=" + threshold + "]";
    }
}
