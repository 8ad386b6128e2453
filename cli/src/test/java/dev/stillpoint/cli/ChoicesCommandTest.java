package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.cli.measure.Choices;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everything that {@code bench choices} measures is right before it is fast. */
@Tag("slow")
class ChoicesCommandTest {
    /** Solves end at a residual of 1e-8 a number; the slowest contracts by some 0.999. */
    private static final double SOLVED = 1e-4;
    /** Adjoint equations end at 1e-6. */
    private static final double EXACT = 1e-4;

    @Test
    void everyMethodComesToTheSameSolution() {
        Ran ran = Ran.of("bench", "choices", "--repetitions", 1, "--json");
        assertThat(ran.code()).isEqualTo(Main.DONE);
        JsonNode result = ran.json();
        assertThat(result.path("lines")).hasSize(Choices.METHODS);
        Map<String, Double> cosine = new HashMap<>();
        for (JsonNode line : result.path("lines")) {
            String method = line.path("method").asText();
            assertThat(line.path("milliseconds").asDouble()).isPositive();
            boolean exact = method.startsWith("implicit") || method.equals("switch");
            if (!line.path("kind").asText().equals("adjoint") || exact) {
                assertThat(line.path("error").asDouble()).as(line.toString()).isLessThan(exact ? EXACT : SOLVED);
            }
            cosine.put(
                    line.path("problem").asText() + method, line.path("cosine").asDouble());
        }
        assertThat(cosine.get("a rotation by 0.9 with a badly scaled input (kappa 25)jfb"))
                .isNegative();
        assertThat(cosine.get("a rotation by 0.9 with a badly scaled input (kappa 25)switch"))
                .isGreaterThan(1 - EXACT);
    }
}
