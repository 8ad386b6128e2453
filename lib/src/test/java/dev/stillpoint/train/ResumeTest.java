package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is interrupted anywhere and resumed in new objects ends bit for bit where the uninterrupted run ends. */
class ResumeTest {
    private static final int EPOCHS = 8;
    private static final TrainingOptions OPTIONS = new TrainingOptions(
            EPOCHS,
            5,
            3,
            Adam.Options.of(0.05).withWeightDecay(0.01),
            new ReduceOnPlateau.Options(0.5, 1, 0.3),
            "metric");

    @TempDir
    Path folder;

    private Path file(String name) {
        return folder.resolve(name + ".safetensors");
    }

    /** What is left of a run: everything in its last checkpoint, and its epochs. */
    private record Ending(
            Map<String, byte[]> checkpoint, Map<String, float[]> weights, int bestEpoch, List<Epoch> epochs) {}

    private Ending ending(Training training, Task task, Path file, List<Epoch> epochs) {
        try (TensorScope scope = TensorScope.open()) {
            Map<String, byte[]> state = new LinkedHashMap<>();
            SafeTensors.read(file).tensors().forEach((name, t) -> state.put(name, Tensors.bytes(t)));
            return new Ending(state, Weights.of(task), training.bestEpoch(), epochs);
        }
    }

    private Ending uninterrupted() {
        Engine.seed(7);
        WarmTask task = new WarmTask(1);
        List<Epoch> epochs = new ArrayList<>();
        Training training = new Training(task, OPTIONS, TrainingTest.listener(epochs));
        training.run(file("whole"));
        return ending(training, task, file("whole"), epochs);
    }

    /** Trains until the second batch after {@code epochs} epochs, as a process that is killed there. */
    private void interrupted(int epochs) {
        Engine.seed(7);
        WarmTask task = new WarmTask(1);
        Training training = new Training(task, OPTIONS, new TrainingListener() {
            @Override
            public void onBatch(int epoch, int rowsDone, int rows, double loss) {
                if (epoch == epochs + 1 && rowsDone > 5) {
                    throw new IllegalStateException("power failure");
                }
            }
        });
        assertThatThrownBy(() -> training.run(file("part"))).hasMessage("power failure");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void endsWhereTheUninterruptedRunEnds(int epoch) {
        Ending whole = uninterrupted();
        // The run uses what a checkpoint has to hold: the rate changes, the best epoch is not the last.
        assertThat(whole.epochs()).extracting(Epoch::learningRate).contains(0.05, 0.025);
        assertThat(whole.bestEpoch()).isBetween(2, EPOCHS - 1);

        interrupted(epoch);
        Engine.seed(1234);
        WarmTask task = new WarmTask(2);
        List<Epoch> epochs = new ArrayList<>();
        Training training = new Training(task, OPTIONS, TrainingTest.listener(epochs));
        training.resume(file("part"));
        assertThat(training.epochs()).isEqualTo(epoch);
        assertThat(training.seconds()).isPositive();
        training.run(file("part"));
        assertSame(ending(training, task, file("part"), epochs), whole, epoch);
    }

    /** A listener that fails after an epoch: its checkpoint is not written yet, so the epoch is done again. */
    @Test
    void anEpochWithoutItsCheckpointIsDoneAgain() {
        Ending whole = uninterrupted();
        Engine.seed(7);
        Training first = new Training(new WarmTask(1), OPTIONS, new TrainingListener() {
            @Override
            public void onEpoch(Epoch epoch) {
                if (epoch.epoch() == 3) {
                    throw new IllegalStateException("disk full");
                }
            }
        });
        assertThatThrownBy(() -> first.run(file("part"))).hasMessage("disk full");
        WarmTask task = new WarmTask(2);
        List<Epoch> epochs = new ArrayList<>();
        Training training = new Training(task, OPTIONS, TrainingTest.listener(epochs));
        training.resume(file("part"));
        training.run(file("part"));
        assertSame(ending(training, task, file("part"), epochs), whole, 2);
    }

    @Test
    void aFinishedRunHasNothingLeftToDo() {
        Ending whole = uninterrupted();
        WarmTask task = new WarmTask(2);
        List<Epoch> epochs = new ArrayList<>();
        Training training = new Training(task, OPTIONS, TrainingTest.listener(epochs));
        training.resume(file("whole"));
        training.run(file("whole"));
        assertSame(ending(training, task, file("whole"), epochs), whole, EPOCHS);
        assertThat(training.bestMetric())
                .isEqualTo(whole.epochs().get(whole.bestEpoch() - 1).metrics().get("metric"));
    }

    private static void assertSame(Ending resumed, Ending whole, int from) {
        assertThat(resumed.checkpoint()).containsOnlyKeys(whole.checkpoint().keySet());
        assertThat(resumed.checkpoint().keySet()).contains("task.warmStart", "engine.random", "best.encoder.weight");
        whole.checkpoint()
                .forEach((name, bytes) ->
                        assertThat(resumed.checkpoint().get(name)).as(name).isEqualTo(bytes));
        whole.weights()
                .forEach((name, w) ->
                        assertThat(resumed.weights().get(name)).as(name).containsExactly(w));
        assertThat(resumed.bestEpoch()).isEqualTo(whole.bestEpoch());
        assertThat(resumed.epochs().stream().map(ResumeTest::withoutTime).toList())
                .isEqualTo(whole.epochs().stream()
                        .skip(from)
                        .map(ResumeTest::withoutTime)
                        .toList());
    }

    private static Epoch withoutTime(Epoch e) {
        return new Epoch(e.epoch(), e.loss(), e.learningRate(), e.masked(), 0, e.metrics());
    }
}
