package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What docs/results keeps, and the pages that quote it. */
final class Stored {
    private static final Path DOCS = Path.of("..", "docs");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Stored() {}

    /** A result, with the command and the commit that made it. */
    static JsonNode result(String name, String command) throws IOException {
        JsonNode result = json(name);
        assertThat(result.path("command").asText()).startsWith(command);
        return result;
    }

    /** A result, with the commit that made it. */
    static JsonNode json(String name) throws IOException {
        JsonNode result = JSON.readTree(DOCS.resolve("results").resolve(name).toFile());
        assertThat(result.path("provenance").path("commit").asText()).matches("[0-9a-f]{40}");
        return result;
    }

    /** A result of one object a line. */
    static List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(DOCS.resolve("results").resolve(name))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** A page's table of memory against depth is the result's, and no adjoint but unrolling grows by more than the result's limit. */
    static void memoryTable(JsonNode result, String page) {
        for (int i = 0; i < result.path("depths").size(); i++) {
            StringBuilder row =
                    new StringBuilder("| " + result.path("depths").get(i).asText() + " |");
            for (JsonNode line : result.path("adjoints")) {
                row.append(format(" %.1f |", line.path("medianBytes").get(i).asDouble() / 1e6));
            }
            assertThat(page).contains(row);
        }
        StringBuilder shares = new StringBuilder("| of unrolled |");
        for (JsonNode line : result.path("adjoints")) {
            shares.append(format(" %.3f %% |", 100 * line.path("ofUnrolled").asDouble()));
            if (!line.path("adjoint").asText().equals("unrolled")) {
                assertThat(line.path("ofUnrolled").asDouble())
                        .isLessThanOrEqualTo(result.path("limit").asDouble());
            }
        }
        assertThat(page).contains(shares);
    }

    /** A page of the documentation. */
    static String page(String name) throws IOException {
        return Files.readString(DOCS.resolve(name));
    }

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** About three digits. */
    static String number(double value) {
        return format(value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }
}
