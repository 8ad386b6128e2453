package dev.stillpoint.solver;

import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** One solve of {@link FixedPointSolver}. Rows are the samples still in the batch; {@code sample[row]} says which. */
final class SolveRun<C extends Batch<C>> {
    /** A residual this many times the first one (or one) ends a sample as {@link Status#DIVERGED}: no averaged T comes near. */
    private static final double DIVERGENCE = 1e10;

    private final FixedPointSolver solver;
    private final StoppingRule stop;
    private final Deadline deadline;
    private final Operator<C> t;
    private final Acceleration.Run acceleration;
    private final long width;
    private final Tensor result;
    private final Status[] status;
    private final int[] steps;
    private final double[] residual;
    private final double[] threshold;
    private final double[] first;
    private final int[] safeguarded;
    private final OptionalDouble contractionFactor;
    private final double[] errorBound;
    private final double rounding;
    private final ResidualTrace trace;
    private final RoundingFloor floor;

    private C context;
    private int[] sample;
    private boolean[] ended;
    private int live;

    SolveRun(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
        this.solver = solver;
        this.stop = solver.stop();
        this.deadline = Deadline.in(stop.deadline());
        this.t = t;
        this.contractionFactor = t.contractionFactor();
        contractionFactor.ifPresent(SolveRun::checkFactor);
        this.acceleration = solver.acceleration().begin();
        int batch = c.size();
        this.trace = new ResidualTrace(batch);
        this.rounding = Tensors.rounding(Tensors.type(z0));
        this.floor = new RoundingFloor(rounding, batch);
        this.errorBound = SolveStats.unknown(batch);
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
                    Status ending = ending(step);
                    if (ending != null || step == 1 || step % stop.checkEvery() == 0) {
                        inspect(z, tz, step, ending);
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
            floor.close();
            acceleration.close();
        }
        double[] ratio = trace.ratios();
        if (!(solver.acceleration() instanceof Picard)) {
            Arrays.fill(ratio, Double.NaN);
        }
        return new Solution(
                result, status, new SolveStats(steps, residual, threshold, safeguarded, step, ratio, errorBound));
    }

    /** How the samples end that have not done so by themselves at this step, null if they go on. */
    private @Nullable Status ending(int step) {
        if (step == stop.maxSteps()) {
            return Status.MAX_STEPS_REACHED;
        }
        return deadline.passed() ? Status.DEADLINE : null;
    }

    private static void checkFactor(double q) {
        if (!(q >= 0 && q < 1)) {
            throw new IllegalArgumentException("Operator: need 0 <= contractionFactor < 1, got " + q);
        }
    }

    /** At every step: an operator that holds a batch of its own fails only once rows have left. */
    private static void checkLike(Tensor tz, Tensor z) {
        Tensors.check("Operator: T(z)", tz, z.shape());
        if (Tensors.type(tz) != Tensors.type(z)) {
            throw new IllegalArgumentException(
                    "Operator: T(z): expected " + Tensors.type(z) + " as z is, got " + Tensors.type(tz));
        }
    }

    /** Looks at every residual, and records the samples that end here. */
    private void inspect(Tensor z, Tensor tz, int step, @Nullable Status ending) {
        int rows = sample.length;
        double[] norms =
                Tensors.doubles(torch.stack(new TensorVector(Tensors.rowNorm(tz.sub(z)), Tensors.rowNorm(z)), 0));
        floor.look(sample, ended, norms, () -> t.solution(z, context));
        Status[] verdict = new Status[rows];
        boolean allSettled = true;
        for (int row = 0; row < rows; row++) {
            if (ended[row]) {
                continue;
            }
            int i = sample[row];
            residual[i] = norms[row];
            threshold[i] = stop.threshold(width, norms[rows + row]);
            steps[i] = step;
            if (step == 1) {
                first[i] = residual[i];
            }
            trace.add(i, step, residual[i]);
            if (contractionFactor.isPresent()) {
                double rounded = RoundingFloor.level(rounding, norms[rows + row]);
                errorBound[i] = (residual[i] + rounded) / (1 - contractionFactor.getAsDouble());
            }
            verdict[row] = judge(i, ending);
            allSettled &= verdict[row] == Status.CONVERGED || verdict[row] == Status.PRECISION_REACHED;
        }
        if (t.coupling() == Coupling.BATCH && !allSettled && ending == null) {
            Arrays.fill(verdict, null);
        }
        int[] looked = solver.listener() == IterationListener.NONE ? new int[0] : open();
        end(z, verdict);
        if (solver.listener() != IterationListener.NONE) {
            tell(step, looked);
        }
    }

    /** A sample's verdict, or null to go on. Comparisons are written so that NaN never passes. */
    private @Nullable Status judge(int i, @Nullable Status ending) {
        double r = residual[i];
        if (!Double.isFinite(r) || !Double.isFinite(threshold[i])) {
            return Status.NON_FINITE;
        }
        if (r <= threshold[i]) {
            return Status.CONVERGED;
        }
        if (r > DIVERGENCE * (1 + first[i])) {
            return Status.DIVERGED;
        }
        return floor.found(i) ? Status.PRECISION_REACHED : ending;
    }

    /** The samples that have not ended. */
    private int[] open() {
        int[] open = new int[live];
        int count = 0;
        for (int row = 0; row < sample.length; row++) {
            if (!ended[row]) {
                open[count++] = sample[row];
            }
        }
        return open;
    }

    private void tell(int step, int[] looked) {
        double worst = 0;
        double[] residuals = new double[looked.length];
        for (int k = 0; k < looked.length; k++) {
            residuals[k] = residual[looked[k]];
            worst = Math.max(worst, residuals[k]);
        }
        solver.listener().looked(new IterationListener.Look(step, live, worst, looked, residuals));
    }

    private void end(Tensor z, @Nullable Status[] verdict) {
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
    private Tensor solved(long[] samples, int count, Tensor values) {
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
    private Tensor compact(Tensor z) {
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
        floor.keep(chosen);
        context = context.select(chosen);
        sample = kept;
        ended = new boolean[live];
        return z.index_select(0, chosen);
    }
}
