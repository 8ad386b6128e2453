package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tiny comparison, from the command to its files; each of its trainings is a process. */
class CompareTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GRID = 5;
    private static final int EPOCHS = 4;

    /** The forward solve of training stops at 2e-4 a number: the gradient of its implicit adjoint is right to that order. */
    private static final double EXACT = 1e-3;

    /** JFB's own error is some thousandths at first; a vector at random would be at 0 ± 0.02. */
    private static final double ALIGNED = 0.9;

    /** A comparison of one seed: means are that run's own numbers but for the rounding of text. */
    private static final double SAME = 1e-12;

    @TempDir
    static Path shared;

    private static Path output = Path.of("");
    private static Ran compared = new Ran(-1, "", "");
    private static JsonNode result = JSON.createObjectNode();

    @TempDir
    Path folder;

    @BeforeAll
    static void compare() {
        output = shared.resolve("new").resolve("output");
        compared = Ran.done(
                "compare",
                "paths",
                "--adjoints",
                "jfb,implicit",
                "--grid",
                GRID,
                "--epochs",
                EPOCHS,
                "--seeds",
                7,
                "--threads",
                1,
                "--output",
                output,
                "--json");
        result = compared.json();
    }

    @Test
    void everyFileIsThereAndNothingElse() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("comparison.json", "comparison.png", "comparison.html", "history.jsonl");
        }
        try (Stream<Path> files = Files.list(shared.resolve("new"))) {
            assertThat(files).containsExactly(output);
        }
    }

    @Test
    void standardOutputIsTheStoredResult() throws IOException {
        JsonNode stored = JSON.readTree(output.resolve("comparison.json").toFile());
        assertThat(result.path("output").asText()).isEqualTo(output.toString());
        for (String name :
                List.of("command", "settings", "seeds", "adjoints", "common", "provenance", "data", "runs")) {
            assertThat(stored.has(name)).as(name).isTrue();
            assertThat(stored.path(name)).as(name).isEqualTo(result.path(name));
        }
    }

    @Test
    void itSaysWhereItCameFrom() {
        assertThat(result.path("command").asText())
                .startsWith("stillpoint compare paths --adjoints jfb,implicit --grid 5 ")
                .endsWith(" --json");
        assertThat(result.path("settings").path("grid").asText()).isEqualTo("5");
        assertThat(result.path("settings").path("lr").asText()).isEqualTo("0.016");
        assertThat(result.path("settings").has("seed")).isFalse();
        assertThat(result.path("seeds").toString()).isEqualTo("[7]");
        assertThat(result.path("provenance").path("threads").asInt()).isEqualTo(1);
        assertThat(result.path("provenance").path("commit").asText()).isNotEmpty();
        assertThat(result.path("provenance").path("libtorch").asText()).matches("[0-9]+[.].*");
        assertThat(result.path("data").path("contexts and costs").asText()).matches("[0-9a-f]{64}");
    }

    @Test
    void eachRunIsWhatTrainReaches() {
        for (String adjoint : List.of("jfb", "implicit")) {
            JsonNode trained = Ran.done(
                            "train",
                            "paths",
                            "--adjoint",
                            adjoint,
                            "--grid",
                            GRID,
                            "--epochs",
                            EPOCHS,
                            "--seed",
                            7,
                            "--threads",
                            1,
                            "--run",
                            folder.resolve(adjoint),
                            "--json")
                    .json();
            JsonNode run = find(result.path("runs"), adjoint);
            assertThat(run.path("test")).isNotEmpty().isEqualTo(trained.path("test"));
            assertThat(run.path("bestEpoch")).isEqualTo(trained.path("bestEpoch"));
            JsonNode row = find(result.path("adjoints"), adjoint);
            trained.path("test").properties().forEach(e -> assertThat(
                            row.path("test").path(e.getKey()).asDouble())
                    .as(e.getKey())
                    .isCloseTo(e.getValue().asDouble(), within(SAME)));
        }
    }

    @Test
    void measurementsAreWhatTheyShouldBe() {
        assertThat(result.path("reference").asText()).isEqualTo("jfb");
        JsonNode jfb = find(result.path("adjoints"), "jfb");
        JsonNode implicit = find(result.path("adjoints"), "implicit");
        assertThat(jfb.path("secondsRatio").asDouble()).isEqualTo(1);
        assertThat(implicit.path("secondsRatio").asDouble())
                .isCloseTo(
                        implicit.path("seconds").asDouble()
                                / jfb.path("seconds").asDouble(),
                        within(SAME));
        for (String when : List.of("initial", "trained")) {
            assertThat(implicit.path("cosine").path(when).asDouble()).isBetween(1 - EXACT, 1 + SAME);
            assertThat(jfb.path("cosine").path(when).asDouble()).isBetween(ALIGNED, 1.0);
        }
        // Each run is measured with its own adjoint: after these epochs JFB's gradient is visibly not the exact one.
        assertThat(jfb.path("cosine").path("trained").asDouble()).isLessThan(1 - 2 * EXACT);
        for (JsonNode row : result.path("adjoints")) {
            assertThat(row.path("seconds").asDouble()).isPositive();
            if (Files.exists(Path.of("/proc/self/status"))) {
                // Adam's moments, the best weights and one batch's tape are a megabyte or more; a leak would be
                // hundreds.
                assertThat(row.path("memoryBytes").asDouble()).isBetween(5e5, 2e8);
            } else {
                assertThat(row.path("memoryBytes").isNull()).isTrue();
            }
        }
        assertThat(result.path("common").path("noiseFloor").asDouble()).isCloseTo(0.0664, within(1e-4));
        assertThat(result.path("common").has("relaxedRegret")).isFalse();
    }

    @Test
    void historyHasALineARunAndAPointAnEpoch() throws IOException {
        List<String> lines = Files.readAllLines(output.resolve("history.jsonl"));
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            JsonNode run = JSON.readTree(line);
            assertThat(run.path("history")).hasSize(EPOCHS);
            assertThat(run.path("history").get(1).path("epoch").asInt()).isEqualTo(2);
            assertThat(run.path("history").get(1).path("validationRegret").asDouble())
                    .isPositive();
        }
    }

    @Test
    void thePictureIsDrawnAndThePageHoldsIt() throws IOException {
        BufferedImage picture = ImageIO.read(output.resolve("comparison.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(1_920);
        assertThat(picture.getHeight()).isBetween(900, 1_500);
        assertThat(inked(picture, 0, picture.getHeight() / 2)).isGreaterThan(5_000);
        assertThat(inked(picture, picture.getHeight() / 2, picture.getHeight())).isGreaterThan(5_000);
        String page = Files.readString(output.resolve("comparison.html"));
        assertThat(page)
                .contains("data:image/png;base64,", ">jfb</th>", ">implicit</th>", "noise floor")
                .doesNotContain("<script", "http://", "https://");
    }

    private static int inked(BufferedImage picture, int from, int to) {
        int count = 0;
        for (int y = from; y < to; y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += (picture.getRGB(x, y) & 0xffffff) == 0xffffff ? 0 : 1;
            }
        }
        return count;
    }

    @Test
    void progressIsALineARun() {
        assertThat(compared.errors()).hasSize(3);
        assertThat(compared.errors().get(1)).startsWith("jfb, seed 7: 4 epochs in ");
        assertThat(compared.errors().get(2)).startsWith("implicit, seed 7: 4 epochs in ");
    }

    @Test
    void aFailedTrainingNamesItselfAndLeavesNothing() {
        Path target = folder.resolve("a").resolve("b");
        Ran ran = Ran.of("compare", "paths", "--adjoints", "jfb", "--step", 5, "--grid", 3, "--output", target);
        assertThat(ran.code()).isEqualTo(Main.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errors()).hasSize(2);
        assertThat(ran.errors().get(1)).startsWith("stillpoint: jfb, seed 0: ").contains("step", "5.0");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anOutputThatHoldsSomethingIsLeftAlone() throws IOException {
        Path note = Files.writeString(folder.resolve("note.txt"), "mine");
        Ran.of("compare", "paths", "--adjoints", "jfb", "--output", folder)
                .refused(Main.FAILED, folder.toString(), "need a new or empty folder, got one with files");
        Ran.of("compare", "paths", "--adjoints", "jfb", "--output", note)
                .refused(Main.FAILED, note.toString(), "need a new or empty folder, got a file");
        Ran.of("compare", "paths", "--adjoints", "jfb", "--output", note.resolve("below"))
                .refused(Main.FAILED, note.toString());
        assertThat(note).hasContent("mine");
    }

    private static JsonNode find(JsonNode array, String adjoint) {
        for (JsonNode each : array) {
            if (each.path("adjoint").asText().equals(adjoint)) {
                return each;
            }
        }
        throw new AssertionError("need " + adjoint + ", got " + array);
    }
}
