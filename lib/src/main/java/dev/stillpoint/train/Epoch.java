package dev.stillpoint.train;

import java.util.Map;

/**
 * What one epoch did: a line of {@code metrics.jsonl}.
 *
 * @param epoch from 1
 * @param loss mean training loss over the rows used
 * @param learningRate used in this epoch
 * @param masked training rows left out because their solve gave no usable number
 * @param seconds training time since the start of the run, resumed parts included
 * @param metrics the task's training metrics, then its validation metrics
 */
public record Epoch(
        int epoch, double loss, double learningRate, int masked, double seconds, Map<String, Double> metrics) {}
