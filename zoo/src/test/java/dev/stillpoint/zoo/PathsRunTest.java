package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.data.Split;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.paths.Grid;
import dev.stillpoint.zoo.paths.PathData;
import dev.stillpoint.zoo.paths.Regret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The paths application from settings to stored results, on a 5 x 5 grid. */
class PathsRunTest {
    /** Ratios and sums of a few doubles. */
    private static final double ROUNDING = 1e-12;

    /** The constraint tolerance that the application promises. */
    private static final double FEASIBLE = 1e-4;

    /** SHA-256 of the published rows at 5 x 5, as runs recorded it before the number of rows could be set. */
    private static final String PUBLISHED = "6255f5cf8279b97a05725cc3cb3c8473e396b3e6cf19392b0e3de5485fe6fe97";

    private static final int EPOCHS = 4;
    private static final String FOUR_EPOCHS = "4";

    @TempDir
    static Path folder;

    private static Path whole;
    private static TrainingRun.Outcome outcome;

    @BeforeAll
    static void train() {
        whole = folder.resolve("whole");
        outcome = TrainingRun.create(Runs.paths(), Runs.settings("epochs", FOUR_EPOCHS), whole, 0)
                .train(TrainingListener.NONE);
    }

    private static double metric(Map<String, Double> metrics, String name) {
        assertThat(metrics).containsKey(name);
        return metrics.getOrDefault(name, Double.NaN);
    }

    @Test
    void theOutcomeIsConsistent() {
        Map<String, Double> metrics = outcome.evaluation().metrics();
        assertThat(metrics.keySet())
                .containsExactly(
                        "normalizedRegret",
                        "noiseFloor",
                        "regretOverFloor",
                        "twoStageRegret",
                        "decodedRegret",
                        "relaxedRegret",
                        "accuracy",
                        "maxViolation",
                        "converged");
        assertThat(metrics.values()).allSatisfy(v -> assertThat(v).isFinite());
        double regret = metric(metrics, "normalizedRegret");
        double floor = metric(metrics, "noiseFloor");
        assertThat(metric(metrics, "regretOverFloor")).isEqualTo(regret / floor, within(ROUNDING));
        assertThat(metric(metrics, "maxViolation")).isBetween(0.0, FEASIBLE);
        assertThat(metric(metrics, "converged")).isEqualTo(1);
        assertThat(metric(metrics, "accuracy")).isBetween(0.0, 1.0);
        assertThat(metric(metrics, "twoStageRegret")).isBetween(floor, 2 * floor);
        // The relaxed flows are blends of paths: they cost at least what the best path costs.
        assertThat(metric(metrics, "relaxedRegret")).isPositive();
        assertThat(outcome.epochs()).isEqualTo(EPOCHS);
        assertThat(outcome.bestEpoch()).isBetween(1, EPOCHS);
        assertThat(outcome.seconds()).isPositive();
        assertThat(outcome.evaluation().steps()).hasSize(200);
        assertThat(outcome.evaluation().residual()).hasSize(200);
        assertThat(outcome.evaluation().illustrations()).isNotEmpty();
    }

    /** Against data generated again, and decisions of the stored model. */
    @Test
    void metricsAreThoseOfTheStoredModelOnTheTestRows() {
        Map<String, Double> metrics = outcome.evaluation().metrics();
        PathData test = Runs.test();
        Grid grid = test.grid();
        List<Decision> decisions = Model.load(whole).infer(test.contexts());
        float[][] chosen = new float[200][];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = decisions.get(i).chosen();
            assertThat(grid.isPath(chosen[i])).isTrue();
        }
        Regret regret = Regret.ofPaths(chosen, test);
        assertThat(metric(metrics, "normalizedRegret")).isEqualTo(regret.normalised());
        assertThat(metric(metrics, "accuracy")).isEqualTo(regret.accuracy());
        float[][] noiseFree = Runs.generator().noiseFreeCosts(Runs.split().test());
        assertThat(metric(metrics, "noiseFloor"))
                .isEqualTo(Regret.ofCosts(noiseFree, test).normalised());
        // Better than the best path on average, whatever the context: the model has learnt something of it.
        assertThat(regret.normalised()).isLessThan(regretWithoutContext(test));
    }

    private static double regretWithoutContext(PathData test) {
        float[][] training =
                Split.select(Runs.generator().generate().costs(), Runs.split().train());
        float[] mean = new float[test.grid().arcs()];
        for (float[] row : training) {
            for (int e = 0; e < mean.length; e++) {
                mean[e] += row[e] / training.length;
            }
        }
        float[][] same = new float[test.size()][];
        Arrays.fill(same, mean);
        return Regret.ofCosts(same, test).normalised();
    }

    @Test
    void everyInferenceIsLabelledByEveryCheck() {
        Map<String, Map<Label, Integer>> counts = outcome.labelCounts();
        assertThat(counts.keySet()).containsExactly("constraints", "residual", "context");
        assertThat(counts.values())
                .allSatisfy(c ->
                        assertThat(c.values().stream().mapToInt(n -> n).sum()).isEqualTo(200));
        assertThat(counts.get("constraints")).containsEntry(Label.PASS, 200);
        // Test contexts come from the distribution of the calibration contexts: most pass, some do not.
        assertThat(counts.getOrDefault("context", Map.of()).getOrDefault(Label.PASS, 0))
                .isBetween(170, 199);
    }

    @Test
    void theFolderHoldsWhatWasDone() throws IOException {
        RunFolder run = RunFolder.open(whole);
        ObjectNode json = run.readRun();
        assertThat(json.path("application").asText()).isEqualTo("paths");
        assertThat(json.path("settings").path("grid").asText()).isEqualTo("5");
        assertThat(json.path("settings").path("adjoint").asText()).isEqualTo("jfb");
        Settings settings = Settings.of(Runs.paths().settings(), Map.of());
        assertThat(json.path("settings").size())
                .isEqualTo(Runs.paths().settings().size()
                        - Runs.paths().unused(settings).size());
        assertThat(json.path("provenance").path("threads").asInt()).isEqualTo(1);
        assertThat(json.path("data").path("contexts and costs").asText()).matches("[0-9a-f]{64}");
        // Through text, as a reader has it: 200 and 200L are different nodes of the same number.
        assertThat(json.path("result").toString()).isEqualTo(outcome.toJson().toString());
        List<Epoch> epochs = run.epochs();
        assertThat(epochs).extracting(Epoch::epoch).containsExactly(1, 2, 3, 4);
        assertThat(epochs).extracting(Epoch::masked).containsOnly(0);
        assertThat(epochs.get(3).loss()).isLessThan(epochs.get(0).loss());
        assertThat(epochs.get(0).metrics())
                .containsOnlyKeys("steps", "converged", "validationLoss", "validationConverged", "validationRegret");
        try (var files = Files.list(whole)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "run.json",
                            "metrics.jsonl",
                            "checkpoint.safetensors",
                            "model.safetensors",
                            "certificates.json");
        }
    }

    @Test
    void samplesAreTheRowsToTrain() {
        Experiment published = Runs.paths().prepare(Runs.settings());
        assertThat(published.task().trainingRows()).isEqualTo(1_000);
        assertThat(published.data()).containsEntry("contexts and costs", PUBLISHED);
        Experiment few = Runs.paths().prepare(Runs.settings("samples", "7"));
        assertThat(few.task().trainingRows()).isEqualTo(7);
        assertThat(few.data().values()).doesNotContain(PUBLISHED);
        assertThat(few.evaluate(few.certify()).steps()).hasSize(200);
        assertThatThrownBy(() -> Runs.settings("samples", "0"))
                .hasMessage("--samples: need a whole number from 1 to 1000000, got 0");
    }

    /** The seed decides the initial weights, and nothing else does. */
    @Test
    void initialWeightsFollowTheSeed() {
        assertThat(initialWeights("seed", "0")).isEqualTo(initialWeights("split", "3", "epochs", "9"));
        assertThat(initialWeights("seed", "1")).isNotEqualTo(initialWeights("seed", "0"));
    }

    private static List<Float> initialWeights(String... settings) {
        List<Float> weights = new ArrayList<>();
        Runs.paths()
                .prepare(Runs.settings(settings))
                .task()
                .model()
                .state()
                .values()
                .forEach(t -> {
                    for (float v : Tensors.floats(t)) {
                        weights.add(v);
                    }
                });
        return weights;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jfb", "neumann:5", "unrolled:20", "implicit", "implicit:fixed", "implicit:gmres", "implicit:cg"
            })
    void everyAdjointTrains(String adjoint) {
        Path path = folder.resolve(adjoint.replace(':', '-'));
        TrainingRun.Outcome trained = TrainingRun.create(
                        Runs.paths(), Runs.settings("epochs", "2", "adjoint", adjoint), path, 0)
                .train(TrainingListener.NONE);
        List<Epoch> epochs = RunFolder.open(path).epochs();
        assertThat(epochs).hasSize(2).extracting(Epoch::masked).containsOnly(0);
        assertThat(epochs.get(1).loss()).isLessThan(0.95 * epochs.get(0).loss());
        // The same seed and data: the losses differ because the gradients do.
        double withJfb = RunFolder.open(whole).epochs().get(1).loss();
        assertThat(epochs.get(1).loss() == withJfb).isEqualTo(adjoint.equals("jfb"));
        assertThat(metric(trained.evaluation().metrics(), "maxViolation")).isLessThan(FEASIBLE);
        assertThat(RunFolder.open(path)
                        .readRun()
                        .path("settings")
                        .path("adjoint")
                        .asText())
                .isEqualTo(adjoint);
    }

    @Test
    void aRunIsNotBegunInAFolderWithFiles() {
        assertThatThrownBy(() -> TrainingRun.create(Runs.paths(), Runs.settings(), whole, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("need an empty folder for a new run");
    }
}
