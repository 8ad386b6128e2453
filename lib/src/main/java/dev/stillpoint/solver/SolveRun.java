package dev.stillpoint.solver;

import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** One solve of {@link FixedPointSolver}. Rows are the samples still in the batch; {@code sample[row]} says which. */
final class SolveRun<C extends Batch<C>> {
    private final FixedPointSolver solver;
    private final Deadline deadline;
    private final Operator<C> t;
    private final Acceleration.Run acceleration;
    private final Samples samples;
    private final Tensor result;
    private final int[] safeguarded;

    private C context;
    private int[] sample;
    private int live;
    /** x when it was last asked for, [rows, ...]. */
    private @Nullable Tensor before;

    SolveRun(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        this.solver = solver;
        this.deadline = Deadline.in(solver.stop().deadline());
        this.t = t;
        this.samples = new Samples(solver.stop(), t, z0);
        this.acceleration = solver.acceleration().begin();
        this.result = z0.detach().clone();
        this.context = c;
        this.live = c.size();
        this.safeguarded = new int[live];
        this.sample = new int[live];
        Arrays.setAll(sample, i -> i);
    }

    Solution run() {
        int step = 0;
        int nextLook = 1;
        // The iterate outlives the scope of the step that makes it, and is given back after the next step.
        Tensor z = TensorScope.persist(result.clone());
        try {
            while (live > 0) {
                step++;
                try (TensorScope scope = TensorScope.open()) {
                    Tensor tz = t.apply(z, context);
                    // At every step: an operator that holds a batch of its own fails only once rows have left.
                    Samples.checkLike("Operator: T(z)", tz, z);
                    Status ending = samples.ending(step, deadline.passed());
                    if (ending != null || step == nextLook) {
                        inspect(z, tz, step, ending);
                        nextLook = samples.nextLook(step);
                    }
                    if (live == 0) {
                        break;
                    }
                    Tensor next = TensorScope.persist(acceleration.next(z, tz));
                    TensorScope.release(z);
                    z = next;
                }
                if (solver.compaction() == Compaction.HALVING && 2 * live <= sample.length) {
                    Tensor smaller = TensorScope.persist(compact(z));
                    TensorScope.release(z);
                    z = smaller;
                }
            }
        } finally {
            TensorScope.release(z);
            remember(null);
            acceleration.close();
        }
        return samples.solution(result, safeguarded, step, solver.acceleration() instanceof Picard);
    }

    /** Looks at every residual, and records the samples that end here. */
    private void inspect(Tensor z, Tensor tz, int step, @Nullable Status ending) {
        int rows = sample.length;
        double[] norms =
                Tensors.doubles(torch.stack(new TensorVector(Tensors.rowNorm(tz.sub(z)), Tensors.rowNorm(z)), 0));
        int[] open = openRows();
        boolean[] asked = new boolean[rows];
        boolean any = false;
        for (int row : open) {
            asked[row] = at(row).look(step, norms[row], norms[rows + row], ending);
            any |= asked[row];
        }
        if (any) {
            measure(t.solution(z, context), asked);
        }
        Status[] verdict = new Status[rows];
        boolean allSettled = true;
        for (int row : open) {
            verdict[row] = at(row).verdict();
            allSettled &= verdict[row] == Status.CONVERGED || verdict[row] == Status.PRECISION_REACHED;
        }
        if (t.coupling() == Coupling.BATCH && !allSettled && ending == null) {
            Arrays.fill(verdict, null);
        }
        end(z, verdict);
        if (solver.listener() != IterationListener.NONE) {
            tell(step, open, norms);
        }
    }

    private Samples.Sample at(int row) {
        return samples.get(sample[row]);
    }

    /** The rows that have not ended. */
    private int[] openRows() {
        int[] open = new int[live];
        int count = 0;
        for (int row = 0; row < sample.length; row++) {
            if (!at(row).hasEnded()) {
                open[count++] = row;
            }
        }
        return open;
    }

    /** Tells the samples that asked how far x is from where it was. */
    private void measure(Tensor x, boolean[] asked) {
        double[] distance =
                before == null ? SolveStats.unknown(asked.length) : Tensors.doubles(Tensors.rowNorm(x.sub(before)));
        for (int row = 0; row < asked.length; row++) {
            if (asked[row]) {
                at(row).moved(distance[row]);
            }
        }
        remember(x.clone());
    }

    private void remember(@Nullable Tensor x) {
        if (before != null) {
            TensorScope.release(before);
        }
        before = x == null ? null : TensorScope.persist(x);
    }

    private void tell(int step, int[] rows, double[] norms) {
        double worst = 0;
        int[] looked = new int[rows.length];
        double[] residuals = new double[rows.length];
        for (int k = 0; k < rows.length; k++) {
            looked[k] = sample[rows[k]];
            residuals[k] = norms[rows[k]];
            worst = Math.max(worst, residuals[k]);
        }
        solver.listener().looked(new IterationListener.Look(step, live, worst, looked, residuals));
    }

    private void end(Tensor z, @Nullable Status[] verdict) {
        long[] rows = new long[live];
        long[] ended = new long[live];
        int count = 0;
        for (int row = 0; row < verdict.length; row++) {
            if (verdict[row] != null) {
                at(row).end(verdict[row]);
                rows[count] = row;
                ended[count++] = sample[row];
            }
        }
        if (count > 0) {
            live -= count;
            int[] dropped = acceleration.safeguarded(verdict.length);
            for (int k = 0; k < count; k++) {
                safeguarded[(int) ended[k]] = dropped[(int) rows[k]];
            }
            if (count == result.size(0)) {
                result.copy_(z);
            } else {
                Tensor values = Tensors.select(z, Tensors.of(Arrays.copyOf(rows, count)));
                result.index_copy_(0, Tensors.of(Arrays.copyOf(ended, count)), values);
            }
        }
    }

    /** Drops the ended rows. Runs in the solve's scope: the smaller context lives on, at most doubling the memory in all. */
    private Tensor compact(Tensor z) {
        int[] open = openRows();
        int[] kept = new int[live];
        long[] rows = new long[live];
        for (int k = 0; k < live; k++) {
            rows[k] = open[k];
            kept[k] = sample[open[k]];
        }
        Tensor chosen = Tensors.of(rows);
        acceleration.keep(chosen);
        if (before != null) {
            remember(Tensors.select(before, chosen));
        }
        context = context.select(chosen);
        sample = kept;
        return Tensors.select(z, chosen);
    }
}
