package dev.stillpoint.cli.measure;

import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The published training of DYS-Net on libtorch, as faithful as a comparison of the same answers allows: dense SVD factors,
 * the whole batch iterated off the tape until its stop, one taped T at that z, x = max(z, 0), mean squared error, Adam.
 *
 * <p>Reference: McKenzie, Heaton and Wu Fung 2024, "Differentiating through integer linear programs with quadratic
 * regularization and Davis-Yin splitting". Differences from its code:
 *
 * <ol>
 *   <li>The gradient w + γx is taken at x, as in its theorem, not at z: both sides then iterate the same map. The answers
 *       are the same.
 *   <li>In its favour: costs are predicted once a batch, not twice; T(z) − z is not computed again for the stop; sums are
 *       made in place.
 * </ol>
 */
final class PublishedDysNet {
    /** As published. */
    static final double ALPHA = 0.05;
    /** As published. */
    static final double GAMMA = 5e-4;
    /** As published. */
    static final int MAX_STEPS = 10_000;
    /** As published. */
    static final double LEARNING_RATE = 0.01;

    private final PathBatches data;
    private final SvdProjection flows;
    private final double alpha;
    private final double gamma;
    private final Sequential encoder;
    private final Adam adam;

    PublishedDysNet(PathBatches data, SvdProjection flows, double alpha, double gamma) {
        this.data = data;
        this.flows = flows;
        this.alpha = alpha;
        this.gamma = gamma;
        this.encoder = data.encoder();
        this.adam = new Adam(encoder.parameters(), Adam.Options.of(LEARNING_RATE));
    }

    /** When the loop over a batch ends. */
    interface Stop {
        /** ‖T(z) − z‖₂ of each sample. */
        double RESIDUAL = 1e-3;
        /** As published: of a batch. */
        double FROBENIUS = 1e-2;

        /** ‖T(z) − z‖₂ ≤ 10⁻³ for every sample. */
        Stop EVERY_SAMPLE = displacement -> Tensors.rowNorm(displacement).amax().item_double() <= RESIDUAL;

        /** As published: ‖T(z) − z‖ ≤ 10⁻² in the Frobenius norm over the batch. */
        Stop WHOLE_BATCH = displacement -> displacement.norm().item_double() <= FROBENIUS;

        boolean reached(Tensor displacement);
    }

    /** Nobody. */
    static final Watcher UNWATCHED = (step, z) -> {};

    /** Told of every iterate of a loop. */
    interface Watcher {
        void after(int step, Tensor z);
    }

    /** An epoch, cold, each batch until its stop. */
    PathEpoch epoch(Stop stop) {
        return epoch(stop, MAX_STEPS);
    }

    /** An epoch, cold, each batch until its stop or {@code most} steps. */
    PathEpoch epoch(Stop stop, int most) {
        int[] batchSteps = new int[data.batches()];
        double[] stepSeconds = new double[batchSteps.length];
        long sampleSteps = 0;
        int unfinished = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < batchSteps.length; i++) {
            try (TensorScope scope = TensorScope.open()) {
                adam.zeroGrad();
                Tensor w = encoder.forward(data.rows(data.contexts(), i));
                long loop = -System.nanoTime();
                Iterated at = iterate(w, stop, most, UNWATCHED);
                loop += System.nanoTime();
                data.loss(answer(at.z(), w), i).backward();
                adam.step();
                batchSteps[i] = at.steps();
                stepSeconds[i] = loop / 1e9 / at.steps();
                sampleSteps += w.size(0) * at.steps();
                unfinished += at.stopped() ? 0 : (int) w.size(0);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new PathEpoch(seconds, batchSteps, sampleSteps, data.samples(), unfinished, 0, stepSeconds, false);
    }

    /**
     * What a measured epoch would have taken, were batch i iterated for {@code steps[i]} steps: its steps' time, multiplied, and
     * the rest as measured.
     */
    PathEpoch extrapolated(PathEpoch measured, int[] steps) {
        double seconds = measured.seconds();
        long sampleSteps = 0;
        int unfinished = 0;
        for (int i = 0; i < steps.length; i++) {
            seconds += measured.stepSeconds()[i] * (steps[i] - measured.batchSteps()[i]);
            long rows = data.rows(data.contexts(), i).size(0);
            sampleSteps += rows * steps[i];
            unfinished += steps[i] < MAX_STEPS ? 0 : (int) rows;
        }
        return new PathEpoch(seconds, steps, sampleSteps, data.samples(), unfinished, 0, measured.stepSeconds(), true);
    }

    /** Costs of batch {@code i}, off the tape. */
    Tensor costs(int i) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            return encoder.forward(data.rows(data.contexts(), i));
        }
    }

    /**
     * Where a loop ended.
     *
     * @param z of the open scope
     * @param steps applications of T
     * @param stopped whether by its stop
     */
    record Iterated(Tensor z, int steps, boolean stopped) {}

    /** z ← T(z) for the whole batch from the cold start, off the tape, until the stop or {@code most} steps. */
    Iterated iterate(Tensor w, Stop stop, int most, Watcher watcher) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope all = TensorScope.open()) {
            Tensor minusScaled = w.detach().mul(new Scalar(-alpha));
            Tensor z = TensorScope.persist(data.start(w.size(0)).clone());
            int steps = 0;
            boolean stopped = false;
            while (!stopped && steps < most) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor displacement = displacement(z, minusScaled);
                    z.add_(displacement);
                    stopped = stop.reached(displacement);
                    watcher.after(++steps, z);
                }
            }
            all.keep(z);
            TensorScope.release(z);
            return new Iterated(z, steps, stopped);
        }
    }

    /** max(T(z), 0), on the tape in w. */
    private Tensor answer(Tensor z, Tensor w) {
        return z.add(displacement(z, w.mul(new Scalar(-alpha)))).relu();
    }

    /** T(z) − z = P(2x − z − α(w + γx)) − x with x = max(z, 0), from −αw. */
    private Tensor displacement(Tensor z, Tensor minusScaled) {
        Tensor x = z.relu();
        Tensor reflected = minusScaled.sub(z).add_(x, new Scalar(2 - alpha * gamma));
        return flows.projectInPlace(reflected).sub_(x);
    }
}
