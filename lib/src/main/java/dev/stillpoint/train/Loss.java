package dev.stillpoint.train;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch's loss.
 *
 * @param value the mean over the rows, a taped scalar
 * @param unusable positions in the batch whose solve left no usable number; the loop repeats the batch without them
 * @param metrics numbers to average into the epoch's metrics, weighted by rows
 */
public record Loss(Tensor value, int[] unusable, Map<String, Double> metrics) {}
