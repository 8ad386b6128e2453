package dev.stillpoint.train;

import java.time.Duration;

/**
 * How to train.
 *
 * @param epochs passes over the training rows, ≥ 1
 * @param batchSize rows a step, ≥ 1
 * @param seed of the shuffling and of libtorch's generator, from which dropout draws
 * @param adam the optimiser
 * @param schedule how the learning rate changes
 * @param selection the validation metric (small is good) whose best epoch gives the final weights
 * @param budget training time, validation included, &gt; 0: the first epoch that ends later is the last. With a budget the
 *     schedule goes by the share of it that is spent, so that methods of any speed see all of the schedule; what is trained
 *     then depends on the machine
 */
public record TrainingOptions(
        int epochs, int batchSize, long seed, Adam.Options adam, Schedule schedule, String selection, Duration budget) {
    /** A budget that is never spent: 292 years. */
    public static final Duration NO_BUDGET = Duration.ofNanos(Long.MAX_VALUE);

    /** Checks the numbers. */
    public TrainingOptions {
        if (epochs < 1) {
            throw new IllegalArgumentException("TrainingOptions: need epochs >= 1, got " + epochs);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("TrainingOptions: need batch size >= 1, got " + batchSize);
        }
        if (budget.isNegative() || budget.isZero()) {
            throw new IllegalArgumentException("TrainingOptions: need budget > 0, got " + budget);
        }
    }

    /** Options without a budget. */
    public TrainingOptions(
            int epochs, int batchSize, long seed, Adam.Options adam, Schedule schedule, String selection) {
        this(epochs, batchSize, seed, adam, schedule, selection, NO_BUDGET);
    }

    /** The same with another budget, or {@link #NO_BUDGET}. */
    public TrainingOptions withBudget(Duration budget) {
        return new TrainingOptions(epochs, batchSize, seed, adam, schedule, selection, budget);
    }

    /**
     * Where the schedule is after some epochs and some time.
     *
     * @param epochsDone fractions included
     * @param seconds spent
     */
    double place(double epochsDone, double seconds) {
        return budget.equals(NO_BUDGET) ? epochsDone : epochs * Math.min(1, seconds / seconds(budget));
    }

    /** Whether that is all. */
    boolean spent(double seconds) {
        return !budget.equals(NO_BUDGET) && seconds >= seconds(budget);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
