package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.ConjugateGradientNormal;
import dev.stillpoint.solver.DenseLinear;
import dev.stillpoint.solver.FixedPointLinear;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Implicit differentiation: v solves the adjoint equation v = g + Jᵀv, so the gradient is the true one up to the residual
 * that {@link Attached#afterBackward} reports. Memory does not grow with the depth of the solve.
 *
 * <p>Where z* is not unique I − J is singular, but the equation stays consistent for losses of x = S(z*), and every
 * solution gives the same gradient.
 *
 * @param linear solves the adjoint equation
 */
public record Implicit(LinearSolver linear) implements Adjoint {
    /** The adjoint equation by fixed-point iteration: one vector-Jacobian product a step. */
    public static Implicit fixedPoint(StoppingRule stop) {
        return new Implicit(new FixedPointLinear(stop));
    }

    /**
     * The adjoint equation by GMRES, restarted after 30 products: one vector-Jacobian product a step, and far fewer steps
     * than {@link #fixedPoint} where T contracts slowly.
     */
    public static Implicit gmres(StoppingRule stop) {
        return new Implicit(new Gmres(stop, 30));
    }

    /**
     * The adjoint equation by conjugate gradients on its normal equations: memory that no restart bounds, a
     * vector-Jacobian and a Jacobian-vector product a step. T must be differentiable twice.
     */
    public static Implicit conjugateGradient(StoppingRule stop) {
        return new Implicit(new ConjugateGradientNormal(stop));
    }

    /** The adjoint equation by dense least squares: for verification and small problems. */
    public static Implicit dense() {
        return new Implicit(DenseLinear.standard());
    }

    @Override
    public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        TensorScope.current();
        Solution solution = solver.solve(t, z0, c);
        LocalTape tape = new LocalTape();
        Tensor z = tape.attach(t, solution.z(), c, (y, g, transposed) -> {
            Solution v = linear.solve(transposed, g);
            tape.report(AdjointStats.of(v));
            return v.z();
        });
        return new Attached(z, solution, tape);
    }
}
