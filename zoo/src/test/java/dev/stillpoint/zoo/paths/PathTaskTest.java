package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.Loss;
import dev.stillpoint.train.ReduceOnPlateau;
import dev.stillpoint.train.Training;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.train.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathTaskTest {
    /** A solve from another start ends elsewhere within its tolerance of 2e-4 an arc. */
    private static final double SAME_LOSS = 1e-3;

    private static final Grid GRID = new Grid(3);

    @TempDir
    Path folder;

    @BeforeEach
    void oneThread() {
        Engine.threads(1);
    }

    private static PathData data(int rows) {
        return new PathGenerator(3, rows, 2, 2, 0.25, 9).generate();
    }

    private static ImplicitNetwork<Tensor, Rows> network() {
        return PathNetwork.create(
                GRID,
                2,
                8,
                0.5,
                0.5,
                1,
                encoder -> new JacobianFree(),
                RandomGeneratorFactory.of("L64X128MixRandom").create(4));
    }

    /** Rows that cannot be solved are named by their position in the batch, and the others' warm starts stay. */
    @Test
    void namesTheRowsThatItCannotUse() {
        PathData bad = data(12);
        bad.contexts()[5][1] = Float.NaN;
        PathTask task = new PathTask(network(), bad, data(4));
        PathTask clean = new PathTask(network(), data(12), data(4));
        assertThat(task.trainingRows()).isEqualTo(12);
        try (TensorScope scope = TensorScope.open()) {
            assertThat(task.loss(new int[] {3, 5, 7}).unusable()).containsExactly(1);
            Loss loss = task.loss(new int[] {3, 7});
            Loss expected = clean.loss(new int[] {3, 7});
            assertThat(loss.unusable()).isEmpty();
            assertThat(loss.value().item_double()).isEqualTo(expected.value().item_double());
            assertThat(loss.metrics().get()).isEqualTo(expected.metrics().get()).containsKeys("steps", "converged");
        }
    }

    /** The paths are kept as lists of arcs; the loss is the one of their indicators, those of the rows asked for. */
    @Test
    void theLossIsTheDistanceFromTheOptimalPaths() {
        PathData data = data(12);
        int[] rows = {3, 7, 11};
        try (TensorScope scope = TensorScope.open()) {
            Tensor flows =
                    network().infer(Tensors.of(data.select(rows).contexts())).x();
            double loss =
                    new PathTask(network(), data, data(4)).loss(rows).value().item_double();
            assertThat(loss).isEqualTo(distance(flows, data.select(rows)), within(SAME_LOSS));
            // A saboteur that takes other rows' paths is seen.
            assertThat(loss).isNotCloseTo(distance(flows, data.select(new int[] {4, 8, 0})), within(10 * SAME_LOSS));
            PathTask task = new PathTask(network(), data, data.select(rows));
            assertThat(task.validate().getOrDefault("validationLoss", Double.NaN))
                    .isEqualTo(loss, within(SAME_LOSS));
        }
    }

    private static double distance(Tensor flows, PathData truth) {
        float[] flow = Tensors.floats(flows);
        double sum = 0;
        for (int i = 0; i < flow.length; i++) {
            double d = flow[i] - truth.path(i / GRID.arcs())[i % GRID.arcs()];
            sum += d * d;
        }
        return sum / flow.length;
    }

    @Test
    void nanInATrainingContextDoesNotStopTraining() {
        PathData bad = data(60);
        bad.contexts()[17][0] = Float.NaN;
        PathTask task = new PathTask(network(), bad, data(20));
        List<Epoch> epochs = new ArrayList<>();
        TrainingOptions options = new TrainingOptions(
                4, 16, 0, Adam.Options.of(0.01), ReduceOnPlateau.Options.constant(), "validationLoss");
        new Training(task, options, new TrainingListener() {
                    @Override
                    public void onEpoch(Epoch epoch) {
                        epochs.add(epoch);
                    }
                })
                .run(folder.resolve("checkpoint.safetensors"));
        assertThat(epochs).hasSize(4).extracting(Epoch::masked).containsOnly(1);
        assertThat(epochs).allSatisfy(e -> {
            assertThat(e.loss()).isFinite();
            assertThat(e.metrics().values()).allSatisfy(v -> assertThat(v).isFinite());
        });
        assertThat(epochs.get(3).loss()).isLessThan(epochs.get(0).loss());
        task.model().state().values().forEach(t -> {
            for (float v : Tensors.floats(t)) {
                assertThat(v).isFinite();
            }
        });
    }

    /** The second solve of the same rows begins where the first one ended: fewer steps, the same loss. */
    @Test
    void solvesFromTheLastSolution() {
        PathTask task = new PathTask(network(), data(12), data(4));
        int[] rows = {0, 4, 11};
        try (TensorScope scope = TensorScope.open()) {
            Loss first = task.loss(rows);
            Loss second = task.loss(rows);
            assertThat(first.metrics().get().getOrDefault("steps", 0.0)).isGreaterThan(5);
            assertThat(second.metrics().get()).containsEntry("steps", 1.0);
            assertThat(second.value().item_double()).isEqualTo(first.value().item_double(), within(SAME_LOSS));
            assertThat(task.loss(new int[] {1, 2}).metrics().get().getOrDefault("steps", 0.0))
                    .isGreaterThan(5);
        }
    }
}
