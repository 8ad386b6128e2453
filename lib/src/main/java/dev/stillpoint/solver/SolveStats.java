package dev.stillpoint.solver;

/**
 * What a solve cost and reached, a sample.
 *
 * @param steps applications of T until the sample ended
 * @param residual ‖T(z) − z‖₂ at the returned z; NaN where an iterate was not finite
 * @param threshold the residual that the stopping rule asked for at that z
 * @param safeguarded iterates that the acceleration dropped for a plain step; 0 where nothing is accelerated
 * @param batchSteps applications of T to the batch
 */
public record SolveStats(int[] steps, double[] residual, double[] threshold, int[] safeguarded, int batchSteps) {
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
}
