package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingCommandTest {
    /** A JVM with libtorch takes more, a training of 8 samples less. */
    private static final double LEAST_PEAK_MEGABYTES = 50;

    private static final double MOST_PEAK_MEGABYTES = 2_000;

    @Test
    void everyFigureIsMeasuredAndDrawn(@TempDir Path folder) throws IOException {
        Path plot = folder.resolve("scaling.png");
        Ran ran = Ran.done(
                "bench",
                "scaling",
                "--grids",
                "4,3",
                "--samples",
                8,
                "--repetitions",
                1,
                "--threads",
                1,
                "--json",
                "--plot",
                plot);
        // The kernel and the training of each grid.
        assertThat(ran.errors()).hasSize(4);
        JsonNode result = ran.json();
        assertThat(result.path("command").asText()).startsWith("stillpoint bench scaling --grids 4,3 ");
        assertThat(result.path("provenance").path("commit").asText()).isNotEmpty();
        assertThat(result.path("grids")).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonNode line = result.path("grids").get(i);
            assertThat(line.path("grid").asInt()).isEqualTo(3 + i);
            assertThat(line.path("failure").asText()).isEmpty();
            JsonNode figures = line.path("figures");
            assertThat(figures.path("epochSeconds").asDouble()).isPositive();
            assertThat(figures.path("microsecondsPerSampleAndStep").asDouble()).isPositive();
            assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
            assertThat(figures.path("peakMegabytes").asDouble()).isBetween(LEAST_PEAK_MEGABYTES, MOST_PEAK_MEGABYTES);
        }
        BufferedImage picture = ImageIO.read(plot.toFile());
        assertThat(picture.getWidth()).isEqualTo(2 * 960);
    }
}
