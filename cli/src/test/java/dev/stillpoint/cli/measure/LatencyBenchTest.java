package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyBenchTest {
    private static final LatencyBench BENCH = new LatencyBench(3, 1, 3, 5, 40, 7);

    @TempDir
    private Path folder;

    @Test
    void everyCallIsMadeOnceAndMeasured() {
        Application paths = Application.named("paths");
        Settings settings = Settings.of(paths.settings(), Map.of("grid", "3", "epochs", "1"));
        Path run = folder.resolve("run");
        TrainingRun.create(paths, settings, run, 1).train(TrainingListener.NONE);
        ObjectNode measured = LatencyJob.of(new LatencyJob(run.toString(), 3, 5, 40, 7).toJson())
                .measure();
        double p50 = measured.path("p50").asDouble();
        assertThat(p50).isPositive();
        assertThat(measured.path("p99").asDouble())
                .isBetween(p50, measured.path("worst").asDouble());
        assertThat(measured.path("unsolved").asInt()).isZero();
        assertThat(measured.path("meanSteps").asDouble()).isGreaterThan(1);
        ObjectNode json = new LatencyBench.Result(BENCH, measured).toJson();
        assertThat(json.path("calls").asInt()).isEqualTo(40);
        assertThat(json.path("growthObjects").asLong()).isNotPositive();
        if (ResidentMemory.now().isPresent()) {
            assertThat(measured.path("residentBytes")).hasSize(LatencyJob.READINGS + 1);
        }
    }

    /** A leak of 100 bytes a call, and the level of a cache that is filled once. */
    @Test
    void growthIsThatBetweenTheHalves() {
        assertThat(growth(700, 705, 706, 704, 706, 705)).isZero();
        assertThat(growth(700, 710, 720, 730, 740, 750)).isEqualTo(30L << 20).isGreaterThan(LatencyBench.FLAT);
        assertThat(growth()).isZero();
    }

    private static long growth(long... megabytes) {
        ObjectNode measured = new ObjectMapper().createObjectNode();
        for (long m : megabytes) {
            measured.withArray("residentBytes").add(m << 20);
        }
        return new LatencyBench.Result(BENCH, measured).growth();
    }
}
