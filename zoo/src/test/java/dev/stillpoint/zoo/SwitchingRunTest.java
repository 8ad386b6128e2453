package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose adjoint has a state: it is logged, stored, and goes on after a stop. */
class SwitchingRunTest {
    private static final int EPOCHS = 4;

    /** Four batches an epoch: probes fall into the middle of epochs, and one epoch has none. */
    private static final String SWITCH = "switch:6:0.9";

    @TempDir
    static Path folder;

    private static Path whole;

    @BeforeAll
    static void train() {
        whole = folder.resolve("whole");
        run(whole).train(TrainingListener.NONE);
    }

    private static TrainingRun run(Path path) {
        return TrainingRun.create(
                Runs.paths(), Runs.settings("epochs", Integer.toString(EPOCHS), "adjoint", SWITCH), path, 0);
    }

    @Test
    void theLogHasTheCosineOfTheEpochsWithAProbe() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(RunFolder.open(whole).metrics())) {
            lines.add(new ObjectMapper().readTree(line).path("metrics"));
        }
        assertThat(lines).hasSize(EPOCHS);
        // Calls 1, 7 and 13 of sixteen.
        boolean[] probed = {true, true, false, true};
        for (int i = 0; i < EPOCHS; i++) {
            assertThat(lines.get(i).has("jfbCosine")).as("epoch " + (i + 1)).isEqualTo(probed[i]);
            assertThat(lines.get(i).path("implicitShare").isNumber()).isTrue();
            assertThat(lines.get(i).path("adjointProducts").isNumber()).isTrue();
            if (probed[i]) {
                assertThat(lines.get(i).path("jfbCosine").asDouble()).isBetween(0.1, 1.0);
                assertThat(lines.get(i).path("adjointResidual").asDouble()).isBetween(0.0, 1e-4);
                assertThat(lines.get(i).path("adjointInexact").asDouble()).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void theStateIsInTheCheckpointAndNotInTheModel() {
        List<String> names =
                new ArrayList<>(SafeTensors.readOwn(RunFolder.open(whole).checkpoint())
                        .tensors()
                        .keySet());
        assertThat(names).contains("task.adjoint.sinceProbe", "task.adjoint.implicit", "task.adjoint.cosine");
        assertThat(SafeTensors.readOwn(RunFolder.open(whole).model()).tensors().keySet())
                .noneMatch(name -> name.contains("adjoint"));
    }

    /** Stopped after each epoch in turn: the next probe comes when it would have come, and the choice stays. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void aStoppedRunEndsWhereTheWholeOneEnds(int epoch) throws IOException {
        Path path = folder.resolve("stopped" + epoch);
        TrainingRun first = run(path);
        assertThatThrownBy(() -> first.train(new TrainingListener() {
                    @Override
                    public void onBatch(int inEpoch, int rowsDone, int rows, double loss) {
                        if (inEpoch == epoch && rowsDone > rows / 2) {
                            throw new IllegalStateException("stopped");
                        }
                    }
                }))
                .hasMessage("stopped");
        TrainingRun.open(path, 0).train(TrainingListener.NONE);
        assertThat(RunFolder.open(path).model())
                .hasSameBinaryContentAs(RunFolder.open(whole).model());
        assertThat(metrics(path)).isEqualTo(metrics(whole));
    }

    private static List<Object> metrics(Path path) {
        List<Object> metrics = new ArrayList<>();
        for (Epoch epoch : RunFolder.open(path).epochs()) {
            metrics.add(List.of(epoch.loss(), epoch.metrics()));
        }
        return metrics;
    }

    /** Different numbers are used: the run is neither Jacobian-free nor implicit throughout. */
    @Test
    void theThresholdDecides() {
        for (String adjoint : new String[] {"switch:1:1", "switch:1:-1"}) {
            Path path = folder.resolve(adjoint.replace(':', '_'));
            TrainingRun.create(Runs.paths(), Runs.settings("epochs", "1", "adjoint", adjoint), path, 0)
                    .train(TrainingListener.NONE);
            double share = RunFolder.open(path).epochs().get(0).metrics().getOrDefault("implicitShare", Double.NaN);
            assertThat(share).isEqualTo(adjoint.endsWith(":1") && !adjoint.endsWith("-1") ? 1.0 : 0.0);
        }
    }
}
