package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory of jfb and of implicit does not grow with the depth of the solve. */
@Tag("slow")
class MemoryCommandTest {
    /** A taped step keeps at least z and x of 32 rows of 180 floats each. */
    private static final double LEAST_TAPE = 2 * 32 * 180 * 4;

    @Test
    void depthCostsNothingButUnrolled() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
        Ran ran = Ran.of("bench", "memory", "--grid", 10, "--depths", "10,500,1000", "--json");
        // It fails by itself beyond one per cent.
        assertThat(ran.code()).as(ran.err()).isEqualTo(Main.DONE);
        JsonNode result = ran.json();
        assertThat(result.path("command").asText()).startsWith("stillpoint bench memory --grid 10 ");
        assertThat(result.path("provenance").path("commit").asText()).isNotEmpty();
        assertThat(result.path("adjoints")).hasSize(3);
        for (JsonNode line : result.path("adjoints")) {
            assertThat(line.path("peakBytes")).hasSize(3);
            assertThat(line.path("peakBytes").get(0)).hasSize(3);
            if (line.path("adjoint").asText().equals("unrolled")) {
                assertThat(line.path("bytesPerStep").asDouble()).isGreaterThan(LEAST_TAPE);
            } else {
                assertThat(line.path("ofUnrolled").asDouble()).isLessThanOrEqualTo(0.01);
            }
        }
    }
}
