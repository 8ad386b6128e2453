package dev.stillpoint.solver;

/**
 * Watches a solve, for progress displays, traces and logs.
 *
 * <p>Called on the thread that solves, which waits meanwhile: time spent here counts against the deadline. A solver shared by
 * threads calls its listener from each of them. An exception ends the solve and reaches its caller as it is; what
 * the solve held is freed. No gradients are recorded, and tensors made here are freed with the step.
 */
@FunctionalInterface
public interface IterationListener {
    /** Watches nothing. */
    IterationListener NONE = look -> {};

    /** Called after each look at the residuals: the first step, every {@code checkEvery}-th and the last. */
    void looked(Look look);

    /**
     * What was seen.
     *
     * @param step applications of T so far, from 1
     * @param live samples that go on
     * @param worst the largest of the residuals, NaN if one is NaN
     * @param sample the samples looked at, by their row in the caller's batch: all that had not ended before this step
     * @param residual ‖T(z) − z‖₂ of each of them
     */
    record Look(int step, int live, double worst, int[] sample, double[] residual) {}
}
