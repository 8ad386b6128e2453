package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.cli.measure.LatencyBench;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code bench latency} says of a grid as large as the documentation's, with fewer calls. */
class LatencyCommandTest {
    @Test
    @Tag("slow")
    void servesFromEightThreadsInFlatMemory() {
        Ran ran = Ran.done("bench", "latency", "--epochs", 1, "--calls", 5000, "--warm-up", 2000, "--json");
        JsonNode result = ran.json();
        assertThat(result.path("threads").asInt()).isEqualTo(8);
        assertThat(result.path("unsolved").asInt()).isZero();
        assertThat(result.path("p50").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(result.path("p90").asDouble());
        assertThat(result.path("p99").asDouble())
                .isBetween(result.path("p90").asDouble(), result.path("worst").asDouble());
        assertThat(result.path("growthBytes").asLong()).isLessThanOrEqualTo(LatencyBench.FLAT);
        assertThat(result.path("growthObjects").asLong()).isNotPositive();
    }

    @Test
    void wrongOptionsAreRefused() {
        Ran.of("bench", "latency", "--grid", 1).refused(Main.USAGE, "--grid", "need a whole number >= 2, got 1");
        Ran.of("bench", "latency", "--threads", 0).refused(Main.USAGE, "--threads", "got 0");
    }
}
