package dev.stillpoint.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.data.DataException;
import dev.stillpoint.zoo.Evaluation.Illustration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final Sample sample;

    ReportTest(@TempDir Path temporary) {
        sample = new Sample(temporary.resolve("run"));
    }

    @Test
    void holdsEverythingOfTheRun() throws IOException {
        sample.metrics.put("widgetsPerHour", 12345.678);
        sample.epoch(1, 0.5, 0.1, Map.of("validationLoss", 0.6, "steps", 20.0, "validationRegret", 0.3))
                .epoch(2, 0.4, 0.01, Map.of("validationLoss", 0.5, "steps", 22.0, "validationRegret", 0.2));
        sample.folder.writeCertificates(Sample.CHECKS);
        String html = sample.html();
        assertThat(html)
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains("<h1>paths</h1>", "Shortest paths on a grid")
                .contains("Test regret", Numbers.percent(0.1044994), "1 min 23 s")
                .contains("Loss over 2 epochs: training from 0.5 to 0.4, validation from 0.6 to 0.5")
                .contains("Validation regret over", "Solver steps over", "Learning rate over", "best epoch 1")
                .contains("Steps of a test solve", "Median 41 steps, from 40 to 55.", "Residual when the solve stopped")
                .contains("optimal path", "first row", "how to read it")
                .contains("constraints", "hard", "context", "statistical", "PASS", "WARNING", "FAIL")
                .contains("Passes up to 1", "of 3 calibration rows")
                .contains("widgetsPerHour", "12,350")
                .contains("gamma", "0.25", "Weight of the quadratic term")
                .contains("9.9.9", "0123abc", "feed".repeat(16));
    }

    @Test
    void escapesWhateverComesFromTheRun() throws IOException {
        String attack = "<script>alert(1)</script>\"'&";
        sample.run.put("application", attack);
        sample.run.putObject("settings").put(attack, attack);
        sample.run.putObject("provenance").put(attack, attack);
        sample.run.putObject("data").put(attack, attack);
        sample.metrics.put(attack, 1.0);
        sample.epoch(1, 1, 1, Map.of(attack, 1.0)).epoch(2, 1, 1, Map.of(attack, 2.0));
        sample.illustrations = List.of(new Illustration(attack, attack, Sample.svg(attack)));
        assertThat(sample.html())
                .doesNotContain("<script")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;");
    }

    @Test
    void loadsNothing() throws IOException {
        sample.epoch(1, 0.5, 0.1, Map.of());
        String html = sample.html();
        assertThat(html)
                .doesNotContain("http://", "https://", "<link", "<script", "@import", "url(")
                .contains("default-src &#39;none&#39;");
        assertThat(Stream.of(html.split("src=\"", -1)).skip(1)).allMatch(rest -> rest.startsWith("data:image/"));
    }

    @Test
    void staysSmall() throws IOException {
        for (int epoch = 1; epoch <= 200; epoch++) {
            double x = epoch;
            sample.epoch(epoch, 1 / x, Math.pow(10, -x / 40), Map.of("validationLoss", 2 / x, "steps", 20 + x % 7));
        }
        assertThat(sample.html().length()).isLessThan(600_000);
    }

    @Test
    void drawsGapsWhereEpochsHoldNoNumber() throws IOException {
        sample.epoch(1, Double.NaN, 0.1, Map.of("validationLoss", 0.5))
                .epoch(2, 0.4, 0.1, Map.of("validationLoss", Double.NaN))
                .epoch(3, Double.POSITIVE_INFINITY, 0.1, Map.of());
        sample.metrics.put("accuracy", Double.NaN);
        assertThat(sample.html()).contains("training from 0.4 to 0.4, validation from 0.5 to 0.5", Numbers.NONE);
    }

    @Test
    void leavesOutACurveWithoutAnyNumber() throws IOException {
        sample.epoch(1, Double.NaN, 0.1, Map.of("validationRegret", Double.NaN));
        assertThat(sample.html()).doesNotContain("Loss over").doesNotContain("Validation regret over");
    }

    @Test
    void worksForOneEpoch() throws IOException {
        sample.epoch(1, 0.5, 0.1, Map.of("validationLoss", 0.6));
        assertThat(sample.html()).contains("Loss over 1 epoch: ").doesNotContain("Learning rate over", "best epoch 1<");
    }

    @Test
    void worksForARunThatDidNothing() throws IOException {
        sample.metrics.clear();
        sample.steps = new int[0];
        sample.residual = new double[0];
        sample.illustrations = List.of();
        assertThat(sample.html())
                .contains("No epoch is on record", "Training time")
                .doesNotContain("Decisions</h2>", "Solving</h2>");
    }

    @Test
    void drawsEqualAndUselessResiduals() throws IOException {
        sample.residual = new double[] {1e-5, 1e-5, 1e-5};
        sample.steps = new int[] {7, 7, 7};
        assertThat(sample.html()).contains("Median 7 steps, from 7 to 7.", "Residual when");
        sample.residual = new double[] {0, Double.NaN, 1e-5};
        assertThat(sample.html()).contains("Not drawn: 2 that are zero or not finite.");
        sample.residual = new double[] {0, 0, 0};
        assertThat(sample.html()).doesNotContain("Residual when");
    }

    @Test
    void replacesTheFileAsAWholeOrNotAtAll() throws IOException {
        Files.writeString(sample.folder.metrics(), "not JSON\n");
        assertThatThrownBy(sample::html).isInstanceOf(DataException.class);
        try (Stream<Path> files = Files.list(sample.folder.path())) {
            assertThat(files).containsExactly(sample.folder.metrics());
        }
    }
}
