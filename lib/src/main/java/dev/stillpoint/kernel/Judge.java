package dev.stillpoint.kernel;

/**
 * Decides when each sample of a loop ends. It is asked after every application of T to a sample:
 *
 * <pre>{@code
 * Verdict verdict = judge.look(sample, step, residual, size);
 * if (verdict == Verdict.MEASURE) {
 *     verdict = judge.moved(sample, distance);   // and x is kept, in place of the one before
 * }
 * }</pre>
 *
 * <p>A sample may enter at any time, and steps are its own, so that its verdict does not depend on the samples beside it.
 * Distinct samples may be judged by distinct threads at once; a given one by one thread at a time. Costs some nanoseconds and
 * allocates nothing.
 */
public interface Judge {
    /**
     * Looks at a sample. Every step must be shown: the judge passes over those between two looks.
     *
     * @param sample its row in the batch
     * @param step applications of T to this sample, this one included: 1, 2, ...
     * @param residual ‖T(z) − z‖₂
     * @param size ‖z‖₂
     * @return what becomes of it
     */
    Verdict look(int sample, int step, double residual, double size);

    /**
     * Goes on after {@link Verdict#MEASURE}, at the same step.
     *
     * @param sample its row in the batch
     * @param distance ‖x − x'‖₂, where x = S(z) and x' was that of the sample's {@code MEASURE} before; anything, NaN
     *     included, where there was none
     * @return {@link Verdict#GO_ON} or {@link Verdict#END}
     */
    Verdict moved(int sample, double distance);
}
