package dev.stillpoint.train;

import java.util.Map;

/** How the learning rate η changes while training. A constant that begins a run of its own for each training. */
public interface Schedule {
    /**
     * The schedule of one training.
     *
     * @param learningRate η of the optimiser's options
     * @param epochs how long the training is
     */
    Run begin(double learningRate, int epochs);

    /** One training's schedule, told of each epoch. */
    interface Run {
        /**
         * η of a step.
         *
         * @param epochsDone when the step begins, fractions included: 1.5 in the middle of the second epoch
         */
        double rate(double epochsDone);

        /** An epoch has ended with this selection metric (small is good); it may be NaN. */
        default void ended(double metric) {}

        /** What {@link #restore} needs, finite numbers by name. */
        default Map<String, Double> state() {
            return Map.of();
        }

        /**
         * Goes on where the run that gave this state was.
         *
         * @throws IllegalArgumentException if a number is missing
         */
        default void restore(Map<String, Double> state) {}
    }

    /** η as it is. */
    static Schedule constant() {
        return (learningRate, epochs) -> epochsDone -> learningRate;
    }

    /**
     * η·factorⁿ after n·every epochs: PyTorch's StepLR.
     *
     * @param every epochs, ≥ 1
     * @param factor in (0, 1]
     */
    record Steps(int every, double factor) implements Schedule {
        /** Checks the numbers. */
        public Steps {
            if (every < 1 || !(factor > 0 && factor <= 1)) {
                throw new IllegalArgumentException(
                        "Schedule.Steps: need every >= 1 and factor in (0, 1], got " + every + " and " + factor);
            }
        }

        @Override
        public Run begin(double learningRate, int epochs) {
            return epochsDone -> learningRate * Math.pow(factor, Math.floor(epochsDone / every));
        }
    }

    /**
     * Half a cosine, from η at the beginning to floor·η at the end, changing with every step.
     *
     * <p>Reference: Loshchilov and Hutter 2017, equation 5 without restarts, arXiv 1608.03983.
     *
     * @param floor in [0, 1]
     */
    record Cosine(double floor) implements Schedule {
        /** Checks the number. */
        public Cosine {
            if (!(floor >= 0 && floor <= 1)) {
                throw new IllegalArgumentException("Schedule.Cosine: need floor in [0, 1], got " + floor);
            }
        }

        @Override
        public Run begin(double learningRate, int epochs) {
            return epochsDone -> learningRate * between(1, floor, epochsDone / epochs);
        }
    }

    /**
     * From start·η up to η in the first part of the training, then down to floor·η, both along half a cosine, changing with
     * every step.
     *
     * <p>Reference: Smith and Topin 2019, arXiv 1708.07120; the shape is PyTorch's OneCycleLR with two phases.
     *
     * @param warmUp the first part, in (0, 1)
     * @param start in (0, 1]
     * @param floor in [0, 1]
     */
    record OneCycle(double warmUp, double start, double floor) implements Schedule {
        /** Checks the numbers. */
        public OneCycle {
            if (!(warmUp > 0 && warmUp < 1) || !(start > 0 && start <= 1) || !(floor >= 0 && floor <= 1)) {
                throw new IllegalArgumentException(
                        "Schedule.OneCycle: need warmUp in (0, 1), start in (0, 1] and floor in [0, 1], got " + warmUp
                                + ", " + start + " and " + floor);
            }
        }

        /** PyTorch's defaults: up from a 25th of η in three tenths of the training, then down to nearly nothing. */
        public static OneCycle standard() {
            return new OneCycle(0.3, 1 / 25.0, 1 / 250_000.0);
        }

        @Override
        public Run begin(double learningRate, int epochs) {
            return epochsDone -> {
                double part = epochsDone / epochs;
                return learningRate
                        * (part < warmUp
                                ? between(start, 1, part / warmUp)
                                : between(1, floor, (part - warmUp) / (1 - warmUp)));
            };
        }
    }

    /** From a at 0 to b at 1 along half a cosine; b beyond. */
    private static double between(double a, double b, double part) {
        return b + (a - b) * (1 + Math.cos(Math.PI * Math.min(1, part))) / 2;
    }
}
