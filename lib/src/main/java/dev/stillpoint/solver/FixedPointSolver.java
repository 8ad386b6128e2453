package dev.stillpoint.solver;

import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The one loop: iterates T until z = T(z) holds for every sample, each stopping on its own.
 *
 * <p>A sample that ends is frozen at the iterate where its residual was measured, or at NaN if that was not finite; its row
 * is dropped from the batch with the next compaction. Numerics never throw: see {@link Solution#status()}. Memory:
 * a few iterates, whatever the number of steps.
 *
 * @param stop when a sample has converged
 * @param acceleration how the next iterate is made
 * @param compaction what becomes of ended rows
 */
public record FixedPointSolver(StoppingRule stop, Acceleration acceleration, Compaction compaction) {
    /** A residual this many times the first one (or one) ends a sample as {@link Status#DIVERGED}: no averaged T comes near. */
    private static final double DIVERGENCE = 1e10;

    /** The plain iteration with compaction. */
    public static FixedPointSolver of(StoppingRule stop) {
        return new FixedPointSolver(stop, new Picard(), Compaction.HALVING);
    }

    /** The same solver with another rule. */
    public FixedPointSolver withStop(StoppingRule stop) {
        return new FixedPointSolver(stop, acceleration, compaction);
    }

    /** The same solver with or without compaction. */
    public FixedPointSolver withCompaction(Compaction compaction) {
        return new FixedPointSolver(stop, acceleration, compaction);
    }

    /**
     * Iterates T from {@code z0}, off the tape.
     *
     * @param t the operator
     * @param z0 [batch, ...], the start or a warm start; left as it was
     * @param c the context, of the same batch size
     * @return what was reached; its tensor belongs to the open scope
     * @throws IllegalArgumentException if the batch sizes differ, or T changes the shape
     */
    public <C extends Batch<C>> Solution solve(Operator<C> t, Tensor z0, C c) {
        if (z0.dim() < 1 || z0.size(0) != c.size()) {
            throw new IllegalArgumentException("FixedPointSolver: need z0 with a row a sample (" + c.size()
                    + "), got shape " + Arrays.toString(z0.shape()));
        }
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Solve<C> solve = new Solve<>(this, t, z0, c);
            Solution solution = solve.run();
            scope.keep(solution.z());
            return solution;
        }
    }

    /**
     * Applies T a fixed number of times on the tape, which keeps every step: memory grows with {@code count}.
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
            Solution verdict = withStop(stop.withMaxSteps(1)).solve(t, z.detach(), c);
            int[] steps = new int[c.size()];
            Arrays.fill(steps, count);
            SolveStats at = verdict.stats();
            SolveStats stats = new SolveStats(steps, at.residual(), at.threshold(), new int[c.size()], count);
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

    /** One solve's mutable state. Rows are the samples still in the batch; {@code sample[row]} says which. */
    private static final class Solve<C extends Batch<C>> {
        final FixedPointSolver solver;
        final Operator<C> t;
        final Acceleration.Run acceleration;
        final long width;
        final Tensor result;
        final Status[] status;
        final int[] steps;
        final double[] residual;
        final double[] threshold;
        final double[] first;
        final int[] safeguarded;

        C context;
        int[] sample;
        boolean[] ended;
        int live;

        Solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
            this.solver = solver;
            this.t = t;
            this.acceleration = solver.acceleration.begin();
            int batch = c.size();
            this.width = batch == 0 ? 0 : z0.numel() / batch;
            this.result = z0.detach().clone();
            this.status = new Status[batch];
            Arrays.fill(status, Status.MAX_STEPS_REACHED);
            this.steps = new int[batch];
            this.residual = new double[batch];
            this.threshold = new double[batch];
            this.first = new double[batch];
            this.safeguarded = new int[batch];
            this.context = c;
            this.sample = new int[batch];
            Arrays.setAll(sample, i -> i);
            this.ended = new boolean[batch];
            this.live = batch;
        }

        Solution run() {
            int step = 0;
            // The iterate outlives the scope of the step that makes it, and is given back after the next step.
            Tensor z = TensorScope.persist(result.clone());
            try {
                while (live > 0) {
                    step++;
                    try (TensorScope scope = TensorScope.open()) {
                        Tensor tz = t.apply(z, context);
                        checkLike(tz, z);
                        boolean last = step == solver.stop.maxSteps();
                        if (last || step == 1 || step % solver.stop.checkEvery() == 0) {
                            inspect(z, tz, step, last);
                        }
                        if (live == 0) {
                            break;
                        }
                        Tensor next = TensorScope.persist(acceleration.next(z, tz));
                        TensorScope.release(z);
                        z = next;
                    }
                    if (solver.compaction == Compaction.HALVING && 2 * live <= sample.length) {
                        Tensor smaller = TensorScope.persist(compact(z));
                        TensorScope.release(z);
                        z = smaller;
                    }
                }
            } finally {
                TensorScope.release(z);
                acceleration.close();
            }
            return new Solution(result, status, new SolveStats(steps, residual, threshold, safeguarded, step));
        }

        /** At every step: an operator that holds a batch of its own fails only once rows have left. */
        static void checkLike(Tensor tz, Tensor z) {
            Tensors.check("Operator: T(z)", tz, z.shape());
            if (Tensors.type(tz) != Tensors.type(z)) {
                throw new IllegalArgumentException(
                        "Operator: T(z): expected " + Tensors.type(z) + " as z is, got " + Tensors.type(tz));
            }
        }

        /** Looks at every residual, and records the samples that end here. */
        void inspect(Tensor z, Tensor tz, int step, boolean last) {
            int rows = sample.length;
            double[] norms =
                    Tensors.doubles(torch.stack(new TensorVector(Tensors.rowNorm(tz.sub(z)), Tensors.rowNorm(z)), 0));
            Status[] verdict = new Status[rows];
            boolean together = t.coupling() == Coupling.BATCH;
            boolean allPassed = true;
            for (int row = 0; row < rows; row++) {
                int i = sample[row];
                if (ended[row]) {
                    continue;
                }
                double r = norms[row];
                residual[i] = r;
                threshold[i] = solver.stop.threshold(width, norms[rows + row]);
                steps[i] = step;
                if (step == 1) {
                    first[i] = r;
                }
                verdict[row] = judge(r, threshold[i], first[i], last);
                allPassed &= verdict[row] == Status.CONVERGED;
            }
            if (together && !allPassed && !last) {
                Arrays.fill(verdict, null);
            }
            end(z, verdict);
        }

        /** A sample's verdict, or null to go on. Comparisons are written so that NaN never passes. */
        static @Nullable Status judge(double r, double threshold, double first, boolean last) {
            if (!Double.isFinite(r) || !Double.isFinite(threshold)) {
                return Status.NON_FINITE;
            }
            if (r <= threshold) {
                return Status.CONVERGED;
            }
            if (r > DIVERGENCE * (1 + first)) {
                return Status.DIVERGED;
            }
            return last ? Status.MAX_STEPS_REACHED : null;
        }

        void end(Tensor z, @Nullable Status[] verdict) {
            long[] rows = new long[verdict.length];
            long[] samples = new long[verdict.length];
            int count = 0;
            boolean lost = false;
            for (int row = 0; row < verdict.length; row++) {
                Status s = verdict[row];
                if (s != null && !ended[row]) {
                    ended[row] = true;
                    status[sample[row]] = s;
                    lost |= s == Status.NON_FINITE;
                    rows[count] = row;
                    samples[count++] = sample[row];
                }
            }
            if (count > 0) {
                live -= count;
                int[] dropped = acceleration.safeguarded(verdict.length);
                for (int k = 0; k < count; k++) {
                    safeguarded[(int) samples[k]] = dropped[(int) rows[k]];
                }
                Tensor values = z.index_select(0, Tensors.of(Arrays.copyOf(rows, count)));
                Tensor chosen = Tensors.of(Arrays.copyOf(samples, count));
                if (lost) {
                    // An iterate whose step is not finite may look like a solution; NaN cannot be mistaken for one.
                    values = torch.where(solved(samples, count, values), values, new Scalar(Double.NaN));
                }
                result.index_copy_(0, chosen, values);
            }
        }

        /** Which of the ended samples are finite, shaped to broadcast over their iterates. */
        Tensor solved(long[] samples, int count, Tensor values) {
            float[] finite = new float[count];
            for (int i = 0; i < count; i++) {
                finite[i] = status[(int) samples[i]] == Status.NON_FINITE ? 0 : 1;
            }
            long[] shape = new long[(int) values.dim()];
            Arrays.fill(shape, 1);
            shape[0] = count;
            return Tensors.of(finite, shape).gt(new Scalar(0.5));
        }

        /** Drops the ended rows. Runs in the solve's scope: the smaller context lives on, at most doubling the memory in all. */
        Tensor compact(Tensor z) {
            long[] rows = new long[live];
            int[] kept = new int[live];
            int count = 0;
            for (int row = 0; row < sample.length; row++) {
                if (!ended[row]) {
                    rows[count] = row;
                    kept[count++] = sample[row];
                }
            }
            Tensor chosen = Tensors.of(rows);
            acceleration.keep(chosen);
            context = context.select(chosen);
            sample = kept;
            ended = new boolean[live];
            return z.index_select(0, chosen);
        }
    }
}
