package dev.stillpoint.solver;

import java.util.Arrays;

/**
 * What a solve cost and reached, a sample.
 *
 * @param steps applications of T until the sample ended
 * @param residual ‖T(z) − z‖₂ at the returned z; NaN where an iterate was not finite
 * @param threshold the residual that the stopping rule asked for at that z
 * @param safeguarded iterates that the acceleration dropped for a plain step; 0 where nothing is accelerated
 * @param batchSteps applications of T to the batch
 * @param ratio γ̂, by which the residual shrank a step over the last few looks (geometric mean); NaN where there were fewer
 *     than two, and where the solve was accelerated: such a residual falls faster than T contracts
 * @param errorBound a <em>bound</em> on ‖z − z*‖ for the returned z, where the operator declares a contraction factor q: as true
 *     as q is; NaN where it declares none, and where an iterate was not finite. (‖T(z) − z‖ + ε)/(1 − q), where ε, 64
 *     roundings of ‖z‖, is for what T rounds
 */
public record SolveStats(
        int[] steps,
        double[] residual,
        double[] threshold,
        int[] safeguarded,
        int batchSteps,
        double[] ratio,
        double[] errorBound) {

    /** The statistics of a solve that tells nothing of how far the solution is, such as that of a linear system. */
    public SolveStats(int[] steps, double[] residual, double[] threshold, int[] safeguarded, int batchSteps) {
        this(steps, residual, threshold, safeguarded, batchSteps, unknown(steps.length), unknown(steps.length));
    }

    /**
     * ‖T(z) − z‖/(1 − γ̂), an <em>estimate</em> of ‖z − z*‖ for the returned z, a sample; of T(z) it is γ̂ times as much. Right
     * where the residual shrinks by one factor in the long run, too small where a slower part of the error has not shown
     * yet. Infinite where the residual does not fall, NaN where γ̂ is.
     */
    public double[] errorEstimate() {
        double[] estimate = new double[residual.length];
        // NaN < 1 is false, and Math.max keeps NaN: a ratio of 1 or more gives infinity, NaN stays.
        Arrays.setAll(
                estimate,
                i -> ratio[i] < 1 ? residual[i] / (1 - ratio[i]) : Math.max(ratio[i], Double.POSITIVE_INFINITY));
        return estimate;
    }

    /** The steps of the slowest sample, 0 for an empty batch. */
    public int maxSteps() {
        int most = 0;
        for (int s : steps) {
            most = Math.max(most, s);
        }
        return most;
    }

    /** Steps averaged over samples, 0 for an empty batch. */
    public double meanSteps() {
        double sum = 0;
        for (int s : steps) {
            sum += s;
        }
        return steps.length == 0 ? 0 : sum / steps.length;
    }

    /** Nothing but NaN. */
    static double[] unknown(int count) {
        double[] values = new double[count];
        Arrays.fill(values, Double.NaN);
        return values;
    }
}
