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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/choosing.md and README say of operators, solvers and adjoints is what was measured. */
class ChoicesResultsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern MEASURED = Pattern.compile("([A-Za-z:()0-9]+) ([0-9,.]+) ms");
    private static final Pattern COSINE = Pattern.compile("([A-Za-z:0-9]+) cosine (-?[0-9.]+[0-9])");

    @Test
    void tablesAreTheStoredOnes() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/choosing.md"));
        JsonNode result = stored();
        assertThat(result.path("lines").size()).isGreaterThan(30);
        for (JsonNode line : result.path("lines")) {
            assertThat(page).contains(row(line));
        }
    }

    /** Each "Method 12.3 ms" of README's table is a stored line's, to the digit. */
    @Test
    void readmeSaysWhatWasMeasured() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String table = readme.substring(readme.indexOf("## Which parts?"), readme.indexOf("## What it reaches"));
        List<String> known = new ArrayList<>();
        List<String> cosines = new ArrayList<>();
        for (JsonNode line : stored().path("lines")) {
            String method = line.path("method").asText().replaceFirst("[ ,].*", "");
            known.add(method + " " + milliseconds(line));
            cosines.add(method
                    + String.format(Locale.ROOT, " %.2f", line.path("cosine").asDouble()));
        }
        Matcher quoted = MEASURED.matcher(table.replace("`", ""));
        int count = 0;
        while (quoted.find()) {
            assertThat(known).contains(quoted.group(1) + " " + quoted.group(2));
            count++;
        }
        assertThat(count).as("measured figures").isGreaterThanOrEqualTo(10);
        Matcher cosine = COSINE.matcher(table.replace("`", ""));
        while (cosine.find()) {
            assertThat(cosines).contains(cosine.group(1) + " " + cosine.group(2));
            count++;
        }
        assertThat(count).as("with cosines").isGreaterThanOrEqualTo(12);
    }

    private static JsonNode stored() throws IOException {
        JsonNode result = new ObjectMapper()
                .readTree(ROOT.resolve("docs/results/choices.json").toFile());
        assertThat(result.path("command").asText()).startsWith("stillpoint bench choices");
        assertThat(result.path("provenance").path("commit").asText()).matches("[0-9a-f]{40}");
        return result;
    }

    private static String row(JsonNode line) {
        String cells = String.format(
                Locale.ROOT,
                "| %s | %,.0f | %s | %.0e |",
                line.path("method").asText(),
                line.path("steps").asDouble(),
                milliseconds(line),
                line.path("error").asDouble());
        return line.path("kind").asText().equals("adjoint")
                ? cells
                        + String.format(
                                Locale.ROOT, " %.4f |", line.path("cosine").asDouble())
                : cells;
    }

    private static String milliseconds(JsonNode line) {
        return String.format(Locale.ROOT, "%,.1f", line.path("milliseconds").asDouble());
    }
}
