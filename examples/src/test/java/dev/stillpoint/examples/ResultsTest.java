package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The numbers in the documentation are those of the stored results. */
class ResultsTest {
    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void pathsTableIsTheStoredOne() throws IOException {
        String page = Files.readString(DOCS.resolve("paths.md"));
        String readme = Files.readString(Path.of("..", "README.md"));
        List<JsonNode> runs = Stored.lines("paths.jsonl");
        for (String grid : new String[] {"5", "10"}) {
            List<JsonNode> all = runs.stream()
                    .filter(run -> run.path("settings").path("grid").asText().equals(grid))
                    .toList();
            assertThat(all).as("runs of grid " + grid).hasSize(25);
            String row = String.format(
                    Locale.ROOT,
                    "| %s x %s | %.3f | %.3f ± %.3f | %.3f | %.1f |",
                    grid,
                    grid,
                    mean(all, "0"),
                    seedMeans(all).stream().mapToDouble(v -> v).average().orElseThrow(),
                    deviation(seedMeans(all)),
                    twoStage(all),
                    all.stream()
                            .mapToDouble(run -> run.path("seconds").asDouble())
                            .sorted()
                            .skip(12)
                            .findFirst()
                            .orElseThrow());
            assertThat(page).contains(row);
            assertThat(readme).contains(row);
        }
    }

    @Test
    void largerGridsAreTheStoredOnes() throws IOException {
        String page = Files.readString(DOCS.resolve("paths.md"));
        List<JsonNode> runs = Stored.lines("paths.jsonl");
        for (String grid : new String[] {"15", "20", "25", "30", "50", "100"}) {
            List<JsonNode> all = runs.stream()
                    .filter(run -> run.path("settings").path("grid").asText().equals(grid))
                    .toList();
            assertThat(all).as("runs of grid " + grid).hasSize(3);
            assertThat(page)
                    .contains(String.format(
                            Locale.ROOT,
                            "| %s x %s | %.3f (%s) | %.3f |",
                            grid,
                            grid,
                            mean(all, "0"),
                            all.stream()
                                    .map(run -> String.format(
                                            Locale.ROOT,
                                            "%.3f",
                                            run.path("test")
                                                    .path("regretOverFloor")
                                                    .asDouble()))
                                    .collect(Collectors.joining(", ")),
                            twoStage(all)));
        }
    }

    private static double twoStage(List<JsonNode> runs) {
        return runs.stream()
                .filter(run -> seed(run).equals("0"))
                .mapToDouble(run -> run.path("test").path("twoStageRegret").asDouble()
                        / run.path("test").path("noiseFloor").asDouble())
                .average()
                .orElseThrow();
    }

    private static String seed(JsonNode run) {
        return run.path("settings").path("seed").asText();
    }

    /** The regret over the floor, averaged over the five splits of one seed. */
    private static double mean(List<JsonNode> runs, String seed) {
        return runs.stream()
                .filter(run -> seed(run).equals(seed))
                .mapToDouble(run -> run.path("test").path("regretOverFloor").asDouble())
                .average()
                .orElseThrow();
    }

    private static List<Double> seedMeans(List<JsonNode> runs) {
        return List.of("0", "1", "2", "3", "4").stream()
                .map(seed -> mean(runs, seed))
                .toList();
    }

    private static double deviation(List<Double> values) {
        double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
        double sum = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(sum / (values.size() - 1));
    }
}
