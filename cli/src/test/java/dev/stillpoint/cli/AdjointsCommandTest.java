package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.cli.measure.AdjointBench;
import org.junit.jupiter.api.Test;

/** What {@code bench adjoints} times is right: the exact ones are, and JFB is seen not to be. */
class AdjointsCommandTest {
    /** Float32 of a small grid. */
    private static final double EXACT = 1e-5;
    /** Adjoint equations in training end at 1e-4 of v. */
    private static final double ITERATED = 1e-2;

    @Test
    void exactAdjointsComeToTheReference() {
        Ran ran = Ran.done(
                "bench", "adjoints", "--grids", "4,7", "--repetitions", 1, "--samples", 5, "--threads", 2, "--json");
        JsonNode lines = ran.json().path("lines");
        assertThat(lines).hasSize(2 * 2 * AdjointBench.ADJOINTS.size());
        boolean fixed = false;
        for (JsonNode line : lines) {
            assertThat(line.path("milliseconds").asDouble()).isPositive();
            assertThat(line.path("variables").asInt())
                    .isEqualTo(line.path("grid").asInt() == 4 ? 24 : 84);
            double error = line.path("error").asDouble();
            switch (line.path("adjoint").asText()) {
                case "jfb" -> assertThat(error).isGreaterThan(0.1);
                case "implicit:active" -> assertThat(error).isLessThan(EXACT);
                default -> assertThat(error).isLessThan(ITERATED);
            }
            fixed |= line.path("free").asDouble() < 0.9;
        }
        assertThat(fixed).as("a batch with variables at their bounds").isTrue();
    }

    @Test
    void theTableHasARowALine() {
        Ran ran = Ran.done("bench", "adjoints", "--grids", 3, "--repetitions", 1, "--samples", 2);
        assertThat(ran.out()).contains("over").contains("implicit:gmres");
        assertThat(ran.out().lines().filter(line -> line.startsWith("3 x 3"))).hasSize(8);
    }

    @Test
    void wrongOptionsAreRefused() {
        Ran.of("bench", "adjoints", "--grids", 1).refused(Main.USAGE, "--grids", "need a whole number >= 2, got '1'");
        Ran.of("bench", "adjoints", "--samples", 0).refused(Main.USAGE, "--samples", "got 0");
    }
}
