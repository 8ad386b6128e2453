package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * What an epoch of one side took.
 *
 * @param seconds all of it: encoder, solves, taped step, loss, backward pass, optimiser
 * @param batchSteps of each batch the most steps of a sample
 * @param sampleSteps steps summed over samples
 * @param samples of the epoch
 * @param unfinished samples that came to the step limit
 * @param imprecise samples whose residual came down to rounding before it was as small as asked for
 * @param stepSeconds of each batch what a step of its loop took, empty where that was not measured
 * @param extrapolated whether {@code seconds} stands for more steps than were timed
 */
public record PathEpoch(
        double seconds,
        int[] batchSteps,
        long sampleSteps,
        int samples,
        int unfinished,
        int imprecise,
        double[] stepSeconds,
        boolean extrapolated) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Averaged over samples. */
    double meanSteps() {
        return (double) sampleSteps / samples;
    }

    /** Of the slowest sample. */
    int maxSteps() {
        return Arrays.stream(batchSteps).max().orElse(0);
    }

    /** {meanSteps, maxSteps, unfinished, imprecise, extrapolated}: what does not differ between repetitions. */
    ObjectNode steps() {
        return JSON.createObjectNode()
                .put("meanSteps", meanSteps())
                .put("maxSteps", maxSteps())
                .put("unfinished", unfinished)
                .put("imprecise", imprecise)
                .put("extrapolated", extrapolated);
    }
}
