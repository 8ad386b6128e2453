package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small run, from training to decisions. */
class TrainEvaluateInferTest {
    private static final int GRID = 5;
    private static final int EPOCHS = 8;
    private static final int FEATURES = 5;
    private static final int ROWS = 1_000;

    /** The objective is a sum of float32 costs of some units; a row alone and in a batch differ in their last digits. */
    private static final double SAME_OBJECTIVE = 1e-4;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    private static Path run = Path.of("");
    private static Ran trained = new Ran(-1, "", "");

    @TempDir
    Path folder;

    private Path input = Path.of("");
    private Path output = Path.of("");

    @BeforeAll
    static void train() {
        run = shared.resolve("run");
        trained = Ran.done("train", "paths", "--grid", GRID, "--epochs", EPOCHS, "--run", run, "--json");
    }

    @BeforeEach
    void name() {
        input = folder.resolve("contexts.csv");
        output = folder.resolve("decisions.csv");
    }

    @Test
    void trainingPrintsItsResults() {
        JsonNode result = trained.json();
        JsonNode test = result.path("test");
        // What the noise alone costs is a property of the data.
        double floor = test.path("noiseFloor").asDouble();
        assertThat(floor).isCloseTo(0.0664, within(1e-4));
        // An untrained model has 0.63, one of one epoch 0.21, this one 0.091.
        assertThat(test.path("normalizedRegret").asDouble()).isBetween(floor, 0.13);
        assertThat(test.path("accuracy").asDouble()).isBetween(0.2, 1.0);
        assertThat(test.path("maxViolation").isNumber()).isTrue();
        assertThat(test.path("maxViolation").asDouble()).isBetween(0.0, 1e-4);
        assertThat(result.path("seconds").asDouble()).isPositive();
        assertThat(result.path("epochs").asInt()).isEqualTo(EPOCHS);
        assertThat(result.path("bestEpoch").asInt()).isBetween(1, EPOCHS);
        assertThat(result.path("run").asText()).isEqualTo(run.toString());
        assertThat(trained.errors())
                .contains("training in " + run)
                .anyMatch(line -> line.startsWith("epoch 8/8 "))
                .endsWith("certifying and evaluating");
    }

    @Test
    void theRunFolderHoldsEverything() throws IOException {
        try (var files = Files.list(run)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "run.json",
                            "metrics.jsonl",
                            "checkpoint.safetensors",
                            "model.safetensors",
                            "certificates.json",
                            "report.html");
        }
        JsonNode stored = JSON.readTree(Files.readString(run.resolve("run.json")));
        JsonNode result = trained.json();
        assertThat(stored.path("application").asText()).isEqualTo("paths");
        Application paths = Application.named("paths");
        List<Setting<?>> unused = paths.unused(Settings.of(paths.settings(), Map.of()));
        List<String> names = paths.settings().stream()
                .filter(setting -> !unused.contains(setting))
                .<String>map(Setting::name)
                .toList();
        assertThat(stored.path("settings").fieldNames()).toIterable().containsExactlyElementsOf(names);
        assertThat(stored.path("settings").path("grid").asText()).isEqualTo("5");
        assertThat(stored.path("provenance").fieldNames())
                .toIterable()
                .contains("version", "commit", "java", "libtorch", "kernels", "system", "threads", "device", "started");
        assertThat(stored.path("data")).isNotEmpty().allMatch(sha -> sha.asText()
                .matches("[0-9a-f]{64}"));
        assertThat(stored.path("result").path("test")).isEqualTo(result.path("test"));
        assertThat(result.path("settings")).isEqualTo(stored.path("settings"));
        assertThat(result.path("provenance")).isEqualTo(stored.path("provenance"));

        List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        assertThat(lines).hasSize(EPOCHS);
        for (int i = 0; i < EPOCHS; i++) {
            JsonNode epoch = JSON.readTree(lines.get(i));
            assertThat(epoch.path("epoch").asInt()).isEqualTo(i + 1);
            assertThat(epoch.path("loss").asDouble()).isPositive();
            assertThat(epoch.path("metrics").path("validationLoss").asDouble()).isPositive();
        }
        assertThat(run.resolve("report.html")).content().contains("<html", "</html>", "normalizedRegret");
    }

    @Test
    void evaluationGivesTheSameNumbers() {
        JsonNode again = Ran.done("evaluate", run, "--json").json();
        JsonNode first = trained.json();
        assertThat(again.path("test")).isNotEmpty().isEqualTo(first.path("test"));
        assertThat(again.path("certificates")).isNotEmpty().isEqualTo(first.path("certificates"));
        assertThat(again.path("epochs")).isEqualTo(first.path("epochs"));
        assertThat(Ran.done("evaluate", run).out())
                .contains("test", "normalizedRegret", "noiseFloor", "accuracy", "certificates", "constraints");
    }

    @Test
    void theSameSeedGivesTheSameModelAndAnotherDoesNot() {
        Path again = folder.resolve("again");
        Path other = folder.resolve("other");
        Ran.done("train", "paths", "--grid", GRID, "--epochs", EPOCHS, "--run", again);
        Ran.done("train", "paths", "--grid", GRID, "--epochs", EPOCHS, "--seed", 1, "--run", other);
        assertThat(again.resolve("model.safetensors")).hasSameBinaryContentAs(run.resolve("model.safetensors"));
        assertThat(bytes(other.resolve("model.safetensors"))).isNotEqualTo(bytes(run.resolve("model.safetensors")));
    }

    /** With hardly any learning the results are those of the initial weights. */
    @Test
    void theSeedDrawsTheInitialWeights() {
        List<JsonNode> results = new ArrayList<>();
        for (int seed : new int[] {0, 0, 1}) {
            Path place = folder.resolve("run" + results.size());
            results.add(Ran.done(
                            "train",
                            "paths",
                            "--grid",
                            3,
                            "--epochs",
                            1,
                            "--lr",
                            1e-9,
                            "--seed",
                            seed,
                            "--run",
                            place,
                            "--json")
                    .json()
                    .path("test")
                    .path("normalizedRegret"));
        }
        assertThat(results.get(1)).isEqualTo(results.get(0));
        assertThat(results.get(2)).isNotEqualTo(results.get(0));
    }

    @Test
    void resumingBeforeTheFirstCheckpointOrAfterTheLastGivesTheSameModel() throws IOException {
        Path begun = Files.createDirectory(folder.resolve("begun"));
        Files.copy(run.resolve("run.json"), begun.resolve("run.json"));
        // An epoch's line is written before its checkpoint: this one was stopped between the two.
        Files.write(
                begun.resolve("metrics.jsonl"),
                Files.readAllLines(run.resolve("metrics.jsonl")).subList(0, 1));
        Ran.done("train", "--resume", begun);
        assertThat(begun.resolve("model.safetensors")).hasSameBinaryContentAs(run.resolve("model.safetensors"));
        assertThat(Files.readAllLines(begun.resolve("metrics.jsonl"))).hasSize(EPOCHS);
        Ran finished = Ran.done("train", "--resume", begun, "--json");
        assertThat(finished.json().path("test")).isEqualTo(trained.json().path("test"));
        assertThat(finished.err()).doesNotContain("epoch 8/8");
        assertThat(begun.resolve("model.safetensors")).hasSameBinaryContentAs(run.resolve("model.safetensors"));
        assertThat(Files.readAllLines(begun.resolve("metrics.jsonl"))).hasSize(EPOCHS);
    }

    @Test
    void everyRowIsDecidedAsOnItsOwn() throws IOException {
        float[][] contexts = contexts();
        write(contexts);
        Ran ran = Ran.done("infer", run, "--input", input, "--output", output, "--json");
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(ROWS + 1);
        assertThat(lines.get(0))
                .isEqualTo("decision,objective,status,steps,residual,violation,"
                        + "certificate_constraints,certificate_residual,certificate_context");
        Model model = Model.load(run);
        assertThat(model.inputs()).containsExactly("x0", "x1", "x2", "x3", "x4");
        int[] passed = new int[3];
        Set<String> decisions = new HashSet<>();
        for (int i = 0; i < ROWS; i++) {
            List<String> row = List.of(lines.get(i + 1).split(",", -1));
            assertThat(row).hasSize(9);
            checkPath(row.get(0));
            decisions.add(row.get(0));
            assertThat(row.get(2)).isEqualTo("CONVERGED");
            assertThat(Integer.parseInt(row.get(3))).isPositive();
            assertThat(Double.parseDouble(row.get(4))).isBetween(0.0, 1.0);
            assertThat(Double.parseDouble(row.get(5))).isBetween(0.0, 1e-4);
            Decision alone = model.infer(contexts[i]);
            assertThat(row.get(0)).as("data row %s", i + 1).isEqualTo(alone.decision());
            assertThat(Double.parseDouble(row.get(1))).isCloseTo(alone.objective(), within(SAME_OBJECTIVE));
            for (int c = 0; c < 3; c++) {
                assertThat(row.get(6 + c)).isIn("PASS", "WARNING", "FAIL");
                passed[c] += row.get(6 + c).equals("PASS") ? 1 : 0;
            }
        }
        // A model that decides alike everywhere would pass all of the above.
        assertThat(decisions).hasSizeGreaterThan(10);
        JsonNode summary = ran.json();
        assertThat(ran.err()).isEmpty();
        assertThat(summary.path("rows").asInt()).isEqualTo(ROWS);
        assertThat(summary.path("output").asText()).isEqualTo(output.toString());
        assertThat(summary.path("untrusted").asInt()).isEqualTo(0);
        assertThat(summary.path("status").path("CONVERGED").asInt()).isEqualTo(ROWS);
        assertThat(summary.path("certificates").path("constraints").path("PASS").asInt())
                .isEqualTo(passed[0])
                .isEqualTo(ROWS);
        assertThat(summary.path("certificates").path("residual").path("PASS").asInt())
                .isEqualTo(passed[1]);
        assertThat(summary.path("certificates").path("context").path("PASS").asInt())
                .isEqualTo(passed[2]);
    }

    @Test
    void trustIsRequiredWhereAskedFor() throws IOException {
        float[][] contexts = contexts();
        write(contexts);
        Ran.done("infer", run, "--input", input, "--output", output, "--require-trust", "hard");
        contexts[41] = new float[] {100, -100, 100, -100, 100};
        write(contexts);
        Path expected = folder.resolve("expected.csv");
        Ran.done("infer", run, "--input", input, "--output", expected);
        Ran ran = Ran.of("infer", run, "--input", input, "--output", output, "--require-trust", "all", "--json");
        assertThat(ran.code()).isEqualTo(Main.UNTRUSTED);
        assertThat(output).hasSameTextualContentAs(expected);
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(ROWS + 1);
        assertThat(lines.get(42)).endsWith(",FAIL");
        int failed = 0;
        int first = 0;
        for (int i = ROWS; i > 0; i--) {
            if (lines.get(i).contains("FAIL")) {
                failed++;
                first = i;
            }
        }
        assertThat(ran.json().path("untrusted").asInt()).isEqualTo(failed);
        assertThat(ran.errors())
                .singleElement()
                .asString()
                .startsWith("stillpoint: " + failed + " of 1000 decisions are not to be trusted (--require-trust all)")
                .contains("data row " + first + ":", output.toString());
    }

    @Test
    void oneFarContextAloneIsRefused() throws IOException {
        Files.writeString(input, "x0,x1,x2,x3,x4\n100,100,100,100,100\n");
        Ran.done("infer", run, "--input", input, "--output", output, "--require-trust", "NONE");
        assertThat(Files.readAllLines(output)).hasSize(2);
        Ran ran = Ran.of("infer", run, "--input", input, "--output", output, "--require-trust", "all");
        assertThat(ran.code()).isEqualTo(Main.UNTRUSTED);
        assertThat(ran.err()).contains("1 of 1 decisions", "data row 1:");
    }

    @Test
    void aContextThatOverflowsHarmsNoOther() throws IOException {
        Files.writeString(input, "x0,x1,x2,x3,x4\n0,0,0,0,0\n3e38,3e38,3e38,3e38,3e38\n1,0,0,0,0\n");
        Ran ran = Ran.of("infer", run, "--input", input, "--output", output, "--require-trust", "hard", "--json");
        assertThat(ran.code()).isEqualTo(Main.UNTRUSTED);
        assertThat(ran.json().path("untrusted").asInt()).isEqualTo(1);
        assertThat(ran.err()).contains("1 of 3 decisions", "data row 2:");
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).startsWith(",NaN,NON_FINITE,");
        for (int i : new int[] {1, 3}) {
            checkPath(lines.get(i).substring(0, lines.get(i).indexOf(',')));
            assertThat(lines.get(i)).contains(",CONVERGED,");
        }
    }

    private static float[][] contexts() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        float[][] contexts = new float[ROWS][FEATURES];
        for (float[] row : contexts) {
            for (int j = 0; j < FEATURES; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return contexts;
    }

    /** Columns in another order than the model's, and one more. */
    private void write(float[][] contexts) throws IOException {
        int[] order = {3, 0, 4, 2, 1};
        List<String> lines = new ArrayList<>();
        lines.add("x3,x0,other,x4,x2,x1");
        for (float[] row : contexts) {
            StringBuilder line = new StringBuilder();
            for (int j = 0; j < FEATURES; j++) {
                line.append(j == 0 ? "" : ",").append(row[order[j]]).append(j == 1 ? ",-9e9" : "");
            }
            lines.add(line.toString());
        }
        Files.write(input, lines);
    }

    /** Nodes 0 to 24 by moves to the right (+1, within a row) and down (+5). */
    private static void checkPath(String decision) {
        String[] nodes = decision.split("-", -1);
        assertThat(nodes).as(decision).hasSize(2 * GRID - 1).startsWith("0").endsWith("24");
        for (int i = 1; i < nodes.length; i++) {
            int from = Integer.parseInt(nodes[i - 1]);
            int to = Integer.parseInt(nodes[i]);
            boolean right = to == from + 1 && to / GRID == from / GRID;
            assertThat(right || to == from + GRID).as(decision).isTrue();
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
