package dev.stillpoint.zoo.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.certificate.Label;
import dev.stillpoint.data.Augmentation;
import dev.stillpoint.solver.Compaction;
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
import java.util.ArrayList;
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
    private static final int TRAINING = 40;

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
                "5",
                "lr",
                "0.005",
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
        TrainingRun run = create(folder.resolve("run"), Map.of("adjoint", adjoint, "epochs", "4"));
        TrainingRun.Outcome outcome = run.train(TrainingListener.NONE);
        Map<String, Double> test = outcome.evaluation().metrics();
        // Guessing gets a tenth.
        assertThat(test.get("accuracy")).isGreaterThan(0.5);
        assertThat(test).containsKeys("accuracyTrainMode", "lastAccuracy", "bestOnTestAccuracy", "bestOnTestEpoch");
        assertThat(test.get("bestOnTestAccuracy")).isGreaterThanOrEqualTo(test.get("accuracy"));
        for (Epoch epoch : run.folder().epochs()) {
            assertThat(epoch.masked()).as("rows lost in epoch " + epoch.epoch()).isZero();
        }
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
        for (String check : Certified.CHECKS) {
            long passed = decisions.stream()
                    .flatMap(d -> d.certificates().stream())
                    .filter(c -> c.name().equals(check) && c.label() == Label.PASS)
                    .count();
            assertThat(stored.labelCounts().getOrDefault(check, Map.of()).getOrDefault(Label.PASS, -1))
                    .as(check)
                    .isEqualTo((int) passed);
        }
        List<Decision> fromFile = new ArrayList<>();
        model.read(data.resolve("mnist/t10k-images-idx3-ubyte.gz")).answer(fromFile::add);
        assertThat(fromFile.stream().map(Decision::decision).toList())
                .isEqualTo(decisions.stream().map(Decision::decision).toList());
        assertThat(fromFile.get(7).details()).isEqualTo(Map.of("image", "7"));
        // Noise is nothing like the bars, whatever the scores say of it.
        float[][] noise = new float[20][784];
        for (float[] row : noise) {
            for (int p = 0; p < row.length; p++) {
                row[p] = Digits.random(p).nextInt(256);
            }
        }
        assertThat(model.infer(noise))
                .allSatisfy(d -> assertThat(d.certificates().get(2).label()).isNotEqualTo(Label.PASS));
        float[][] broken = {rows[0].clone()};
        broken[0][5] = Float.NaN;
        assertThat(model.infer(broken).get(0).decision()).isEmpty();
        assertThat(RunFolder.open(folder.resolve("run")).epochs()).hasSize(4);
    }

    @Test
    void profileAndFreezingCountWhatTheSolverDoes() {
        TrainingRun run = create(folder.resolve("run"), Map.of("epochs", "1"));
        run.train(TrainingListener.NONE);
        StepProfile profile = StepProfile.of(run.trained(), 2);
        assertThat(profile.imagesPerSecond()).isPositive();
        assertThat(profile.seconds().keySet()).containsExactlyInAnyOrder(StepProfile.Part.values());
        assertThat(profile.steps()).isBetween(2L, 40L);
        // Forwards and back through all three parts, and R once more an application.
        double least = 2.0 * 2 * 5 * 3 * (486_144 + 225_792 + 1_492_992.0);
        assertThat(profile.flops()).isEqualTo(least + 2.0 * 5 * 1_492_992 * profile.steps());
        StepProfile.Freezing on = StepProfile.evaluation(run.trained(), Compaction.HALVING);
        StepProfile.Freezing off = StepProfile.evaluation(run.trained(), Compaction.OFF);
        assertThat(off.evaluations() % 60).isZero();
        assertThat(on.evaluations()).isLessThanOrEqualTo(off.evaluations()).isPositive();
    }

    @Test
    void augmentedImagesAreOthersInEveryEpochAndTheSameAgain() {
        ImageSet bars = Digits.bars(4, 1);
        int[] rows = {0, 3};
        try (TensorScope scope = TensorScope.open()) {
            double[] plain = Tensors.doubles(bars.batch(rows));
            Augmentation paper = Augmentation.CIFAR10;
            assertThat(Tensors.doubles(bars.batch(rows, Augmentation.NONE, 1, 0)))
                    .isEqualTo(plain);
            double[] first = Tensors.doubles(bars.batch(rows, paper, 1, 0));
            assertThat(first).isNotEqualTo(plain).isEqualTo(Tensors.doubles(bars.batch(rows, paper, 1, 0)));
            assertThat(Tensors.doubles(bars.batch(rows, paper, 1, 1))).isNotEqualTo(first);
        }
    }

    @Test
    void errorsNameTheSetting() {
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("contraction", "tight")))
                .hasMessageStartingWith("--contraction: need auto|none|rescale");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("schedule", "steps:0:2")))
                .hasMessageStartingWith("--schedule: ");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("freezing", "maybe")))
                .hasMessage("--freezing: need on|off, got 'maybe'");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("acceleration", "much")))
                .hasMessage("--acceleration: need none|anderson, got 'much'");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("augmentation", "some")))
                .hasMessage("--augmentation: need none|shift|mirror|paper, got 'some'");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("latent-norm", "some")))
                .hasMessage("--latent-norm: need auto|batch|none, got 'some'");
        assertThatThrownBy(() -> create(folder.resolve("run"), Map.of("data", folder.toString())))
                .hasMessageContaining("train-images-idx3-ubyte.gz");
    }
}
