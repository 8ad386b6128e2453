package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored runs, written here by hand, side by side. */
class CompareImagesTest {
    @TempDir
    Path folder;

    @Test
    void theTableHasWhatTheRunsStored() throws IOException {
        // Ten seconds of training an epoch, and two of measuring, which must not count.
        Path jfb =
                run("a", "mnist", "jfb", "1e-3", new double[] {0.90, 0.97, 0.96}, new double[] {0.1, 0.04, 0.03}, 10);
        Path implicit =
                run("b", "mnist", "implicit:cg", "1e-4", new double[] {0.80, 0.85}, new double[] {0.2, 0.3}, 25);
        Ran ran = Ran.done("compare", "images", jfb, implicit, "--output", folder.resolve("out"));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "jfb, lr 0.001 0 3 10.0 1.00 96.00 96.00 97.00 97.00 96.00",
                        "implicit:cg, lr 0.0001 0 2 25.0 2.50 80.00 85.00 85.00 85.00 80.00");
        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**/comparison.json");
        for (String picture : new String[] {"epochs.png", "seconds.png"}) {
            BufferedImage image =
                    ImageIO.read(folder.resolve("out").resolve(picture).toFile());
            assertThat(colours(image)).as(picture).contains(0x2563eb);
        }
        JsonNode json = Ran.done("compare", "images", jfb, implicit, "--json", "--output", folder.resolve("again"))
                .json();
        assertThat(json.path("runs")
                        .path(1)
                        .path("points")
                        .path(1)
                        .path("seconds")
                        .asDouble())
                .isEqualTo(50);
        assertThat(json.path("runs").path(0).path("chosen").path("epoch").asInt())
                .isEqualTo(3);
        assertThat(json.path("runs").path(0).path("best").path("epoch").asInt()).isEqualTo(2);
    }

    @Test
    void aPauseIsNoTrainingAndOneRateIsOneName() throws IOException {
        Path steady =
                run("a", "mnist", "jfb", "1e-3", new double[] {0.90, 0.97, 0.96}, new double[] {0.1, 0.04, 0.03}, 10);
        Path paused =
                run("b", "mnist", "jfb", "0.001", new double[] {0.80, 0.85, 0.86}, new double[] {0.2, 0.3, 0.1}, 10);
        Path metrics = paused.resolve("metrics.jsonl");
        // The second epoch began an hour late.
        Files.writeString(
                metrics,
                Files.readString(metrics)
                        .replace("\"seconds\":36", "\"seconds\":3636")
                        .replace("\"seconds\":24", "\"seconds\":3624"));
        JsonNode runs = Ran.done("compare", "images", steady, paused, "--json", "--output", folder.resolve("out"))
                .json()
                .path("runs");
        for (JsonNode run : runs) {
            assertThat(run.path("name").asText()).isEqualTo("jfb");
            assertThat(run.path("last").path("seconds").asDouble()).isEqualTo(30);
        }
    }

    @Test
    void whatCannotBeComparedIsRefused() throws IOException {
        Path jfb = run("a", "mnist", "jfb", "1e-3", new double[] {0.9}, new double[] {0.1}, 10);
        Path other = run("b", "cifar10", "jfb", "1e-3", new double[] {0.5}, new double[] {0.1}, 10);
        Ran.of("compare", "images", jfb).refused(Main.USAGE, "RUN");
        Ran.of("compare", "images", jfb, other).refused(Main.USAGE, "need runs of one data set, got mnist and cifar10");
        Path empty = run("c", "mnist", "jfb", "1e-3", new double[] {}, new double[] {}, 10);
        Ran.of("compare", "images", jfb, empty)
                .refused(Main.FAILED, empty.resolve("metrics.jsonl") + ": need at least one epoch, got none");
        Files.writeString(
                empty.resolve("metrics.jsonl"),
                "{\"epoch\":1,\"loss\":1,\"learningRate\":1,\"masked\":0,\"seconds\":1,\"metrics\":{}}\n");
        Ran.of("compare", "images", jfb, empty)
                .refused(Main.FAILED, "need testAccuracy in every epoch, got none in epoch 1");
        Ran.of("compare", "images", jfb, folder).refused(Main.FAILED, folder + ": need a run folder");
    }

    private Path run(
            String name,
            String application,
            String adjoint,
            String rate,
            double[] accuracy,
            double[] error,
            int seconds)
            throws IOException {
        Path run = Files.createDirectory(folder.resolve(name));
        Files.writeString(
                run.resolve("run.json"),
                "{\"application\":\"" + application + "\",\"settings\":{\"adjoint\":\"" + adjoint
                        + "\",\"seed\":\"0\",\"lr\":\"" + rate + "\",\"data\":\"" + name
                        + "\"},\"provenance\":{},\"data\":{}}");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < accuracy.length; i++) {
            lines.append(String.format(
                    Locale.ROOT,
                    "{\"epoch\":%d,\"loss\":1,\"learningRate\":1,\"masked\":0,\"seconds\":%d,\"metrics\":"
                            + "{\"validationError\":%s,\"testAccuracy\":%s,\"measuringSeconds\":2}}%n",
                    i + 1,
                    (seconds + 2) * (i + 1),
                    error[i],
                    accuracy[i]));
        }
        Files.writeString(run.resolve("metrics.jsonl"), lines.toString());
        return run;
    }

    private static java.util.Set<Integer> colours(BufferedImage image) {
        java.util.Set<Integer> colours = new java.util.HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y) & 0xffffff);
            }
        }
        return colours;
    }
}
