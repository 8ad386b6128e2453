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

    /** A result of one line an epoch. */
    static List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(DOCS.resolve("results").resolve(name))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
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
