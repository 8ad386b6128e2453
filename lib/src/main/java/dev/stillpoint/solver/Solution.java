package dev.stillpoint.solver;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The outcome of a solve: for every sample an iterate, a status, steps and residual.
 *
 * @param z [batch, ...], the iterate at which each sample's residual was measured; off the tape
 * @param status one a sample
 * @param stats what it cost and reached
 */
public record Solution(Tensor z, Status[] status, SolveStats stats) {
    /** The number of samples that ended so. */
    public int count(Status wanted) {
        int count = 0;
        for (Status s : status) {
            if (s == wanted) {
                count++;
            }
        }
        return count;
    }

    /** The rows, ascending, of the samples whose z is none to go on from ({@link Status#usable}). */
    public int[] unusable() {
        return IntStream.range(0, status.length)
                .filter(i -> !status[i].usable())
                .toArray();
    }

    /**
     * This solution, if every sample converged.
     *
     * @throws SolveException otherwise, with the first sample that did not and what to try
     */
    public Solution orThrow() {
        if (count(Status.CONVERGED) != status.length) {
            throw new SolveException(this);
        }
        return this;
    }
}
