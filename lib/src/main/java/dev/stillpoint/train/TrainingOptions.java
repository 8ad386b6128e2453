package dev.stillpoint.train;

/**
 * How to train.
 *
 * @param epochs passes over the training rows, ≥ 1
 * @param batchSize rows a step, ≥ 1
 * @param seed of the shuffling and of libtorch's generator, from which dropout draws
 * @param adam the optimiser
 * @param schedule how the learning rate changes
 * @param selection the validation metric (small is good) whose best epoch gives the final weights
 */
public record TrainingOptions(
        int epochs, int batchSize, long seed, Adam.Options adam, Schedule schedule, String selection) {
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
