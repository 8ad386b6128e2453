package dev.stillpoint.examples;

import static dev.stillpoint.examples.Stored.format;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the pages say of serving decisions, and of real travel times, is what was measured. */
class ProblemResultsTest {
    /** Milliseconds within which 99 of 100 calls must come back. */
    private static final double SOON = 20;

    @Test
    void latencyIsTheStoredOne() throws IOException {
        JsonNode result = Stored.result("latency.json", "stillpoint bench latency ");
        assertThat(result.path("grid").asInt()).isEqualTo(30);
        assertThat(result.path("threads").asInt()).isEqualTo(8);
        assertThat(result.path("calls").asInt()).isGreaterThanOrEqualTo(100_000);
        assertThat(result.path("unsolved").asInt()).isZero();
        assertThat(result.path("growthObjects").asLong()).isNotPositive();
        assertThat(result.path("p99").asDouble()).isLessThan(SOON);
        assertThat(Stored.page("own-problem.md"))
                .contains(format(
                        "| %d | %.2f | %.2f | %.2f | %.1f | %,.0f | %.2f | %+,d |",
                        result.path("processors").asInt(),
                        result.path("p50").asDouble(),
                        result.path("p90").asDouble(),
                        result.path("p99").asDouble(),
                        result.path("worst").asDouble(),
                        result.path("callsPerSecond").asDouble(),
                        result.path("processorMilliseconds").asDouble(),
                        result.path("growthBytes").asLong() / 1024));
    }

    @Test
    void losAngelesIsTheStoredOne() throws IOException {
        JsonNode result = Stored.result("los-angeles.json", "stillpoint bench los-angeles ");
        String page = Stored.page("los-angeles.md");
        assertThat(result.path("seeds").size()).isGreaterThanOrEqualTo(3);
        assertThat(result.path("pairs").size()).isGreaterThanOrEqualTo(5);
        for (JsonNode pair : result.path("pairs")) {
            JsonNode regret = pair.path("regret");
            assertThat(page)
                    .contains(format(
                            "| %s to %s | %d | %.0f %% | %.0f | %s | %s | %.2f | %.2f | %.2f |",
                            pair.path("from").asText(),
                            pair.path("to").asText(),
                            pair.path("paths").asInt(),
                            100 * pair.path("commonest").asDouble(),
                            pair.path("seconds").asDouble(),
                            spread(regret.path("jfb")),
                            spread(regret.path("implicit")),
                            100 * regret.path("ridge").asDouble(),
                            100 * regret.path("last week").asDouble(),
                            100 * regret.path("mean path").asDouble()));
        }
        StringBuilder mean = new StringBuilder("| mean | | | |");
        for (String method : List.of("jfb", "implicit", "ridge", "last week", "mean path")) {
            mean.append(format(" %.2f |", 100 * result.path("mean").path(method).asDouble()));
        }
        assertThat(page).contains(mean);
    }

    /** "4.86 (4.70 to 5.01)": mean, lowest and highest of the seeds, in per cent. */
    private static String spread(JsonNode regrets) {
        List<Double> values = new ArrayList<>();
        regrets.forEach(regret -> values.add(100 * regret.asDouble()));
        return format(
                "%.2f (%.2f to %.2f)",
                values.stream().mapToDouble(v -> v).average().orElse(Double.NaN),
                values.stream().mapToDouble(v -> v).min().orElse(Double.NaN),
                values.stream().mapToDouble(v -> v).max().orElse(Double.NaN));
    }
}
