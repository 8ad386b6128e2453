package dev.stillpoint.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Multiplies the learning rate by a factor when a metric (small is good) has not improved for a while: PyTorch's
 * ReduceLROnPlateau in mode min with relative threshold, without cooldown, with a state that can be saved.
 */
public final class ReduceOnPlateau {
    /**
     * When to reduce, and by how much.
     *
     * @param factor in (0, 1]; 1 keeps the rate constant
     * @param patience epochs without improvement that are let pass, ≥ 0
     * @param threshold a metric counts as better below (1 − threshold) times the best, in [0, 1)
     */
    public record Options(double factor, int patience, double threshold) implements Schedule {
        /** Checks the numbers. */
        public Options {
            if (!(factor > 0 && factor <= 1) || patience < 0 || !(threshold >= 0 && threshold < 1)) {
                throw new IllegalArgumentException(
                        "ReduceOnPlateau: need factor in (0, 1], patience >= 0, threshold in [0, 1), got " + factor
                                + ", " + patience + ", " + threshold);
            }
        }

        /** PyTorch's defaults: a tenth after ten epochs. */
        public static Options standard() {
            return new Options(0.1, 10, 1e-4);
        }

        /** Never reduces. */
        public static Options constant() {
            return new Options(1, 0, 0);
        }

        @Override
        public Run begin(double learningRate, int epochs) {
            ReduceOnPlateau plateau = new ReduceOnPlateau(this);
            return new Run() {
                private double rate = learningRate;

                @Override
                public double rate(double epochsDone) {
                    return rate;
                }

                @Override
                public void ended(double metric) {
                    rate = plateau.next(rate, metric);
                }

                @Override
                public Map<String, Double> state() {
                    Map<String, Double> state = new LinkedHashMap<>();
                    state.put("rate", rate);
                    state.put("badEpochs", (double) plateau.badEpochs);
                    // A schedule that has seen no metric yet has none that is finite.
                    if (Double.isFinite(plateau.best)) {
                        state.put("best", plateau.best);
                    }
                    return state;
                }

                @Override
                public void restore(Map<String, Double> state) {
                    rate = need(state, "rate");
                    plateau.badEpochs = (int) need(state, "badEpochs");
                    plateau.best = state.getOrDefault("best", Double.POSITIVE_INFINITY);
                }
            };
        }

        private static double need(Map<String, Double> state, String name) {
            Double value = state.get(name);
            if (value == null) {
                throw new IllegalArgumentException("need the number '" + name + "', got none");
            }
            return value;
        }
    }

    private final Options options;
    private double best = Double.POSITIVE_INFINITY;
    private int badEpochs;

    /** A schedule that has seen no epoch yet. */
    public ReduceOnPlateau(Options options) {
        this.options = options;
    }

    /** The learning rate after an epoch that ended with {@code metric}; NaN counts as no improvement. */
    public double next(double learningRate, double metric) {
        if (metric < best * (1 - options.threshold())) {
            best = metric;
            badEpochs = 0;
        } else {
            badEpochs++;
        }
        if (badEpochs <= options.patience()) {
            return learningRate;
        }
        badEpochs = 0;
        return learningRate * options.factor();
    }
}
