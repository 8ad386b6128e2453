package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildJvmTest {
    private static final long HEAP = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theChildFailsWithItsOwnMessage() {
        ObjectNode job = JSON.createObjectNode().put("job", "nonsense");
        assertThatThrownBy(() -> ChildJvm.timed(HEAP).run(job, message -> {}))
                .isInstanceOf(MeasurementException.class)
                .hasMessage("job: need train, depth, epoch or latency, got 'nonsense'");
    }

    @Test
    void aChildThatDoesNotStartSaysWhatJavaSaid() {
        ChildJvm broken = new ChildJvm(HEAP, List.of("-XX:+NoSuchOption"), Map.of());
        assertThatThrownBy(() -> broken.run(JSON.createObjectNode(), message -> {}))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContaining("ended with code 1")
                .hasMessageContaining("NoSuchOption");
    }

    @Test
    void aDepthIsMeasuredInItsOwnProcess() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
        ObjectNode job = new DepthJob(DepthAdjoint.UNROLLED, 200, DepthNetwork.paths(5), 32).toJson();
        long taped =
                ChildJvm.quiet(HEAP).run(job, message -> {}).path("peakBytes").asLong();
        // 200 steps that each keep at least z and x: 32 rows of 40 floats.
        assertThat(taped).isBetween(200L * 2 * 32 * 40 * 4, 1L << 28);
    }

    @Test
    void optionsAreInheritedButForSizesCollectorsAndAgents() {
        assertThat(ChildJvm.inherited(List.of(
                        "-Xmx2g",
                        "-Xms1g",
                        "-XX:+UseG1GC",
                        "-XX:MaxRAMPercentage=50",
                        "-XX:MaxHeapSize=1g",
                        "-javaagent:/a/jacoco.jar=x",
                        "-agentlib:jdwp=y",
                        "-Dkey=value",
                        "--add-modules=jdk.incubator.vector",
                        "-XX:+UseStringDeduplication")))
                .containsExactly("-Dkey=value", "--add-modules=jdk.incubator.vector", "-XX:+UseStringDeduplication");
        assertThat(ChildJvm.timed(HEAP).command("{}"))
                .containsSubsequence("-Xms" + HEAP, "-Xmx" + HEAP, "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch")
                .endsWith("{}");
    }
}
