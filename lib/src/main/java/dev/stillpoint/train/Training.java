package dev.stillpoint.train;

import dev.stillpoint.data.DataException;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The training loop: seeded batches, Adam, validation after every epoch, the best epoch's weights at the end.
 *
 * <p>With a checkpoint file the whole state is written after every epoch, atomically; {@link #resume} goes on from it to
 * the same result, bit for bit at the same number of threads.
 */
public final class Training {
    /** More masked rows than this share of an epoch means that something is wrong with the data or the operator. */
    private static final double MOST_MASKED = 0.1;

    private final Task task;
    private final TrainingOptions options;
    private final TrainingListener listener;
    private final Map<String, Tensor> weights;
    private final Map<String, Tensor> best;
    private final Adam adam;
    private final Schedule.Run schedule;

    private int epoch;
    private int bestEpoch;
    private double bestMetric = Double.POSITIVE_INFINITY;
    private double seconds;

    /** A run that has not begun. */
    public Training(Task task, TrainingOptions options, TrainingListener listener) {
        if (task.trainingRows() < 1) {
            throw new IllegalArgumentException("Training: need at least one training row, got " + task.trainingRows());
        }
        this.task = task;
        this.options = options;
        this.listener = listener;
        this.weights = task.model().state();
        this.best = copies(weights);
        this.adam = new Adam(task.model().parameters(), options.adam());
        this.schedule = options.schedule().begin(options.adam().learningRate(), options.epochs());
    }

    /** Epochs done, resumed ones included. */
    public int epochs() {
        return epoch;
    }

    /** The epoch whose weights are kept, 0 if no epoch gave a finite metric. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** The selection metric of that epoch. */
    public double bestMetric() {
        return bestMetric;
    }

    /** Training time, resumed parts included, without validation of the final model. */
    public double seconds() {
        return seconds;
    }

    /**
     * Trains to the last epoch, writing {@code checkpoint} after each, and leaves the best epoch's weights in the model.
     *
     * @throws TrainingException if more than a tenth of an epoch's rows had to be masked, or no epoch gave a finite metric
     */
    public void run(Path checkpoint) {
        if (epoch == 0) {
            Engine.seed(options.seed());
        }
        while (epoch < options.epochs()) {
            long start = System.nanoTime();
            Map<String, Mean> means = new TreeMap<>();
            double rate = schedule.rate(epoch);
            int masked = pass(means);
            Map<String, Double> validation = task.validate();
            double metric = select(validation);
            if (metric < bestMetric) {
                bestMetric = metric;
                bestEpoch = epoch + 1;
                copy(weights, best);
            }
            schedule.ended(metric);
            epoch++;
            seconds += (System.nanoTime() - start) / 1e9;

            Mean loss = means.remove(LOSS);
            Map<String, Double> metrics = new LinkedHashMap<>();
            means.forEach((name, mean) -> metrics.put(name, mean.value()));
            metrics.putAll(validation);
            listener.onEpoch(
                    new Epoch(epoch, loss == null ? Double.NaN : loss.value(), rate, masked, seconds, metrics));
            save(checkpoint);
        }
        if (bestEpoch == 0) {
            throw new TrainingException("no epoch gave a finite '" + options.selection()
                    + "'; lower the learning rate, or look at the data for extreme values");
        }
        copy(best, weights);
    }

    private static final String LOSS = "loss";
    private static final String SCHEDULE = "schedule.";

    /** A mean over the rows of the batches that had the number. */
    private record Mean(double sum, int rows) {
        double value() {
            return sum / rows;
        }

        Mean plus(Mean other) {
            return new Mean(sum + other.sum, rows + other.rows);
        }
    }

    /** One pass over the shuffled rows. Fills {@code means}; returns the rows masked. */
    private int pass(Map<String, Mean> means) {
        int[] order = order();
        int masked = 0;
        for (int from = 0; from < order.length; from += options.batchSize()) {
            adam.learningRate(schedule.rate(epoch + from / (double) order.length));
            int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + options.batchSize()));
            try (TensorScope scope = TensorScope.open()) {
                Loss loss = task.loss(rows);
                while (loss.unusable().length > 0 && loss.unusable().length < rows.length) {
                    rows = without(rows, loss.unusable());
                    loss = task.loss(rows);
                }
                double value =
                        loss.unusable().length > 0 ? Double.NaN : loss.value().item_double();
                if (Double.isFinite(value)) {
                    adam.zeroGrad();
                    loss.value().backward();
                }
                int asked = Math.min(options.batchSize(), order.length - from);
                if (Double.isFinite(value) && adam.gradientsFinite()) {
                    adam.step();
                    masked += asked - rows.length;
                    add(means, LOSS, value, rows.length);
                    int count = rows.length;
                    loss.metrics().get().forEach((name, metric) -> add(means, name, metric, count));
                } else {
                    masked += asked;
                }
                listener.onBatch(epoch + 1, from + asked, order.length, value);
            }
            if (masked > MOST_MASKED * order.length) {
                throw new TrainingException("epoch " + (epoch + 1) + ": " + masked + " of "
                        + Math.min(order.length, from + options.batchSize())
                        + " training rows gave no usable number, more than a tenth of an epoch;"
                        + " look at the data for NaN, and lower the learning rate or the operator's step");
            }
        }
        return masked;
    }

    /** The epoch's order, a function of seed and epoch alone: a resumed run needs no generator state. */
    private int[] order() {
        RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(options.seed() * 1_000_003L + epoch);
        int[] order = new int[task.trainingRows()];
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static int[] without(int[] rows, int[] positions) {
        boolean[] drop = new boolean[rows.length];
        for (int p : positions) {
            drop[p] = true;
        }
        int[] kept = new int[rows.length - positions.length];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (!drop[i]) {
                kept[count++] = rows[i];
            }
        }
        return kept;
    }

    private double select(Map<String, Double> validation) {
        Double metric = validation.get(options.selection());
        if (metric == null) {
            throw new IllegalArgumentException(
                    "Training: need the validation metric '" + options.selection() + "', got " + validation.keySet());
        }
        return metric;
    }

    private static void add(Map<String, Mean> means, String name, double value, int rows) {
        means.merge(name, new Mean(value * rows, rows), Mean::plus);
    }

    private static void copy(Map<String, Tensor> from, Map<String, Tensor> to) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (Map.Entry<String, Tensor> entry : to.entrySet()) {
                Tensor source = from.get(entry.getKey());
                if (source == null) {
                    throw new AssertionError("copies have the weights' names");
                }
                entry.getValue().copy_(source);
            }
        }
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> weights) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            weights.forEach(
                    (name, t) -> copies.put(name, TensorScope.persist(t.detach().clone())));
        }
        return copies;
    }

    private Map<String, Tensor> taskState() {
        return new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                task.visitState(visitor);
            }
        }.state();
    }

    private void save(Path file) {
        try (TensorScope scope = TensorScope.open()) {
            Checkpoint checkpoint = Checkpoint.empty(file);
            checkpoint.put("weights.", weights);
            checkpoint.put("best.", best);
            checkpoint.put("task.", taskState());
            checkpoint.put("engine.", Map.of("random", Engine.randomState()));
            adam.save(checkpoint);
            schedule.state().forEach((name, value) -> checkpoint.numbers().put(SCHEDULE + name, value));
            checkpoint.numbers().put("epoch", epoch).put("seconds", seconds).put("bestEpoch", bestEpoch);
            if (bestEpoch > 0) {
                checkpoint.numbers().put("bestMetric", bestMetric);
            }
            checkpoint.write();
        }
    }

    /**
     * Puts back the state that a checkpoint holds; {@link #run} then goes on after its epoch.
     *
     * @throws DataException if the file is missing, damaged, or of another model
     */
    public void resume(Path file) {
        try (TensorScope scope = TensorScope.open()) {
            Checkpoint checkpoint = Checkpoint.read(file);
            checkpoint.copyInto("weights.", weights);
            checkpoint.copyInto("best.", best);
            checkpoint.copyInto("task.", taskState());
            adam.restore(checkpoint);
            restoreSchedule(file, checkpoint.numbers(SCHEDULE));
            Engine.randomState(checkpoint.tensor("engine.random"));
            epoch = checkpoint.number("epoch").asInt();
            seconds = checkpoint.number("seconds").asDouble();
            bestEpoch = checkpoint.number("bestEpoch").asInt();
            bestMetric = checkpoint.numbers().path("bestMetric").asDouble(Double.POSITIVE_INFINITY);
        }
    }

    private void restoreSchedule(Path file, Map<String, Double> numbers) {
        try {
            schedule.restore(numbers);
        } catch (IllegalArgumentException e) {
            throw new DataException(file, "schedule: " + e.getMessage() + ": the checkpoint of another schedule", e);
        }
    }
}
