package dev.stillpoint.solver;

import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The one loop: iterates T until z = T(z) holds for every sample, each stopping on its own.
 *
 * <p>A sample that ends is frozen at the iterate where its residual was measured, or at NaN if that was not finite; its row
 * is dropped from the batch with the next compaction. Numerics never throw: see {@link Solution#status()}. Memory:
 * a few iterates, whatever the number of steps. Thread-safe if the acceleration and the listener are.
 *
 * @param stop when a sample has converged
 * @param acceleration how the next iterate is made
 * @param compaction what becomes of ended rows
 * @param listener who watches
 */
public record FixedPointSolver(
        StoppingRule stop, Acceleration acceleration, Compaction compaction, IterationListener listener) {
    /** The plain iteration with compaction, unwatched. */
    public static FixedPointSolver of(StoppingRule stop) {
        return new FixedPointSolver(stop, new Picard(), Compaction.HALVING, IterationListener.NONE);
    }

    /** The same solver with another rule. */
    public FixedPointSolver withStop(StoppingRule stop) {
        return new FixedPointSolver(stop, acceleration, compaction, listener);
    }

    /** The same solver with another acceleration. */
    public FixedPointSolver withAcceleration(Acceleration acceleration) {
        return new FixedPointSolver(stop, acceleration, compaction, listener);
    }

    /** The same solver with or without compaction. */
    public FixedPointSolver withCompaction(Compaction compaction) {
        return new FixedPointSolver(stop, acceleration, compaction, listener);
    }

    /** The same solver, watched by another listener. */
    public FixedPointSolver withListener(IterationListener listener) {
        return new FixedPointSolver(stop, acceleration, compaction, listener);
    }

    /**
     * Iterates T from {@code z0}, off the tape.
     *
     * <p>A {@link Fused} operator that has a loop for this start and context iterates by itself, where the iteration is plain
     * ({@link Picard}), unwatched and {@link Coupling#PER_SAMPLE}. The stopping rule decides as ever, from the residuals that
     * this loop measures; only a deadline may be noticed some steps of a sample late. {@link #compaction} has nothing to do then.
     *
     * @param t the operator
     * @param z0 [batch, ...], the start or a warm start; left as it was
     * @param c the context, of the same batch size
     * @return what was reached; its tensor belongs to the open scope
     * @throws IllegalArgumentException if the batch sizes differ, T changes the shape, or the operator declares a contraction
     *     factor that is none
     */
    public <C extends Batch<C>> Solution solve(Operator<C> t, Tensor z0, C c) {
        if (z0.dim() < 1 || z0.size(0) != c.size()) {
            throw new IllegalArgumentException("FixedPointSolver: need z0 with a row a sample (" + c.size()
                    + "), got shape " + Arrays.toString(z0.shape()));
        }
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Solution solution = loop(t, z0, c)
                    .map(loop -> new FusedRun(stop, t, z0).run(loop, z0))
                    .orElseGet(() -> new SolveRun<>(this, t, z0, c).run());
            scope.keep(solution.z());
            return solution;
        }
    }

    private <C extends Batch<C>> Optional<Fused.Loop> loop(Operator<C> t, Tensor z0, C c) {
        boolean plain = acceleration instanceof Picard && listener == IterationListener.NONE;
        boolean apart = t.coupling() == Coupling.PER_SAMPLE && c.size() > 0;
        return plain && apart && t instanceof Fused<C> fused ? fused.loop(z0.detach(), c) : Optional.empty();
    }

    /**
     * Applies T a fixed number of times on the tape, which keeps every step: memory grows with {@code count}. Neither the
     * deadline nor the listener takes part.
     *
     * @param t the operator
     * @param z0 [batch, ...], the start
     * @param c the context
     * @param count applications of T, ≥ 1
     * @return the last iterate, taped, and how far it is from a fixed point; of the open scope
     */
    public <C extends Batch<C>> Unrolling unroll(Operator<C> t, Tensor z0, C c, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("FixedPointSolver: need at least one step to unroll, got " + count);
        }
        Tensor z = z0;
        try (TensorScope scope = TensorScope.open()) {
            for (int i = 0; i < count; i++) {
                z = t.apply(z, c);
            }
            Solution verdict = of(stop.withMaxSteps(1)).solve(t, z.detach(), c);
            int[] steps = new int[c.size()];
            Arrays.fill(steps, count);
            SolveStats at = verdict.stats();
            SolveStats stats = new SolveStats(
                    steps, at.residual(), at.threshold(), at.safeguarded(), count, at.ratio(), at.errorBound());
            scope.keep(verdict.z());
            return new Unrolling(scope.keep(z), new Solution(verdict.z(), verdict.status(), stats));
        }
    }

    /**
     * The outcome of {@link #unroll}.
     *
     * @param z the last iterate, on the tape
     * @param solution the same off the tape, with its residual
     */
    public record Unrolling(Tensor z, Solution solution) {}
}
