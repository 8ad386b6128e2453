package dev.stillpoint.train;

import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch's loss.
 *
 * @param value the mean over the rows, a taped scalar
 * @param unusable positions in the batch whose solve left no usable number; the loop repeats the batch without them
 * @param metrics numbers to average into the epoch's metrics, weighted by the rows of the batches that have them. Asked for
 *     once {@code backward()} has run, so that they can say how it went
 */
public record Loss(Tensor value, int[] unusable, Supplier<Map<String, Double>> metrics) {
    /** A loss whose metrics do not depend on the backward pass. */
    public Loss(Tensor value, int[] unusable, Map<String, Double> metrics) {
        this(value, unusable, () -> metrics);
    }
}
