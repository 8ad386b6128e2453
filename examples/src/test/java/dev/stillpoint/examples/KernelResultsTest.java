package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of docs/kernels.md and docs/scaling.md are those of the stored results, and what is claimed of them holds. */
class KernelResultsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The least that the published algorithm's time must be over Stillpoint's. */
    private static final Map<Integer, Double> LEAST = Map.of(5, 8.0, 10, 8.0, 20, 15.0, 30, 25.0, 50, 40.0, 100, 80.0);
    /** The most that a factor may take. */
    private static final Map<Integer, Double> MOST_FACTOR_SECONDS = Map.of(100, 1.0, 300, 10.0);

    @Test
    void ratiosAreTheStoredOnes() throws IOException {
        String page = Files.readString(DOCS.resolve("kernels.md"));
        List<JsonNode> lines = grids();
        assertThat(lines.stream().map(line -> line.path("grid").asInt()))
                .containsExactlyInAnyOrderElementsOf(LEAST.keySet());
        for (JsonNode line : lines) {
            JsonNode ratios = line.path("ratios");
            JsonNode same = ratios.path("same");
            JsonNode figures = line.path("figures");
            int k = line.path("grid").asInt();
            assertThat(same.path("median").asDouble())
                    .as(k + " x " + k)
                    .isGreaterThanOrEqualTo(LEAST.getOrDefault(k, 1e9));
            assertThat(page)
                    .contains(format(
                            "| %d x %d | %,d | %s (%s to %s)%s | %s | %s | %s | %s | %s |",
                            k,
                            k,
                            line.path("variables").asInt(),
                            three(same.path("median")),
                            three(same.path("min")),
                            three(same.path("max")),
                            same.path("extrapolated").asBoolean() ? "*" : "",
                            median(ratios.path("publishedStop")),
                            median(ratios.path("warm")),
                            median(ratios.path("tuned")),
                            three(figures.path("epochSeconds")),
                            three(figures.path("publishedEpochSeconds"))));
        }
    }

    @Test
    void readmeHasTheSmallestAndTheLargestRatio() throws IOException {
        List<JsonNode> lines = grids();
        lines.sort(Comparator.comparing(line -> same(line).asDouble()));
        JsonNode least = lines.get(0);
        JsonNode most = lines.get(lines.size() - 1);
        assertThat(Files.readString(DOCS.resolveSibling("README.md")))
                .contains(format(
                        "%3$s (%1$d x %1$d) to %4$s (%2$d x %2$d)",
                        least.path("grid").asInt(), most.path("grid").asInt(), three(same(least)), three(same(most))));
    }

    private static JsonNode same(JsonNode line) {
        return line.path("ratios").path("same").path("median");
    }

    @Test
    void kernelsAreTheStoredOnes() throws IOException {
        String page = Files.readString(DOCS.resolve("kernels.md"));
        for (JsonNode line : grids()) {
            JsonNode kernel = line.path("kernel");
            JsonNode figures = line.path("figures");
            int k = line.path("grid").asInt();
            double micros = kernel.path("microsecondsPerSampleAndStep").asDouble();
            double inTiles = micros
                    / kernel.path("speedUp").path("median").asDouble()
                    / figures.path("microsecondsPerSampleAndStep").asDouble();
            assertThat(page)
                    .contains(format(
                            "| %d x %d | %s | %s | %.1f %% | %.0f %% | %.0f %% |",
                            k,
                            k,
                            three(figures.path("meanSteps")),
                            three(kernel.path("microsecondsPerSampleAndStep")),
                            100 * kernel.path("shareOfPeak").asDouble(),
                            100 * kernel.path("efficiency").asDouble(),
                            100 * inTiles));
            if (k >= 10) {
                assertThat(kernel.path("shareOfPeak").asDouble()).isGreaterThanOrEqualTo(0.1);
                assertThat(kernel.path("efficiency").asDouble()).isGreaterThanOrEqualTo(0.8);
            }
        }
    }

    @Test
    void profileIsTheStoredOne() throws IOException {
        String page = Files.readString(DOCS.resolve("kernels.md"));
        for (String text : Files.readAllLines(DOCS.resolve("results").resolve("profile.jsonl"))) {
            JsonNode shares = JSON.readTree(text).path("shares");
            StringBuilder row = new StringBuilder(
                    format("| %1$d x %1$d |", shares.path("grid").asInt()));
            for (String part :
                    new String[] {"solve", "residual", "sweep", "lanes", "projection", "libtorch", "factor", "other"}) {
                row.append(format(" %.0f %% |", 100 * shares.path(part).asDouble()));
            }
            assertThat(page).contains(row);
        }
    }

    @Test
    void scalingIsTheStoredOne() throws IOException {
        JsonNode result = stored("scaling.json", "stillpoint bench scaling ");
        String page = Files.readString(DOCS.resolve("scaling.md"));
        List<Integer> claimed = new ArrayList<>();
        String[] names = {
            "nonZeros",
            "microsecondsPerSampleAndStep",
            "epochSeconds",
            "factorMegabytes",
            "tileMegabytes",
            "peakMegabytes"
        };
        for (JsonNode line : result.path("grids")) {
            int k = line.path("grid").asInt();
            double factor = line.path("figures").path("factorSeconds").asDouble();
            String row = format(
                    "| %1$d x %1$d | %2$,d | %3$s |", k, line.path("variables").asInt(), three(1_000 * factor));
            assertThat(page).contains(row + cells(line.path("figures"), names));
            if (MOST_FACTOR_SECONDS.containsKey(k)) {
                assertThat(factor).as(k + " x " + k).isLessThan(MOST_FACTOR_SECONDS.get(k));
                claimed.add(k);
            }
        }
        assertThat(claimed).containsExactlyInAnyOrderElementsOf(MOST_FACTOR_SECONDS.keySet());
        for (String exponents : new String[] {"exponents", "exponentsOfLargest"}) {
            String row = exponents.equals("exponents") ? "| grows as n^ | | " : "| of the largest 3 | | ";
            JsonNode figures = result.path(exponents);
            assertThat(page).contains(row + three(figures.path("factorSeconds")) + " |" + cells(figures, names));
        }
    }

    /** The grids of all runs: the large ones take runs of their own. */
    private static List<JsonNode> grids() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String name : new String[] {"bench-paths.json", "bench-paths-large.json", "bench-paths-100.json"}) {
            JsonNode result = stored(name, "stillpoint bench paths ");
            assertThat(result.path("repetitions").asInt()).isEqualTo(5);
            result.path("grids").forEach(lines::add);
        }
        return lines;
    }

    private static String cells(JsonNode numbers, String... names) {
        StringBuilder cells = new StringBuilder();
        for (String name : names) {
            cells.append(" ").append(three(numbers.path(name))).append(" |");
        }
        return cells.toString();
    }

    private static String median(JsonNode ratio) {
        return three(ratio.path("median")) + (ratio.path("extrapolated").asBoolean() ? "*" : "");
    }

    /** Three digits, all before the point. */
    private static String three(JsonNode number) {
        assertThat(number.isNumber()).as("a number").isTrue();
        return three(number.asDouble());
    }

    private static String three(double value) {
        if (Math.abs(value) >= 100) {
            return format("%,.0f", value);
        }
        return format(Math.abs(value) >= 10 ? "%.1f" : Math.abs(value) >= 1 ? "%.2f" : "%.3f", value);
    }

    private static JsonNode stored(String name, String command) throws IOException {
        JsonNode result = JSON.readTree(DOCS.resolve("results").resolve(name).toFile());
        assertThat(result.path("command").asText() + " ").startsWith(command);
        assertThat(result.path("provenance").path("commit").asText()).matches("[0-9a-f]{40}");
        return result;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
