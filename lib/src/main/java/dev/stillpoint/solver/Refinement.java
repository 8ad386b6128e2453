package dev.stillpoint.solver;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * What the Krylov solvers share: v ← v + d from v = 0, where d solves (I − M)d ≈ g + Mv − v, until that residual, computed
 * anew each time, is small enough. A correction that does not shrink a sample's residual is not taken, and ends it.
 */
final class Refinement {
    /** A correction must shrink the residual to this, or the next would be the same again. */
    private static final double FALL = 1 - 1e-6;

    private final StoppingRule stop;
    private final Deadline deadline;
    private final double rounding;
    /** ‖g‖. */
    private final double[] given;

    private final double[] size;
    private final double[] norm;
    private final Status[] status;
    private final int[] steps;
    private final double[] threshold;
    private final long width;

    /** One correction for all samples. */
    interface Cycle {
        /**
         * Solves Ad ≈ r.
         *
         * @param a A = I − M on [batch, m]
         * @param r [batch, m], zero for samples that have ended
         * @param target the residual to reach, a sample
         * @param steps raised by the steps taken, up to the rule's maxSteps
         * @param deadline once passed, the step is the last
         * @return d, zero where r is
         */
        Tensor correct(LinearMap a, Tensor r, double[] target, int[] steps, Deadline deadline);
    }

    private Refinement(StoppingRule stop, Tensor r) {
        this.stop = stop;
        this.deadline = Deadline.in(stop.deadline());
        this.rounding = Tensors.rounding(Tensors.type(r));
        this.norm = Tensors.doubles(Tensors.rowNorm(r));
        this.size = new double[norm.length];
        this.status = new Status[norm.length];
        this.steps = new int[norm.length];
        this.threshold = new double[norm.length];
        this.width = r.size(1);
        // ‖v‖ is not known before the first correction; ‖g‖ ≤ 2‖v‖ where M is nonexpansive.
        System.arraycopy(norm, 0, size, 0, norm.length);
        this.given = norm.clone();
    }

    /** Solves v − Mv = g by repeated corrections. */
    static Solution solve(StoppingRule stop, LinearMap m, Tensor g, Cycle cycle) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            long batch = g.size(0);
            Tensor r = g.detach()
                    .reshape(batch, batch == 0 ? 0 : g.numel() / batch)
                    .clone();
            Residual a = new Residual(m, g.shape());
            Tensor v = torch.zeros_like(r);
            Refinement state = new Refinement(stop, r);
            state.judge(new boolean[(int) batch], null);
            while (state.open()) {
                try (TensorScope inner = TensorScope.open()) {
                    state.correct(a, v, r, g, cycle);
                }
            }
            v.masked_fill_(state.flags(state.where(Status.NON_FINITE)), new Scalar(Double.NaN));
            SolveStats stats =
                    new SolveStats(state.steps, state.norm, state.threshold, new int[state.steps.length], a.products);
            return new Solution(scope.keep(v.reshape(g.shape())), state.status, stats);
        }
    }

    /** One correction, taken where it helps. */
    private void correct(Residual a, Tensor v, Tensor r, Tensor g, Cycle cycle) {
        Scalar zero = new Scalar(0.0);
        boolean[] ended = new boolean[norm.length];
        double[] target = new double[norm.length];
        for (int i = 0; i < ended.length; i++) {
            ended[i] = status[i] != null;
            target[i] = stop.threshold(width, size[i]);
        }
        Tensor masked = r.masked_fill(flags(ended), zero);
        Tensor tried = v.add(cycle.correct(a, masked, target, steps, deadline));
        Tensor left = g.reshape(r.shape()).sub(a.apply(tried));
        double[] after = Tensors.doubles(Tensors.rowNorm(left));
        double[] length = Tensors.doubles(Tensors.rowNorm(tried));
        boolean[] better = new boolean[norm.length];
        boolean[] stalled = new boolean[norm.length];
        for (int i = 0; i < ended.length; i++) {
            boolean lost = !Double.isFinite(after[i]);
            better[i] = !ended[i] && (lost || after[i] < norm[i]);
            stalled[i] = !lost && !(after[i] < FALL * norm[i]);
            if (better[i]) {
                norm[i] = after[i];
                size[i] = length[i];
            }
        }
        v.copy_(torch.where(flags(better), tried, v));
        r.copy_(torch.where(flags(better), left, r));
        judge(stalled, deadline.passed() ? Status.DEADLINE : null);
    }

    /** Ends the samples that are done. Comparisons are written so that NaN never passes. */
    private void judge(boolean[] stalled, @Nullable Status ending) {
        for (int i = 0; i < status.length; i++) {
            if (status[i] != null) {
                continue;
            }
            threshold[i] = stop.threshold(width, size[i]);
            if (!Double.isFinite(norm[i])) {
                status[i] = Status.NON_FINITE;
            } else if (norm[i] <= threshold[i]) {
                status[i] = Status.CONVERGED;
            } else if (stalled[i] && rounding(i)) {
                status[i] = Status.PRECISION_REACHED;
            } else if (stalled[i] || steps[i] >= stop.maxSteps()) {
                status[i] = Status.MAX_STEPS_REACHED;
            } else {
                status[i] = ending;
            }
        }
    }

    /**
     * Whether the residual is what g + Mv − v rounds to. It must be small beside g too: v grows without bound where the
     * system has no solution.
     */
    private boolean rounding(int i) {
        return norm[i] <= RoundingFloor.level(rounding, given[i] + size[i])
                && norm[i] <= Math.sqrt(rounding) * given[i];
    }

    private boolean open() {
        return Arrays.asList(status).contains(null);
    }

    private boolean[] where(Status wanted) {
        boolean[] flags = new boolean[status.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = status[i] == wanted;
        }
        return flags;
    }

    /** bool [batch, 1]. */
    private Tensor flags(boolean[] values) {
        float[] numbers = new float[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values[i] ? 1 : 0;
        }
        return Tensors.of(numbers, numbers.length, 1).gt(new Scalar(0.5));
    }

    /** I − M on flattened samples, counting the products. */
    private static final class Residual implements LinearMap {
        private final LinearMap m;
        private final long[] shape;
        private int products;

        Residual(LinearMap m, long[] shape) {
            this.m = m;
            this.shape = shape;
        }

        @Override
        public Tensor apply(Tensor v) {
            products++;
            return v.sub(m.apply(v.reshape(shape)).reshape(v.shape()));
        }

        @Override
        public Tensor transposed(Tensor v) {
            products++;
            return v.sub(m.transposed(v.reshape(shape)).reshape(v.shape()));
        }
    }
}
