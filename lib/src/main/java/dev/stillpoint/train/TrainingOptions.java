package dev.stillpoint.train;

/**
 * How to train.
 *
 * @param epochs passes over the training rows, ≥ 1
 * @param batchSize rows a step, ≥ 1
 * @param seed of the shuffling
 * @param adam the optimiser
 * @param plateau the learning rate's schedule, on the selection metric
 * @param selection the validation metric (small is good) whose best epoch gives the final weights
 */
public record TrainingOptions(
        int epochs, int batchSize, long seed, Adam.Options adam, ReduceOnPlateau.Options plateau, String selection) {
    /** Checks the numbers. */
    public TrainingOptions {
        if (epochs < 1) {
            throw new IllegalArgumentException("TrainingOptions: need epochs >= 1, got " + epochs);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("TrainingOptions: need batch size >= 1, got " + batchSize);
        }
    }
}
