package dev.stillpoint.examples;

import static dev.stillpoint.examples.Stored.format;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of docs/adjoints.md are those of the stored results, and what is claimed of them holds. */
class AdjointResultsTest {
    /** Of a gradient in float32. */
    private static final double EXACT = 1e-4;

    @Test
    void memoryTableIsTheStoredOne() throws IOException {
        JsonNode result = Stored.result("memory.json", "stillpoint bench memory ");
        String page = Stored.page("adjoints.md");
        Stored.memoryTable(result, page);
        StringBuilder slopes = new StringBuilder("| bytes a step |");
        for (JsonNode line : result.path("adjoints")) {
            slopes.append(format(" %,.0f |", line.path("bytesPerStep").asDouble()));
            if (!line.path("adjoint").asText().equals("unrolled")) {
                assertThat(line.path("ofUnrolled").asDouble()).isLessThanOrEqualTo(0.01);
            }
        }
        assertThat(page).contains(slopes);
        assertThat(Files.readString(Path.of("..", "README.md")))
                .contains(format(
                        "memory grows by %s bytes a step, that of `jfb` by %s",
                        perStep(result, "unrolled"), perStep(result, "jfb")));
    }

    @Test
    void comparisonTableIsTheStoredOne() throws IOException {
        JsonNode result = Stored.result("adjoints.json", "stillpoint compare paths --adjoints");
        String page = Stored.page("adjoints.md");
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

    /** A row a grid and size of costs: JFB's time and cosine, then each exact adjoint's time, its ratio to JFB's, and error. */
    @Test
    void timesAreTheStoredOnes() throws IOException {
        JsonNode result = Stored.result("adjoint-times.json", "stillpoint bench adjoints ");
        String page = Stored.page("adjoints.md");
        Map<String, StringBuilder> rows = new LinkedHashMap<>();
        double jfb = Double.NaN;
        for (JsonNode line : result.path("lines")) {
            double milliseconds = line.path("milliseconds").asDouble();
            StringBuilder row = rows.computeIfAbsent(
                    format(
                            "%d %s",
                            line.path("grid").asInt(), line.path("costs").asText()),
                    key -> new StringBuilder(format(
                            "| %d x %d | %,d | %s | %.0f %% |",
                            line.path("grid").asInt(),
                            line.path("grid").asInt(),
                            line.path("variables").asInt(),
                            line.path("costs").asText(),
                            100 * line.path("free").asDouble())));
            if (line.path("adjoint").asText().equals("jfb")) {
                jfb = milliseconds;
                row.append(format(
                        " %s | %.2f |", Stored.number(jfb), line.path("cosine").asDouble()));
            } else {
                double error = line.path("error").asDouble();
                row.append(format(
                        " %s (%s) | %.0e |", Stored.number(milliseconds), Stored.number(milliseconds / jfb), error));
                if (line.path("adjoint").asText().equals("implicit:active")) {
                    assertThat(error).isLessThan(EXACT);
                }
            }
        }
        assertThat(rows).hasSizeGreaterThanOrEqualTo(8);
        assertThat(page).contains(rows.values());
    }

    private static String perStep(JsonNode result, String adjoint) {
        for (JsonNode line : result.path("adjoints")) {
            if (line.path("adjoint").asText().equals(adjoint)) {
                return format("%,.0f", line.path("bytesPerStep").asDouble());
            }
        }
        throw new AssertionError("no " + adjoint);
    }
}
