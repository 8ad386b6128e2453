package dev.stillpoint.adjoint;

import dev.stillpoint.kernel.FaceProjection;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Bounded;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Implicit differentiation of x = argmin wᵀx + γ/2‖x‖² over {Ax = b, l ≤ x ≤ u} in closed form, for {@link DavisYin} on these
 * parts: x = S(z*) moves in its face, F = {j : lⱼ &lt; z*ⱼ &lt; uⱼ}, and the adjoint equation v = g + Jᵀv has the solution
 *
 * <pre>{@code
 * v = Aᵀy + P_F(g)/(αγ),   y = argmin ‖g_F − A_Fᵀy‖₂,   P_F(g) = g_F − A_Fᵀy the projection onto null(A_F)
 * }</pre>
 *
 * <p>so that ∂ℓ/∂w = −P_F(∂ℓ/∂x)/γ; y serves b and bounds that are read from the context. One sparse factorisation a sample, see
 * {@link FaceProjection}, without iteration; {@link Attached#afterBackward} has the residual of the equation all the same,
 * by a product with the J of T's tape.
 *
 * <p>Which entries are free is read off z*, whose distance from a bound is α times the bound's multiplier: x is at the bound
 * to rounding, z* is beyond it. Where some z*ⱼ is on its bound (a tie: multiplier 0), x has a kink; the entry counts as
 * fixed, and the gradient is that of one side, an element of the generalised Jacobian. An iterate within the solver's
 * residual of a bound may be on its other side: solve tightly to differentiate near ties. The loss must be one of x.
 *
 * <p>Reference: Amos and Kolter 2017, arXiv 1703.00443, for quadratic programs; here by the active set, without a dense
 * system.
 *
 * @param elsewhere differentiates operators that are not of this kind
 */
public record ActiveSet(Adjoint elsewhere) implements Adjoint {
    /** Of ‖v‖: what training asks of an iterative solve. Products in float32 allow a tenth of it. */
    private static final double TOLERANCE = 1e-4;

    /** For operators of this kind alone: any other is refused. */
    public static ActiveSet alone() {
        return new ActiveSet(new Refused());
    }

    @Override
    public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        TensorScope.current();
        Optional<Program> program = Program.of(t);
        if (program.isEmpty()) {
            return elsewhere.solve(solver, t, z0, c);
        }
        Solution solution = solver.solve(t, z0, c);
        Tensor free = free(t, solution.z(), c);
        LocalTape tape = new LocalTape();
        Tensor z = tape.attach(t, solution.z(), c, (y, g, transposed) -> {
            Tensor v = program.get().adjoint(free, g);
            Tensor left = transposed.apply(v).add(g).sub(v);
            tape.report(stats(Tensors.doubles(Tensors.rowNorm(left)), Tensors.doubles(Tensors.rowNorm(v))));
            return v;
        });
        return new Attached(z, solution, tape);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("elsewhere", elsewhere);
    }

    /** The diagonal of ∂S/∂z: 1 strictly between the bounds. Bounds may be a sample's own; S knows them. */
    private static <C> Tensor free(Operator<C> t, Tensor zStar, C c) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor z = zStar.detach().requires_grad_(true);
            Tensor x = t.solution(z, c);
            return scope.keep(Autograd.vjp(x, z, torch.ones_like(x.detach())));
        }
    }

    private static AdjointStats stats(double[] residual, double[] size) {
        Status[] status = new Status[residual.length];
        double[] threshold = new double[residual.length];
        for (int i = 0; i < status.length; i++) {
            threshold[i] = TOLERANCE * size[i];
            boolean lost = !Double.isFinite(residual[i]);
            boolean solved = residual[i] <= threshold[i];
            status[i] = lost ? Status.NON_FINITE : solved ? Status.CONVERGED : Status.PRECISION_REACHED;
        }
        return new AdjointStats(AdjointStats.Gradient.IMPLICIT, 1, residual, threshold, status, Double.NaN);
    }

    /** A, and αγ. */
    private record Program(FaceProjection faces, double curvature) {
        static Optional<Program> of(Operator<?> t) {
            return t instanceof DavisYin<?> d
                            && d.smooth() instanceof Quadratic<?> f
                            && f.gamma() > 0
                            && d.g() instanceof Bounded<?>
                            && d.h() instanceof AffineSet<?> affine
                    ? Optional.of(new Program(new FaceProjection(affine.factor()), d.step() * f.gamma()))
                    : Optional.empty();
        }

        /** v. */
        Tensor adjoint(Tensor free, Tensor g) {
            double[] slopes = Tensors.doubles(free);
            boolean[] inside = new boolean[slopes.length];
            for (int j = 0; j < slopes.length; j++) {
                inside[j] = slopes[j] == 1;
            }
            double[] gradient = Tensors.doubles(g);
            double[] v = faces.held((int) g.size(0), inside, gradient);
            for (int j = 0; j < v.length; j++) {
                v[j] += inside[j] ? (gradient[j] - v[j]) / curvature : 0;
            }
            return Tensors.of(v, g.shape()).to(g.scalar_type());
        }
    }

    /** Has no gradient for any operator. */
    private record Refused() implements Adjoint {
        @Override
        public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
            throw new IllegalArgumentException("ActiveSet: need DavisYin on a Quadratic with gamma > 0, a Box or"
                    + " NonNegative, and an AffineSet, got " + t);
        }
    }
}
