package dev.stillpoint.examples;

import static dev.stillpoint.examples.Stored.format;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of docs/images.md are those of the stored results, and what is claimed of them holds. */
class ImagesResultsTest {
    private static final List<String> PARTS =
            List.of("data", "encoder", "solve", "loop", "contraction", "taped", "backward", "update");

    @Test
    void publishedWeightsScoreWhatTheyAreKnownFor() throws IOException {
        JsonNode result = Stored.result("images-published.json", "stillpoint images import ");
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
        JsonNode result = Stored.result("memory-cifar10.json", "stillpoint bench memory --network cifar10 ");
        Stored.memoryTable(result, page());
    }

    @Test
    void strangersTableIsTheStoredOne() throws IOException {
        JsonNode result = Stored.result("strangers.json", "stillpoint images strangers ");
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

    @ParameterizedTest
    @ValueSource(strings = {"mnist", "cifar10"})
    void comparisonTablesAreTheStoredOnes(String name) throws IOException {
        for (JsonNode run : Stored.result("images-" + name + ".json", "stillpoint compare images ")
                .path("runs")) {
            JsonNode chosen = run.path("chosen");
            JsonNode best = run.path("best");
            assertThat(page())
                    .contains(format(
                            "| %s | %s | %d | %.0f | %.2f (%d) | %.2f | %.2f (%d) |",
                            run.path("name").asText(),
                            run.path("settings").path("seed").asText(),
                            run.path("points").size(),
                            run.path("secondsPerEpoch").asDouble(),
                            100 * chosen.path("testAccuracy").asDouble(),
                            chosen.path("epoch").asInt(),
                            100 * run.path("last").path("testAccuracy").asDouble(),
                            100 * best.path("testAccuracy").asDouble(),
                            best.path("epoch").asInt()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mnist", "cifar10"})
    void stepTablesAreTheStoredOnes(String name) throws IOException {
        for (JsonNode run : Stored.result("bench-" + name + ".json", "stillpoint bench images ")
                .path("runs")) {
            String head = format(
                    "| %s | `%s` |",
                    run.path("application").asText(),
                    run.path("settings").path("adjoint").asText());
            assertThat(page())
                    .contains(head
                            + format(
                                    " %.0f | %.1f | %.2f | %.1f | %.1f | %.0f %% |",
                                    run.path("imagesPerSecond").asDouble(),
                                    1e3 * run.path("secondsPerStep").asDouble(),
                                    run.path("timeOverFirst").asDouble(),
                                    run.path("applicationsPerStep").asDouble(),
                                    run.path("productsPerStep").asDouble(),
                                    100 * run.path("shareOfPeak").asDouble()));
            StringBuilder shares = new StringBuilder(head);
            for (String part : PARTS) {
                shares.append(
                        format(" %.1f |", 100 * run.path("share").path(part).asDouble()));
            }
            shares.append(format(" %.1f |", 100 * run.path("overhead").asDouble()));
            assertThat(page()).contains(shares);
            JsonNode on = run.path("freezing").path("on");
            JsonNode off = run.path("freezing").path("off");
            assertThat(page())
                    .contains(head
                            + format(
                                    " %,d | %,d | %.1f | %.1f |",
                                    on.path("evaluations").asLong(),
                                    off.path("evaluations").asLong(),
                                    on.path("seconds").asDouble(),
                                    off.path("seconds").asDouble()));
            // Freezing is the default because it pays, and what is not the network's own work stays small.
            assertThat(on.path("seconds").asDouble())
                    .isLessThan(off.path("seconds").asDouble());
            assertThat(run.path("overhead").asDouble()).isLessThan(0.1);
        }
    }

    @Test
    void whatTheTextClaimsHolds() throws IOException {
        JsonNode digits =
                Stored.result("images-mnist.json", "stillpoint compare images ").path("runs");
        for (int seed = 0; seed < 2; seed++) {
            assertThat(digits.path(seed).path("settings").path("adjoint").asText())
                    .isEqualTo("jfb");
            assertThat(digits.path(seed).path("chosen").path("testAccuracy").asDouble())
                    .isGreaterThanOrEqualTo(0.992);
        }
        JsonNode photographs = Stored.result("images-cifar10.json", "stillpoint compare images ")
                .path("runs");
        JsonNode mirrored = photographs.path(1);
        assertThat(mirrored.path("settings").path("augmentation").asText()).isEqualTo("mirror");
        assertThat(mirrored.path("points").path(9).path("testAccuracy").asDouble())
                .isGreaterThanOrEqualTo(0.75);
        assertThat(mirrored.path("chosen").path("testAccuracy").asDouble()).isGreaterThan(0.805);
        assertThat(photographs.path(2).path("chosen").path("testAccuracy").asDouble())
                .isGreaterThan(0.775);
        for (String name : List.of("mnist", "cifar10")) {
            JsonNode steps = Stored.result("bench-" + name + ".json", "stillpoint bench images ")
                    .path("runs");
            assertThat(page())
                    .contains(format("%.1f", steps.path(1).path("timeOverFirst").asDouble()))
                    .contains(format("%.1f", steps.path(2).path("timeOverFirst").asDouble()));
            assertThat(steps.path(2).path("settings").path("adjoint").asText()).isEqualTo("implicit:cg");
            assertThat(steps.path(2).path("timeOverFirst").asDouble()).isGreaterThan(3);
        }
    }

    private static String page() throws IOException {
        return Stored.page("images.md");
    }
}
