package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a run cannot go on from are refused, by name and with the reason. */
class CheckpointTest {
    private static final TrainingOptions OPTIONS =
            new TrainingOptions(2, 5, 3, Adam.Options.of(0.05), ReduceOnPlateau.Options.constant(), "metric");

    @TempDir
    Path folder;

    private Path file(String name) {
        return folder.resolve(name + ".safetensors");
    }

    @BeforeEach
    void train() {
        new Training(new WarmTask(1), OPTIONS, TrainingListener.NONE).run(file("whole"));
    }

    @Test
    void theCheckpointOfAnotherModelIsRefused() {
        Training other = new Training(new FitTask(1), OPTIONS, TrainingListener.NONE);
        assertThatThrownBy(() -> other.resume(file("whole")))
                .isInstanceOf(DataException.class)
                .hasMessage(file("whole")
                        + ": need tensor 'weights.weight' of shape [1, 3], got none: the checkpoint of another model");
    }

    @Test
    void aMissingOrDamagedCheckpointIsRefused() throws IOException {
        Training training = new Training(new WarmTask(1), OPTIONS, TrainingListener.NONE);
        assertRefused(training, file("missing"), "got NoSuchFileException");
        byte[] all = Files.readAllBytes(file("whole"));
        all[all.length - 9] ^= 1;
        Files.write(file("damaged"), all);
        assertRefused(training, file("damaged"), "the file is damaged");
        Files.write(file("damaged"), Arrays.copyOf(all, all.length / 2));
        assertRefused(training, file("damaged"), "the file is damaged");
        Files.write(file("damaged"), new byte[0]);
        assertRefused(training, file("damaged"), "within the file's 0 bytes");
    }

    /** Sound files that are not a whole checkpoint: without numbers, or with one of them or a tensor left out. */
    @Test
    void anIncompleteCheckpointIsRefused() {
        try (TensorScope scope = TensorScope.open()) {
            SafeTensors whole = SafeTensors.read(file("whole"));
            Training training = new Training(new WarmTask(1), OPTIONS, TrainingListener.NONE);
            new SafeTensors(whole.tensors(), Map.of()).write(file("part"));
            assertRefused(training, file("part"), "need a checkpoint, got a safetensors file without its numbers");
            new SafeTensors(whole.tensors(), Map.of("stillpoint", "{")).write(file("part"));
            assertRefused(training, file("part"), "need a checkpoint's numbers as JSON");
            new SafeTensors(whole.tensors(), Map.of("stillpoint", "[]")).write(file("part"));
            assertRefused(training, file("part"), "need a checkpoint, got");
            String numbers = whole.metadata().getOrDefault("stillpoint", "");
            for (String number :
                    List.of("epoch", "seconds", "bestEpoch", "adam.steps", "adam.learningRate", "schedule.badEpochs")) {
                assertThat(numbers).contains('"' + number + '"');
                new SafeTensors(whole.tensors(), Map.of("stillpoint", numbers.replace('"' + number + '"', "\"other\"")))
                        .write(file("part"));
                assertRefused(
                        training, file("part"), "need the number '" + number.replace("schedule.", "") + "', got none");
            }
            for (String tensor : whole.tensors().keySet()) {
                Map<String, Tensor> rest = new LinkedHashMap<>(whole.tensors());
                rest.remove(tensor);
                new SafeTensors(rest, whole.metadata()).write(file("part"));
                assertRefused(training, file("part"), '\'' + tensor + '\'');
            }
        }
    }

    private static void assertRefused(Training training, Path file, String reason) {
        assertThatThrownBy(() -> training.resume(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }
}
