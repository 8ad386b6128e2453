package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The table of docs/signals.md is that of the stored result, and what is claimed of it holds. */
class SignalResultsTest {
    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void fourSignalsAreTheStoredOnes() throws IOException {
        JsonNode result = new ObjectMapper()
                .readTree(DOCS.resolve("results").resolve("signals.json").toFile());
        String page = Files.readString(DOCS.resolve("signals.md"));
        assertThat(result.path("command").asText()).startsWith("stillpoint compare signals --runs ");
        assertThat(result.path("provenance").path("commit").asText()).matches("[0-9a-f]{40}");
        assertThat(result.path("signals")).hasSize(4);
        for (JsonNode signal : result.path("signals")) {
            StringBuilder row = new StringBuilder("| " + signal.path("signal").asText() + " |");
            for (String check : new String[] {"sparsity", "fidelity"}) {
                JsonNode values = signal.path(check);
                row.append(format(
                        " %.3g | %.1f %% | %.1f %% |",
                        values.path("median").asDouble(),
                        100 * values.path("passing").asDouble(),
                        100 * values.path("failing").asDouble()));
            }
            assertThat(page).contains(row);
        }
        JsonNode leastSquares = result.path("signals").get(2);
        JsonNode model = result.path("signals").get(3);
        // The checks warn of one recovered signal in twenty and fail one in a hundred by their construction.
        assertThat(leastSquares.path("sparsity").path("failing").asDouble()).isGreaterThanOrEqualTo(0.99);
        assertThat(model.path("sparsity").path("failing").asDouble()).isLessThanOrEqualTo(0.02);
        assertThat(model.path("fidelity").path("largest").asDouble()).isLessThan(0.01);
        assertThat(model.path("sparsity").path("shown").path("label").asText()).isEqualTo("PASS");
        assertThat(leastSquares.path("sparsity").path("shown").path("label").asText())
                .isEqualTo("FAIL");
        JsonNode trained = result.path("run").path("result");
        assertThat(page)
                .contains(format(
                        "relative error %.4f",
                        trained.path("test").path("relativeError").asDouble()));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
