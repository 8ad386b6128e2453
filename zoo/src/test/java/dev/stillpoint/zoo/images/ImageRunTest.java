package dev.stillpoint.zoo.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import dev.stillpoint.zoo.RunFolder;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs on a hundred or so easy images. */
class ImageRunTest {
    private static final int TRAINING = 160;

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    @BeforeAll
    static void write() throws IOException {
        Digits.write(data, 2 * TRAINING, 60);
    }

    private static TrainingRun create(Path folder, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "data",
                data.toString(),
                "rows",
                "" + TRAINING,
                "epochs",
                "3",
                "batch",
                "20",
                "lr",
                "0.003",
                "gamma",
                "0.5",
                "max-steps",
                "20"));
        all.putAll(settings);
        Application mnist = Application.named("mnist");
        return TrainingRun.create(mnist, Settings.of(mnist.settings(), all), folder, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jfb", "neumann:2", "implicit:gmres", "implicit:cg", "unrolled:3", "explicit"})
    void everyAdjointLearnsTheBars(String adjoint) {
        // Without a latent norm, at this learning rate, rescaling afterwards may come too late for a batch.
        String contraction = adjoint.startsWith("implicit") ? "spectral:0.9" : "rescale";
        TrainingRun run =
                create(folder.resolve("run"), Map.of("adjoint", adjoint, "epochs", "4", "contraction", contraction));
        TrainingRun.Outcome outcome = run.train(TrainingListener.NONE);
        Map<String, Double> test = outcome.evaluation().metrics();
        // Guessing gets a tenth.
        assertThat(test.get("accuracy")).isGreaterThan(0.5);
        assertThat(test).containsKeys("accuracyTrainMode", "lastAccuracy", "bestOnTestAccuracy", "bestOnTestEpoch");
        assertThat(test.get("bestOnTestAccuracy")).isGreaterThanOrEqualTo(test.get("accuracy"));
        Epoch first = run.folder().epochs().get(0);
        assertThat(first.metrics()).containsKeys("validationError", "testAccuracy", "steps");
        if (!adjoint.equals("explicit") && !adjoint.startsWith("unrolled")) {
            assertThat(first.metrics().get("jfbCosine")).isBetween(0.0, 1.0);
            assertThat(first.metrics().get("contraction")).isBetween(0.0, 1.0);
        }
    }

    @Test
    void aKilledRunGoesOnToTheSameBits() {
        TrainingRun whole = create(folder.resolve("whole"), Map.of("contraction", "spectral:1"));
        whole.train(TrainingListener.NONE);
        TrainingRun part = create(folder.resolve("part"), Map.of("contraction", "spectral:1"));
        assertThatThrownBy(() -> part.train(new TrainingListener() {
                    @Override
                    public void onEpoch(Epoch epoch) {
                        if (epoch.epoch() == 2) {
                            throw new IllegalStateException("killed");
                        }
                    }
                }))
                .hasMessage("killed");
        TrainingRun again = TrainingRun.open(folder.resolve("part"), 1);
        again.train(TrainingListener.NONE);
        try (TensorScope scope = TensorScope.open()) {
            Map<String, byte[]> expected = new LinkedHashMap<>();
            whole.experiment().stored().state().forEach((name, t) -> expected.put(name, Tensors.bytes(t)));
            again.experiment().stored().state().forEach((name, t) -> assertThat(Tensors.bytes(t))
                    .as(name)
                    .isEqualTo(expected.get(name)));
        }
        assertThat(again.folder().epochs().get(2).metrics().get("testAccuracy"))
                .isEqualTo(whole.folder().epochs().get(2).metrics().get("testAccuracy"));
    }

    @Test
    void aStoredRunClassifiesRowsOfPixels() {
        create(folder.resolve("run"), Map.of("epochs", "4")).train(TrainingListener.NONE);
        TrainingRun.Outcome stored = TrainingRun.open(folder.resolve("run"), 1).evaluate();
        Model model = Model.load(folder.resolve("run"));
        assertThat(model.inputs()).hasSize(784).startsWith("p0");
        ImageSet test = Digits.bars(60, 2);
        float[][] rows = new float[60][784];
        for (int i = 0; i < 60; i++) {
            for (int p = 0; p < 784; p++) {
                rows[i][p] = test.images().images().at(i, 0, p / 28, p % 28);
            }
        }
        List<Decision> decisions = model.infer(rows);
        int correct = 0;
        for (int i = 0; i < 60; i++) {
            correct += decisions.get(i).decision().equals("" + test.images().label(i)) ? 1 : 0;
        }
        assertThat(correct / 60.0).isEqualTo(stored.evaluation().metrics().get("accuracy"));
        float[][] broken = {rows[0].clone()};
        broken[0][5] = Float.NaN;
        assertThat(model.infer(broken).get(0).decision()).isEmpty();
        assertThat(RunFolder.open(folder.resolve("run")).epochs()).hasSize(4);
    }

    @Test
    void errorsNameTheSetting() {
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("contraction", "tight")))
                .hasMessageStartingWith("--contraction: need none|rescale");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("schedule", "steps:0:2")))
                .hasMessageStartingWith("--schedule: ");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("latent-norm", "some")))
                .hasMessage("--latent-norm: need auto|batch|none, got 'some'");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("data", folder.toString())))
                .hasMessageContaining("train-images-idx3-ubyte.gz");
    }
}
