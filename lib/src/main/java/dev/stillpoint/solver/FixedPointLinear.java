package dev.stillpoint.solver;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Batch;
import org.bytedeco.pytorch.Tensor;

/**
 * v ← g + Mv from v = 0, by the one loop: the Neumann series Σ Mⁱg, summed until it stands still.
 *
 * <p>Converges when M is a contraction, and also on a singular but consistent system when M is averaged, as that of a
 * splitting is. One product a step.
 *
 * @param stop the tolerance on ‖g + Mv − v‖₂
 */
public record FixedPointLinear(StoppingRule stop) implements LinearSolver {
    @Override
    public Solution solve(LinearMap product, Tensor g) {
        Operator<Rows> series = (v, rows) -> product.apply(v).add(g);
        FixedPointSolver solver = FixedPointSolver.of(stop).withCompaction(Compaction.OFF);
        // Starting at g saves the first product, which would be M·0.
        return solver.solve(series, g, new Rows((int) g.size(0)));
    }

    /** A context without data: the products belong to the whole batch, so rows never leave it. */
    private record Rows(int size) implements Batch<Rows> {
        @Override
        public Rows select(Tensor rows) {
            throw new AssertionError("compaction is off");
        }
    }
}
