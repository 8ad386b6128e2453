package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that were trained elsewhere, here those of a run of this very test, become a run. */
class AdoptedRunTest {
    private static final Application PATHS = Runs.paths();
    private static final Settings SETTINGS = Runs.settings("samples", "64", "epochs", "2", "batch", "32");

    @TempDir
    Path folder;

    private TrainingRun.Outcome trained;
    private Path weights;

    @BeforeEach
    void train() {
        TrainingRun run = TrainingRun.create(PATHS, SETTINGS, folder.resolve("trained"), 1);
        trained = run.train(TrainingListener.NONE);
        weights = run.folder().model();
    }

    @Test
    void isEvaluatedAsIfItHadBeenTrainedHere() {
        TrainingRun run = TrainingRun.adopt(PATHS, SETTINGS, weights, folder.resolve("adopted"), 1);
        assertThat(run.folder().readRun().path("weights").path("file").asText()).isEqualTo("model.safetensors");
        assertThat(run.folder().readRun().path("weights").path("sha256").asText())
                .hasSize(64);
        TrainingRun.Outcome again =
                TrainingRun.open(folder.resolve("adopted"), 1).evaluate();
        assertThat(again.evaluation().metrics()).isEqualTo(trained.evaluation().metrics());
        assertThat(again.epochs()).isZero();
    }

    @Test
    void tensorsThatDoNotFitAreNamedAndNothingIsWritten() {
        String first = names().iterator().next();
        refused(tensors -> tensors.remove(first), "need tensor '" + first + "' of shape [");
        refused(
                tensors -> tensors.put(first, Tensors.of(new float[] {1}, 1)),
                "need tensor '" + first + "' of shape [");
        refused(tensors -> tensors.put("head.bias", Tensors.of(new float[] {1}, 1)), "need no tensor beside [" + first);
    }

    private Iterable<String> names() {
        try (TensorScope scope = TensorScope.open()) {
            return SafeTensors.read(weights).tensors().keySet().stream().toList();
        }
    }

    private void refused(Consumer<Map<String, Tensor>> change, String problem) {
        Path file = folder.resolve("changed.safetensors");
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors =
                    new LinkedHashMap<>(SafeTensors.read(weights).tensors());
            change.accept(tensors);
            new SafeTensors(tensors, Map.of()).write(file);
        }
        Path run = folder.resolve("refused");
        assertThatThrownBy(() -> TrainingRun.adopt(PATHS, SETTINGS, file, run, 1))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": " + problem);
        assertThat(Files.exists(run)).isFalse();
    }
}
