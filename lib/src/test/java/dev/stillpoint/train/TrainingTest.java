package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the loop does with batches and the best epoch; {@link MaskingTest} has rows of NaN, {@link ResumeTest} checkpoints. */
class TrainingTest {
    private static final int BATCH = 8;
    private static final int BATCHES = FitTask.ROWS / BATCH;
    private static final Adam.Options ADAM = Adam.Options.of(0.05);

    @TempDir
    Path folder;

    private Path checkpoint() {
        return folder.resolve("checkpoint.safetensors");
    }

    private static TrainingOptions options(int epochs) {
        return new TrainingOptions(epochs, BATCH, 3, ADAM, ReduceOnPlateau.Options.constant(), "metric");
    }

    private List<Epoch> train(Task task, TrainingOptions options) {
        List<Epoch> epochs = new ArrayList<>();
        new Training(task, options, listener(epochs)).run(checkpoint());
        return epochs;
    }

    static TrainingListener listener(List<Epoch> epochs) {
        return new TrainingListener() {
            @Override
            public void onEpoch(Epoch epoch) {
                epochs.add(epoch);
            }
        };
    }

    @Test
    void learns() {
        FitTask task = new FitTask(1);
        List<Epoch> epochs = train(task, options(60));
        assertThat(epochs).hasSize(60);
        assertThat(epochs.get(0).loss()).isGreaterThan(1);
        // The data's noise has variance 0.01.
        assertThat(epochs.get(59).loss()).isLessThan(0.02);
        float[] weight = task.validated.get(59).get("weight");
        assertThat(weight).containsExactly(new float[] {2, -1, 0}, within(0.1f));
        assertThat(epochs).extracting(Epoch::epoch).startsWith(1, 2, 3);
        assertThat(epochs).extracting(Epoch::masked).containsOnly(0);
        assertThat(epochs).extracting(Epoch::learningRate).containsOnly(0.05);
        assertThat(epochs.get(0).metrics())
                .containsOnlyKeys("firstRow", "metric")
                .containsEntry("metric", -1.0);
    }

    /** Every epoch is a permutation of the rows, another one each, the same for the same seed. */
    @Test
    void batchesArePermutationsOfTheRows() {
        FitTask task = new FitTask(1);
        train(task, options(3));
        FitTask again = new FitTask(2);
        train(again, options(3));
        assertThat(task.asked).hasSize(3 * BATCHES);
        Set<String> orders = new TreeSet<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            int[] order = order(task, epoch);
            assertThat(order).isEqualTo(order(again, epoch));
            orders.add(Arrays.toString(order));
            Arrays.sort(order);
            int[] all = new int[FitTask.ROWS];
            Arrays.setAll(all, i -> i);
            assertThat(order).isEqualTo(all);
        }
        assertThat(orders).hasSize(3);
        FitTask other = new FitTask(1);
        train(other, new TrainingOptions(1, BATCH, 4, ADAM, ReduceOnPlateau.Options.constant(), "metric"));
        assertThat(orders).doesNotContain(Arrays.toString(order(other, 0)));
    }

    private static int[] order(FitTask task, int epoch) {
        return task.asked.subList(epoch * BATCHES, (epoch + 1) * BATCHES).stream()
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    /** The last batch takes what is left; loss and metrics are means over rows, not over batches. */
    @Test
    void meansAreWeightedByRows() {
        FitTask task = new FitTask(1);
        TrainingOptions options = new TrainingOptions(1, 25, 0, ADAM, ReduceOnPlateau.Options.constant(), "metric");
        List<double[]> batches = new ArrayList<>();
        List<Epoch> epochs = new ArrayList<>();
        new Training(task, options, new TrainingListener() {
                    @Override
                    public void onBatch(int epoch, int rowsDone, int rows, double loss) {
                        batches.add(new double[] {epoch, rowsDone, rows, loss});
                    }

                    @Override
                    public void onEpoch(Epoch epoch) {
                        epochs.add(epoch);
                    }
                })
                .run(checkpoint());
        assertThat(task.asked).extracting(rows -> rows.length).containsExactly(25, 15);
        assertThat(batches).hasSize(2);
        assertThat(Arrays.copyOf(batches.get(0), 3)).containsExactly(1, 25, 40);
        assertThat(Arrays.copyOf(batches.get(1), 3)).containsExactly(1, 40, 40);
        double mean = (25 * batches.get(0)[3] + 15 * batches.get(1)[3]) / 40;
        assertThat(epochs.get(0).loss()).isEqualTo(mean, within(1e-12));
        assertThat(epochs.get(0).metrics().get("firstRow"))
                .isEqualTo((25.0 * task.asked.get(0)[0] + 15.0 * task.asked.get(1)[0]) / 40, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"5 3 1 4 2, 3", "1 1 1, 1", "NaN 7 NaN, 2", "Infinity 9 8, 3"})
    void theBestEpochsWeightsAreKept(String text, int best) {
        double[] metrics = Arrays.stream(text.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        FitTask task = new FitTask(1, metrics);
        Training training = new Training(task, options(metrics.length), TrainingListener.NONE);
        training.run(checkpoint());
        assertThat(training.bestEpoch()).isEqualTo(best);
        assertThat(training.bestMetric()).isEqualTo(metrics[best - 1]);
        assertThat(training.epochs()).isEqualTo(metrics.length);
        assertThat(training.seconds()).isPositive();
        Weights.assertSame(Weights.of(task), task.validated.get(best - 1));
        for (int i = 0; i < metrics.length; i++) {
            if (i != best - 1) {
                assertThat(Weights.of(task).get("weight"))
                        .isNotEqualTo(task.validated.get(i).get("weight"));
            }
        }
    }

    @Test
    void thePlateauLooksAtTheSelectionMetric() {
        FitTask task = new FitTask(1, 5, 4, 4, 4, 3);
        List<Epoch> epochs =
                train(task, new TrainingOptions(5, BATCH, 3, ADAM, new ReduceOnPlateau.Options(0.5, 1, 0), "metric"));
        assertThat(epochs).extracting(Epoch::learningRate).containsExactly(0.05, 0.05, 0.05, 0.05, 0.025);
    }

    /** Against a loop written out here, over the batches that the loop asked for. */
    @Test
    void aStepIsAdamOnTheBatch() {
        FitTask task = new FitTask(1);
        train(task, options(3));
        Weights.assertSame(Weights.of(task), new FitTask(1).adam(task.asked, ADAM));
    }

    @Test
    void aRunWithoutAnyFiniteMetricSaysSo() {
        FitTask task = new FitTask(1, Double.NaN, Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> train(task, options(2)))
                .isInstanceOf(TrainingException.class)
                .hasMessage("no epoch gave a finite 'metric'; lower the learning rate, or look at the data for extreme"
                        + " values");
    }

    @Test
    void wrongUse() {
        TrainingOptions other = new TrainingOptions(1, BATCH, 3, ADAM, ReduceOnPlateau.Options.constant(), "accuracy");
        assertThatThrownBy(() -> train(new FitTask(1), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Training: need the validation metric 'accuracy', got [metric]");
        assertThatThrownBy(() -> train(
                        new AlteredTask(new FitTask(1)) {
                            @Override
                            public int trainingRows() {
                                return 0;
                            }
                        },
                        options(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Training: need at least one training row, got 0");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 'need epochs >= 1, got 0'", "1, 0, 'need batch size >= 1, got 0'"})
    void refusesOtherOptions(int epochs, int batch, String wanted) {
        assertThatThrownBy(
                        () -> new TrainingOptions(epochs, batch, 0, ADAM, ReduceOnPlateau.Options.constant(), "metric"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TrainingOptions: " + wanted);
    }

    /** Metrics see the gradient, and one that only some batches have is averaged over those. */
    @Test
    void metricsAreAskedForAfterTheBackwardPass() {
        FitTask fit = new FitTask(1);
        AtomicInteger batches = new AtomicInteger();
        List<Epoch> epochs = train(
                new AlteredTask(fit) {
                    @Override
                    public Loss loss(int[] rows) {
                        // Stale until this batch's backward pass has run.
                        fit.model.parameters().values().forEach(p -> {
                            if (p.grad().defined()) {
                                p.grad().fill_(new Scalar(100.0));
                            }
                        });
                        int batch = batches.getAndIncrement();
                        Loss loss = super.loss(rows);
                        return new Loss(loss.value(), loss.unusable(), () -> {
                            double largest = 0;
                            for (Tensor p : fit.model.parameters().values()) {
                                largest = Math.max(largest, p.grad().abs().max().item_double());
                            }
                            Map<String, Double> metrics = new LinkedHashMap<>(Map.of("largest", largest));
                            if (batch % 2 == 1) {
                                metrics.put("odd", (double) batch);
                            }
                            return metrics;
                        });
                    }
                },
                options(2));
        assertThat(batches.get()).isEqualTo(2 * BATCHES);
        for (Epoch epoch : epochs) {
            assertThat(epoch.metrics().getOrDefault("largest", 0.0)).isBetween(1e-3, 50.0);
        }
        // Batches 1 and 3 of 0 to 4, then 5, 7 and 9 of 5 to 9, all of the same size.
        assertThat(epochs.get(0).metrics()).containsEntry("odd", 2.0);
        assertThat(epochs.get(1).metrics()).containsEntry("odd", 7.0);
    }
}
