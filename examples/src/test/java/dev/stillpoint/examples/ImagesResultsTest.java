package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The tables of docs/images.md are those of the stored results, and what is claimed of them holds. */
class ImagesResultsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void publishedWeightsScoreWhatTheyAreKnownFor() throws IOException {
        JsonNode result = stored("images-published.json", "stillpoint images import ");
        double accuracy = result.path("result").path("test").path("accuracy").asDouble();
        assertThat(accuracy).isGreaterThanOrEqualTo(0.992);
        assertThat(page())
                .contains(format(
                        "%.2f %% in evaluation mode and %.2f %% in training mode",
                        100 * accuracy,
                        100
                                * result.path("result")
                                        .path("test")
                                        .path("accuracyTrainMode")
                                        .asDouble()));
    }

    @Test
    void memoryTableIsTheStoredOne() throws IOException {
        JsonNode result = stored("memory-cifar10.json", "stillpoint bench memory --network cifar10 ");
        for (int i = 0; i < result.path("depths").size(); i++) {
            StringBuilder row =
                    new StringBuilder("| " + result.path("depths").get(i).asText() + " |");
            for (JsonNode line : result.path("adjoints")) {
                row.append(format(" %.1f |", line.path("medianBytes").get(i).asDouble() / 1e6));
            }
            assertThat(page()).contains(row);
        }
        StringBuilder shares = new StringBuilder("| of unrolled |");
        for (JsonNode line : result.path("adjoints")) {
            shares.append(format(" %.3f %% |", 100 * line.path("ofUnrolled").asDouble()));
            if (!line.path("adjoint").asText().equals("unrolled")) {
                assertThat(line.path("ofUnrolled").asDouble())
                        .isLessThanOrEqualTo(result.path("limit").asDouble());
            }
        }
        assertThat(page()).contains(shares);
    }

    @Test
    void strangersTableIsTheStoredOne() throws IOException {
        JsonNode result = stored("strangers.json", "stillpoint images strangers ");
        for (JsonNode kind : result.path("kinds")) {
            JsonNode flagged = kind.path("flagged");
            String accuracy = kind.path("accuracy").isNumber()
                    ? format("%.1f", 100 * kind.path("accuracy").asDouble())
                    : "";
            assertThat(page())
                    .contains(format(
                            "| %s | %d | %s | %.1f | %.1f | %.1f | %.1f |",
                            kind.path("kind").asText(),
                            kind.path("images").asInt(),
                            accuracy,
                            100 * kind.path("confidence").asDouble(),
                            100 * flagged.path("unfamiliarity").asDouble(),
                            100 * flagged.path("doubt").asDouble(),
                            100 * flagged.path("residual").asDouble()));
        }
        assertThat(result.path("kinds").get(0).path("kind").asText()).isEqualTo("test digits");
        assertThat(result.path("kinds")
                        .get(0)
                        .path("flagged")
                        .path("unfamiliarity")
                        .asDouble())
                .isLessThanOrEqualTo(0.05);
    }

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("images.md"));
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
