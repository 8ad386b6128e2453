package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The truncated Neumann series: v = Σ_{i=0..k} (Jᵀ)ⁱ g in place of (I − Jᵀ)⁻¹ g. k = 0 is {@link JacobianFree}; the error
 * shrinks like γᵏ⁺¹ on a γ-contraction. k vector-Jacobian products; memory does not grow with k.
 *
 * @param terms k ≥ 0
 */
public record Neumann(int terms) implements Adjoint {
    /** Checks k. */
    public Neumann {
        if (terms < 0) {
            throw new IllegalArgumentException("Neumann: need terms >= 0, got " + terms);
        }
    }

    @Override
    public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        TensorScope.current();
        if (terms == 0) {
            return new JacobianFree().solve(solver, t, z0, c);
        }
        Solution solution = solver.solve(t, z0, c);
        LocalTape tape = new LocalTape();
        Tensor z = tape.attach(t, solution.z(), c, (y, g, transposed) -> {
            // One sum, overwritten: the scope around the pullback would keep one a term.
            Tensor v = g.clone();
            for (int i = 0; i < terms; i++) {
                try (TensorScope scope = TensorScope.open()) {
                    v.copy_(transposed.apply(v).add(g));
                }
            }
            tape.report(AdjointStats.without(AdjointStats.Gradient.NEUMANN, terms));
            return v;
        });
        return new Attached(z, solution, tape);
    }
}
