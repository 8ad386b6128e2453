package dev.stillpoint.operator;

/**
 * What {@link PowerIteration} knows of ‖A‖, a sample each.
 *
 * @param atLeast a lower bound on ‖A‖, up to rounding, that grows towards it from step to step. NaN where A gave one
 * @param change the relative growth in the sample's last step. Small does not prove near: see {@link PowerIteration}
 * @param steps products with A*A
 */
public record NormEstimate(double[] atLeast, double[] change, int steps) {}
