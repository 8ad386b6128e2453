package dev.stillpoint.solver;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one solve: what is asked of each, what it has reached and how it ended. The same for every loop.
 *
 * <p>Each is an object of its own, so that threads with samples of their own do not write to the same cache lines.
 */
final class Samples {
    /** A residual this many times the first one (or one) ends a sample as {@link Status#DIVERGED}: no averaged T comes near. */
    private static final double DIVERGENCE = 1e10;

    private final StoppingRule stop;
    private final double absolute;
    private final double rounding;
    private final OptionalDouble contractionFactor;
    private final Sample[] samples;

    Samples(StoppingRule stop, Operator<?> t, Tensor z0) {
        this.stop = stop;
        this.contractionFactor = t.contractionFactor();
        contractionFactor.ifPresent(Samples::checkFactor);
        int batch = (int) z0.size(0);
        this.absolute = stop.threshold(batch == 0 ? 0 : z0.numel() / batch, 0);
        this.rounding = Tensors.rounding(Tensors.type(z0));
        this.samples = new Sample[batch];
        Arrays.setAll(samples, i -> new Sample());
    }

    private static void checkFactor(double q) {
        if (!(q >= 0 && q < 1)) {
            throw new IllegalArgumentException("Operator: need 0 <= contractionFactor < 1, got " + q);
        }
    }

    /** Checks what a loop or T itself gave for z. */
    static void checkLike(String name, Tensor given, Tensor z) {
        Tensors.check(name, given, z.shape());
        if (Tensors.type(given) != Tensors.type(z)) {
            throw new IllegalArgumentException(
                    name + ": expected " + Tensors.type(z) + " as z is, got " + Tensors.type(given));
        }
    }

    Sample get(int i) {
        return samples[i];
    }

    /** The step of the look after that at {@code step}, if no deadline comes before. */
    int nextLook(int step) {
        long next = step == 1 ? Math.max(2, stop.checkEvery()) : (long) step + stop.checkEvery();
        return (int) Math.min(stop.maxSteps(), next);
    }

    /** The steps of the sample that took the most. */
    int mostSteps() {
        int most = 0;
        for (Sample sample : samples) {
            most = Math.max(most, sample.step);
        }
        return most;
    }

    /** How a sample ends that has not done so by itself at this step, null if it goes on. */
    @Nullable Status ending(int step, boolean late) {
        if (step >= stop.maxSteps()) {
            return Status.MAX_STEPS_REACHED;
        }
        return late ? Status.DEADLINE : null;
    }

    /**
     * What was reached, once every sample has ended.
     *
     * @param z [batch, ...], the iterate of each sample's last look
     * @param safeguarded as {@link SolveStats} has it
     * @param batchSteps as {@link SolveStats} has it
     * @param plain whether nothing was accelerated, so that the residuals' ratio says how T contracts
     */
    Solution solution(Tensor z, int[] safeguarded, int batchSteps, boolean plain) {
        int batch = samples.length;
        Status[] status = new Status[batch];
        int[] steps = new int[batch];
        double[] residual = new double[batch];
        double[] threshold = new double[batch];
        double[] ratio = SolveStats.unknown(batch);
        double[] errorBound = SolveStats.unknown(batch);
        for (int i = 0; i < batch; i++) {
            Sample sample = samples[i];
            status[i] = sample.status(i);
            steps[i] = sample.step;
            residual[i] = sample.residual;
            threshold[i] = sample.threshold();
            if (plain) {
                ratio[i] = sample.trace.ratio();
            }
            if (contractionFactor.isPresent()) {
                double rounded = RoundingFloor.level(rounding, sample.size);
                errorBound[i] = (residual[i] + rounded) / (1 - contractionFactor.getAsDouble());
            }
        }
        SolveStats stats = new SolveStats(steps, residual, threshold, safeguarded, batchSteps, ratio, errorBound);
        return new Solution(withoutLost(z, status), status, stats);
    }

    /** An iterate whose step is not finite may look like a solution; NaN cannot be mistaken for one. */
    private static Tensor withoutLost(Tensor z, Status[] status) {
        float[] finite = new float[status.length];
        boolean lost = false;
        for (int i = 0; i < finite.length; i++) {
            finite[i] = status[i] == Status.NON_FINITE ? 0 : 1;
            lost |= status[i] == Status.NON_FINITE;
        }
        if (!lost) {
            return z;
        }
        long[] shape = new long[(int) z.dim()];
        Arrays.fill(shape, 1);
        shape[0] = finite.length;
        Tensor kept = Tensors.of(finite, shape).gt(new Scalar(0.5));
        return torch.where(kept, z, new Scalar(Double.NaN));
    }

    /** One of them. Its verdict depends on its own looks alone. */
    final class Sample {
        private final ResidualTrace trace = new ResidualTrace();
        private final RoundingFloor floor = new RoundingFloor(rounding);
        private int step;
        private int nextLook;
        private double residual;
        private double size;
        private double first;
        private @Nullable Status ending;
        private @Nullable Status status;

        /**
         * Looks at the sample.
         *
         * @param atStep applications of T to it
         * @param r ‖T(z) − z‖
         * @param norm ‖z‖
         * @param otherwise how it ends if not by itself, null if it goes on
         * @return whether {@link #moved} must be told how far x went before the verdict is asked for
         */
        boolean look(int atStep, double r, double norm, @Nullable Status otherwise) {
            if (step == 0) {
                first = r;
            }
            step = atStep;
            nextLook = Samples.this.nextLook(atStep);
            residual = r;
            size = norm;
            ending = otherwise;
            trace.add(atStep, r);
            return floor.look(r, norm);
        }

        /** How far x is from where it was when this was last told; what is told first does not matter. */
        void moved(double distance) {
            floor.moved(distance, residual);
        }

        /** How the sample ends at this look, or null to go on. Comparisons are written so that NaN never passes. */
        @Nullable Status verdict() {
            double threshold = threshold();
            if (!Double.isFinite(residual) || !Double.isFinite(threshold)) {
                return Status.NON_FINITE;
            }
            if (residual <= threshold) {
                return Status.CONVERGED;
            }
            if (residual > DIVERGENCE * (1 + first)) {
                return Status.DIVERGED;
            }
            return floor.found() ? Status.PRECISION_REACHED : ending;
        }

        /** Ends it so, or lets it go on. */
        void end(@Nullable Status how) {
            status = how;
        }

        /** Whether this step is to be looked at, if no deadline says so. */
        boolean due(int atStep) {
            return atStep >= nextLook;
        }

        boolean hasEnded() {
            return status != null;
        }

        private double threshold() {
            return absolute + stop.relTol() * size;
        }

        private Status status(int i) {
            if (status == null) {
                throw new IllegalStateException("Samples: need every sample to end, got one that goes on, " + i);
            }
            return status;
        }
    }
}
