package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.adjoint.DescentCondition;
import dev.stillpoint.solver.Compaction;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.TrainingRun;
import dev.stillpoint.zoo.images.StepProfile;
import dev.stillpoint.zoo.images.StepProfile.Freezing;
import dev.stillpoint.zoo.images.StepProfile.Part;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench images RUN}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Where a training step of a stored run of images spends its time, and what freezing saves.",
        footer = {
            "",
            "Training goes on from the stored weights while it is measured; the run itself stays as it is. The peak is the"
                    + " fastest convolution of 64 to 64 channels that these threads were seen to do."
        })
final class ImagesBenchCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "RUN", description = "A finished run of mnist, cifar10 or svhn.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100",
            description = "Training steps that count. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    ImagesBenchCommand() {}

    @Override
    public Integer call() {
        common.check();
        if (steps < 1) {
            throw Words.wrong(spec, "--steps", "need a whole number >= 1, got " + steps);
        }
        TrainingRun run = TrainingRun.open(folder, common.threads);
        Experiment experiment = run.trained();
        Freezing frozen = StepProfile.evaluation(experiment, Compaction.HALVING);
        Freezing open = StepProfile.evaluation(experiment, Compaction.OFF);
        double peak = StepProfile.convolutionPeak();
        StepProfile profile = StepProfile.of(experiment, steps);
        peak = Math.max(peak, StepProfile.convolutionPeak());
        ObjectNode node = JSON.createObjectNode();
        node.put("application", run.folder().readRun().path("application").asText());
        node.set("settings", run.folder().readRun().path("settings"));
        node.put("threads", Engine.threads());
        put(node, profile, peak);
        ObjectNode freezing = node.putObject("freezing");
        put(freezing.putObject("on"), frozen);
        put(freezing.putObject("off"), open);
        StepProfile.descentCondition(experiment).ifPresent(condition -> put(node, condition));
        common.print(() -> node, out -> print(out, node, profile));
        return Main.DONE;
    }

    private static void put(ObjectNode node, Freezing freezing) {
        node.put("evaluations", freezing.evaluations()).put("seconds", freezing.seconds());
    }

    private static void put(ObjectNode node, DescentCondition condition) {
        ObjectNode theorem = node.putObject("descentCondition");
        theorem.put("least", condition.least()).put("most", condition.most());
        if (Double.isFinite(condition.condition())) {
            theorem.put("condition", condition.condition());
        }
    }

    private static void put(ObjectNode node, StepProfile profile, double peak) {
        node.put("batch", profile.batch())
                .put("trainingSteps", profile.batches())
                .put("secondsPerStep", profile.total() / profile.batches())
                .put("imagesPerSecond", profile.imagesPerSecond())
                .put("applicationsPerStep", profile.steps() / (double) profile.batches())
                .put("productsPerStep", profile.products() / (double) profile.batches());
        ObjectNode parts = node.putObject("share");
        for (Part part : Part.values()) {
            parts.put(part.name().toLowerCase(Locale.ROOT), profile.part(part) / profile.total());
        }
        double speed = profile.flops() / profile.total();
        node.put("overhead", profile.overhead())
                .put("flopsPerSecond", speed)
                .put("peakFlopsPerSecond", peak)
                .put("shareOfPeak", speed / peak);
    }

    private static void print(PrintWriter out, ObjectNode node, StepProfile profile) {
        out.printf(
                Locale.ROOT,
                "%.0f images/s with %d threads: %.1f ms a step of %d images, %.1f applications of R, %.1f products with its"
                        + " Jacobian%n",
                profile.imagesPerSecond(),
                node.path("threads").asInt(),
                1e3 * profile.total() / profile.batches(),
                profile.batch(),
                node.path("applicationsPerStep").asDouble(),
                node.path("productsPerStep").asDouble());
        TextTable table = new TextTable(List.of("part", "per cent"));
        node.path("share")
                .properties()
                .forEach(e -> table.row(List.of(e.getKey(), percent(e.getValue().asDouble()))));
        table.lines().forEach(out::println);
        out.printf(
                Locale.ROOT,
                "data, loop and update together: %s %%%n"
                        + "convolutions: %.1f GFLOP/s of %.1f that the machine was seen to do, %s %%%n",
                percent(profile.overhead()),
                node.path("flopsPerSecond").asDouble() / 1e9,
                node.path("peakFlopsPerSecond").asDouble() / 1e9,
                percent(node.path("shareOfPeak").asDouble()));
        if (node.has("descentCondition")) {
            JsonNode theorem = node.path("descentCondition");
            out.printf(
                    Locale.ROOT,
                    "JFB's theorem asks for κ(MᵀM) <= %.3f, on the first image it is %s%n",
                    1 / node.path("settings").path("gamma").asDouble(),
                    theorem.has("condition")
                            ? String.format(
                                    Locale.ROOT,
                                    "%.2g",
                                    theorem.path("condition").asDouble())
                            : "infinite");
        }
        for (String way : List.of("on", "off")) {
            out.printf(
                    Locale.ROOT,
                    "test images, freezing %s: %,d evaluations of R, %.1f s%n",
                    way,
                    node.path("freezing").path(way).path("evaluations").asLong(),
                    node.path("freezing").path(way).path("seconds").asDouble());
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
