package dev.stillpoint.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.zoo.Evaluation;
import dev.stillpoint.zoo.Evaluation.Illustration;
import dev.stillpoint.zoo.RunFolder;
import dev.stillpoint.zoo.TrainingRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small run that never ran. */
final class Sample {
    static final Certificates CHECKS = new Certificates(
            List.of(new HardLimit("constraints", 1e-4), Quantile.of("context", new double[] {1, 2, 3})));

    final RunFolder folder;
    final ObjectNode run = new ObjectMapper().createObjectNode();
    final Map<String, Double> metrics = new LinkedHashMap<>(Map.of("normalizedRegret", 0.1044994));
    int[] steps = {40, 41, 55};
    double[] residual = {3e-5, 4e-5, 3.5e-5};
    List<Illustration> illustrations = List.of(new Illustration("first row", "how to read it", svg("")));

    Sample(Path path) {
        folder = RunFolder.create(path);
        run.put("application", "paths");
        run.putObject("settings").put("grid", "10").put("gamma", "0.25");
        run.putObject("provenance")
                .put("version", "9.9.9")
                .put("commit", "0123abc")
                .put("threads", 1);
        run.putObject("data").put("contexts and costs", "feed".repeat(16));
    }

    static String svg(String content) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">" + content + "</svg>";
    }

    Sample epoch(int epoch, double loss, double rate, Map<String, Double> values) {
        folder.append(new Epoch(epoch, loss, rate, 0, epoch, values));
        return this;
    }

    /** Writes the report and reads it back. */
    String html() throws IOException {
        Evaluation evaluation = new Evaluation(
                metrics,
                steps,
                residual,
                List.of(CHECKS.judge(0, 0.5), CHECKS.judge(1, 9), CHECKS.judge(0, 2)),
                illustrations);
        Report.write(folder, run, new Outcome(evaluation, folder.epochs().size(), 1, 83.4));
        return Files.readString(folder.report());
    }
}
