package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is opened again: to go on, or to be evaluated. */
class ReopenedRunTest {
    private static final int EPOCHS = 4;

    @TempDir
    static Path folder;

    private static Path whole;
    private static TrainingRun.Outcome outcome;

    @BeforeAll
    static void train() {
        whole = folder.resolve("whole");
        outcome = TrainingRun.create(Runs.paths(), Runs.settings("epochs", "4"), whole, 0)
                .train(TrainingListener.NONE);
    }

    @Test
    void evaluatesToExactlyTheSameAfterReopening() {
        int threads = Engine.threads();
        Engine.threads(2);
        TrainingRun.Outcome again = TrainingRun.open(whole, 0).evaluate();
        assertThat(Engine.threads()).as("as many threads as the run began with").isEqualTo(threads);
        assertThat(again.evaluation().metrics()).isEqualTo(outcome.evaluation().metrics());
        assertThat(again.evaluation().certificates())
                .isEqualTo(outcome.evaluation().certificates());
        assertThat(again.evaluation().residual())
                .containsExactly(outcome.evaluation().residual());
        assertThat(again.toJson()).isEqualTo(outcome.toJson());
    }

    /** Killed after an epoch before its checkpoint, or in the middle of one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStoppedRunEndsWhereTheWholeOneEnds(boolean betweenEpochs) throws IOException {
        Path path = folder.resolve("stopped" + betweenEpochs);
        TrainingRun first = TrainingRun.create(Runs.paths(), Runs.settings("epochs", "4"), path, 0);
        assertThatThrownBy(() -> first.train(new TrainingListener() {
                    @Override
                    public void onEpoch(Epoch epoch) {
                        if (betweenEpochs && epoch.epoch() == 2) {
                            throw new IllegalStateException("stopped");
                        }
                    }

                    @Override
                    public void onBatch(int epoch, int rowsDone, int rows, double loss) {
                        if (epoch == 3 && rowsDone > rows / 2) {
                            throw new IllegalStateException("stopped");
                        }
                    }
                }))
                .hasMessage("stopped");
        assertThat(RunFolder.open(path).epochs()).hasSize(2);
        assertThatThrownBy(() -> Model.load(path))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("go on with train --resume " + path);

        List<Integer> seen = new ArrayList<>();
        TrainingRun.Outcome resumed = TrainingRun.open(path, 0).train(new TrainingListener() {
            @Override
            public void onEpoch(Epoch epoch) {
                seen.add(epoch.epoch());
            }
        });
        assertThat(seen).isEqualTo(betweenEpochs ? List.of(2, 3, 4) : List.of(3, 4));
        assertThat(resumed.evaluation().metrics())
                .isEqualTo(outcome.evaluation().metrics());
        assertThat(resumed.bestEpoch()).isEqualTo(outcome.bestEpoch());
        RunFolder stopped = RunFolder.open(path);
        RunFolder complete = RunFolder.open(whole);
        assertThat(stopped.model()).hasSameBinaryContentAs(complete.model());
        assertThat(stopped.certificates()).hasSameBinaryContentAs(complete.certificates());
        assertThat(Files.readAllLines(stopped.metrics())).hasSize(EPOCHS);
        assertThat(stopped.epochs().stream().map(ReopenedRunTest::withoutTime).toList())
                .isEqualTo(complete.epochs().stream()
                        .map(ReopenedRunTest::withoutTime)
                        .toList());
    }

    private static Epoch withoutTime(Epoch e) {
        return new Epoch(e.epoch(), e.loss(), e.learningRate(), e.masked(), 0, e.metrics());
    }

    @Test
    void aRunFolderThatWasChangedIsRefused() throws IOException {
        assertOpenRefused(run -> run.put("application", "pahts"), "application: need one of");
        assertOpenRefused(run -> ((ObjectNode) run.path("settings")).put("grid", "one"), "settings: --grid: need");
        assertOpenRefused(run -> ((ObjectNode) run.path("settings")).put("gird", "5"), "settings: --gird: need one of");
        assertOpenRefused(
                run -> ((ObjectNode) run.path("data")).put("contexts and costs", "0"),
                "need data 'contexts and costs' with SHA-256 0, got ");
        assertOpenRefused(
                run -> ((ObjectNode) run.path("settings")).put("data-seed", "136"), "need data 'contexts and costs'");
    }

    private static void assertOpenRefused(Consumer<ObjectNode> change, String reason) throws IOException {
        Path path = Files.createTempDirectory(folder, "changed");
        ObjectNode run = RunFolder.open(whole).readRun();
        change.accept(run);
        new RunFolder(path).writeRun(run);
        assertThatThrownBy(() -> TrainingRun.open(path, 0))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(path.resolve("run.json") + ": ")
                .hasMessageContaining(reason);
    }

    /** Runs from before the setting trained on 1,000 rows; any other number gives other data. */
    @Test
    void aRunWithoutTheNumberOfSamplesIsReadAsBefore() throws IOException {
        Path path = Files.createDirectory(folder.resolve("old"));
        for (String name : List.of("model.safetensors", "certificates.json")) {
            Files.copy(whole.resolve(name), path.resolve(name));
        }
        ObjectNode run = RunFolder.open(whole).readRun();
        ((ObjectNode) run.path("settings")).remove("samples");
        new RunFolder(path).writeRun(run);
        assertThat(TrainingRun.open(path, 0).evaluate().evaluation().metrics())
                .isEqualTo(outcome.evaluation().metrics());
        assertOpenRefused(
                other -> ((ObjectNode) other.path("settings")).put("samples", "999"), "need data 'contexts and costs'");
    }

    @Test
    void evaluatingWhatIsNotTrainedOrDamagedIsRefused() throws IOException {
        Path path = folder.resolve("untrained");
        TrainingRun untrained = TrainingRun.create(Runs.paths(), Runs.settings(), path, 0);
        assertThatThrownBy(untrained::evaluate)
                .isInstanceOf(DataException.class)
                .hasMessage(path + ": need a finished run, got one without a model; go on with train --resume " + path);
        byte[] model = Files.readAllBytes(RunFolder.open(whole).model());
        model[model.length - 1] ^= 1;
        Files.write(path.resolve("model.safetensors"), model);
        assertThatThrownBy(untrained::evaluate)
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the file is damaged");
    }
}
