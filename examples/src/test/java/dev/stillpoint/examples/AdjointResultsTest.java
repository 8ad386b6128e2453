package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The tables of docs/adjoints.md are those of the stored results, and what is claimed of them holds. */
class AdjointResultsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void memoryTableIsTheStoredOne() throws IOException {
        JsonNode result = stored("memory.json", "stillpoint bench memory ");
        String page = Files.readString(DOCS.resolve("adjoints.md"));
        for (int i = 0; i < result.path("depths").size(); i++) {
            StringBuilder row =
                    new StringBuilder("| " + result.path("depths").get(i).asText() + " |");
            for (JsonNode line : result.path("adjoints")) {
                row.append(format(" %.1f |", line.path("medianBytes").get(i).asDouble() / 1e6));
            }
            assertThat(page).contains(row);
        }
        StringBuilder slopes = new StringBuilder("| bytes a step |");
        StringBuilder shares = new StringBuilder("| of unrolled |");
        for (JsonNode line : result.path("adjoints")) {
            slopes.append(format(" %,.0f |", line.path("bytesPerStep").asDouble()));
            shares.append(format(" %.3f %% |", 100 * line.path("ofUnrolled").asDouble()));
            if (!line.path("adjoint").asText().equals("unrolled")) {
                assertThat(line.path("ofUnrolled").asDouble())
                        .isLessThanOrEqualTo(result.path("limit").asDouble())
                        .isLessThanOrEqualTo(0.01);
            }
        }
        assertThat(page).contains(slopes).contains(shares);
        assertThat(Files.readString(Path.of("..", "README.md")))
                .contains(format(
                        "memory grows by %s bytes a step, that of `jfb` by %s",
                        perStep(result, "unrolled"), perStep(result, "jfb")));
    }

    @Test
    void comparisonTableIsTheStoredOne() throws IOException {
        JsonNode result = stored("adjoints.json", "stillpoint compare paths --adjoints");
        String page = Files.readString(DOCS.resolve("adjoints.md"));
        assertThat(result.path("seeds")).hasSize(3);
        assertThat(result.path("adjoints").size()).isGreaterThanOrEqualTo(4);
        for (JsonNode row : result.path("adjoints")) {
            assertThat(page)
                    .contains(format(
                            "| `%s` | %.2f ± %.2f %% | %.3f | %.1f %% | %.1f | %.2f | %.2f | %.4f | %.4f | %.1f |",
                            row.path("adjoint").asText(),
                            100 * row.path("test").path("normalizedRegret").asDouble(),
                            100 * row.path("deviation").path("normalizedRegret").asDouble(),
                            row.path("test").path("regretOverFloor").asDouble(),
                            100 * row.path("test").path("accuracy").asDouble(),
                            row.path("seconds").asDouble(),
                            row.path("secondsRatio").asDouble(),
                            row.path("cpuRatio").asDouble(),
                            row.path("cosine").path("initial").asDouble(),
                            row.path("cosine").path("trained").asDouble(),
                            row.path("memoryBytes").asDouble() / 1e6));
        }
    }

    private static String perStep(JsonNode result, String adjoint) {
        for (JsonNode line : result.path("adjoints")) {
            if (line.path("adjoint").asText().equals(adjoint)) {
                return format("%,.0f", line.path("bytesPerStep").asDouble());
            }
        }
        throw new AssertionError("no " + adjoint);
    }

    private static JsonNode stored(String name, String command) throws IOException {
        JsonNode result = JSON.readTree(DOCS.resolve("results").resolve(name).toFile());
        assertThat(result.path("command").asText()).startsWith(command);
        assertThat(result.path("provenance").path("commit").asText()).matches("[0-9a-f]{40}");
        return result;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
