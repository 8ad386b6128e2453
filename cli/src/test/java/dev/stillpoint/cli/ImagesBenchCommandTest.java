package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench images} on two runs of a few images of noise. */
class ImagesBenchCommandTest {
    private static final int SIDE = 28;

    @TempDir
    Path folder;

    @Test
    void runsAreMeasuredInTurns() throws IOException {
        Path mnist = Files.createDirectories(folder.resolve("data").resolve("mnist"));
        noise(mnist, "train", 40);
        noise(mnist, "t10k", 10);
        Path jfb = trained("jfb");
        Path implicit = trained("implicit:gmres");
        Object[] words = {"bench", "images", jfb, implicit, "--steps", "2", "--repetitions", "3", "--threads", "1"};
        String out = Ran.done(words).out();
        assertThat(out)
                .containsPattern("(?m)^mnist, jfb: \\d+ images/s with 1 threads: .* \\(1\\.00 times the first run's\\)")
                .containsPattern("(?m)^mnist, implicit:gmres: ")
                .containsPattern("(?m)^contraction +\\d")
                .contains("test images, freezing on: ")
                .doesNotContain("theorem");
        JsonNode json = Ran.done("bench", "images", implicit, jfb, "--steps", "1", "--repetitions", "2", "--json")
                .json();
        JsonNode first = json.path("runs").path(0);
        JsonNode second = json.path("runs").path(1);
        assertThat(first.path("settings").path("adjoint").asText()).isEqualTo("implicit:gmres");
        assertThat(first.path("productsPerStep").asDouble()).isPositive();
        assertThat(second.path("productsPerStep").asDouble()).isZero();
        assertThat(second.path("timeOverFirst").asDouble())
                .isEqualTo(second.path("secondsPerStep").asDouble()
                        / first.path("secondsPerStep").asDouble());
        double share = 0;
        for (JsonNode part : second.path("share")) {
            share += part.asDouble();
        }
        // Shares of one clock's readings, rounded to float64.
        assertThat(Math.abs(share - 1)).isLessThan(1e-12);
    }

    @Test
    @Tag("slow")
    void theConditionOfTheTheoremIsMeasuredOnRequest() throws IOException {
        Path mnist = Files.createDirectories(folder.resolve("data").resolve("mnist"));
        noise(mnist, "train", 40);
        noise(mnist, "t10k", 10);
        assertThat(Ran.done("bench", "images", trained("jfb"), "--steps", "1", "--repetitions", "1", "--condition")
                        .out())
                .containsPattern(
                        "JFB's theorem asks for κ\\(MᵀM\\) <= 1\\.111, on the first image it is (infinite|\\d)");
    }

    @Test
    void needsAFinishedRunAndCounts() {
        Ran.of("bench", "images", folder).refused(Main.FAILED, folder + ": need a run folder");
        Ran.of("bench", "images").refused(Main.USAGE, "RUN");
        Ran.of("bench", "images", folder, "--repetitions", "0")
                .refused(Main.USAGE, "--repetitions: need a whole number >= 1, got 0");
        Ran.of("bench", "images", folder, "--steps", "0")
                .refused(Main.USAGE, "--steps: need a whole number >= 1, got 0");
    }

    private Path trained(String adjoint) {
        Path run = folder.resolve(adjoint.replace(':', '-'));
        Ran.done(
                "train",
                "mnist",
                "--data",
                folder.resolve("data"),
                "--rows",
                "20",
                "--batch",
                "5",
                "--epochs",
                "1",
                "--adjoint",
                adjoint,
                "--run",
                run);
        return run;
    }

    private static void noise(Path folder, String part, int count) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(count);
        byte[] pixels = new byte[count * SIDE * SIDE];
        random.nextBytes(pixels);
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 10);
        }
        packed(folder.resolve(part + "-images-idx3-ubyte.gz"), new int[] {2051, count, SIDE, SIDE}, pixels);
        packed(folder.resolve(part + "-labels-idx1-ubyte.gz"), new int[] {2049, count}, labels);
    }

    private static void packed(Path file, int[] head, byte[] body) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 * head.length + body.length);
        for (int number : head) {
            buffer.putInt(number);
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(buffer.put(body).array());
        }
    }
}
