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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench images RUN...}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Where training steps of stored runs of images spend their time, and what freezing saves.",
        footer = {
            "",
            "Training goes on from the stored weights while it is measured; the runs themselves stay as they are. Several runs"
                    + " are measured in turns, and of each its median round counts. The peak is the fastest convolution of 64"
                    + " to 64 channels that these threads were seen to do."
        })
final class ImagesBenchCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Finished runs of mnist, cifar10 or svhn.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> folders;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100",
            description = "Training steps of a round that count. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Rounds. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--condition",
            description =
                    "Also the condition number of JFB's theorem, some seconds a run of mnist; larger networks have none.")
    private boolean condition;

    ImagesBenchCommand() {}

    @Override
    public Integer call() {
        common.check();
        common.atLeast("--steps", steps, 1);
        common.atLeast("--repetitions", repetitions, 1);
        List<TrainingRun> runs = folders.stream()
                .map(folder -> TrainingRun.open(folder, common.threads))
                .toList();
        List<Experiment> experiments = runs.stream().map(TrainingRun::trained).toList();
        ObjectNode result = JSON.createObjectNode();
        result.put("threads", Engine.threads());
        List<ObjectNode> nodes = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            ObjectNode node = result.withArray("runs").addObject();
            JsonNode stored = runs.get(i).folder().readRun();
            node.set("application", stored.path("application"));
            node.set("settings", stored.path("settings"));
            ObjectNode freezing = node.putObject("freezing");
            put(freezing.putObject("on"), StepProfile.evaluation(experiments.get(i), Compaction.HALVING));
            put(freezing.putObject("off"), StepProfile.evaluation(experiments.get(i), Compaction.OFF));
            nodes.add(node);
        }
        double peak = StepProfile.convolutionPeak();
        List<List<StepProfile>> rounds = new ArrayList<>();
        for (int round = 0; round < repetitions; round++) {
            rounds.add(experiments.stream()
                    .map(experiment -> StepProfile.of(experiment, steps))
                    .toList());
            peak = Math.max(peak, StepProfile.convolutionPeak());
        }
        for (int i = 0; i < runs.size(); i++) {
            int run = i;
            put(nodes.get(i), median(rounds, run), peak);
            nodes.get(i)
                    .put(
                            "timeOverFirst",
                            median(rounds, run).total() / median(rounds, 0).total());
            if (condition) {
                StepProfile.descentCondition(experiments.get(i)).ifPresent(found -> put(nodes.get(run), found));
            }
        }
        common.print(() -> result, out -> print(out, result));
        return Main.DONE;
    }

    /** Of the rounds of one run, the one whose time is the (lower) median. */
    private static StepProfile median(List<List<StepProfile>> rounds, int run) {
        return rounds.stream()
                .map(round -> round.get(run))
                .sorted(Comparator.comparingDouble(StepProfile::total))
                .toList()
                .get((rounds.size() - 1) / 2);
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

    private static void print(PrintWriter out, JsonNode result) {
        for (JsonNode node : result.path("runs")) {
            print(out, node, result.path("threads").asInt());
        }
    }

    private static void print(PrintWriter out, JsonNode node, int threads) {
        out.printf(
                Locale.ROOT,
                "%s, %s: %.0f images/s with %d threads: %.1f ms a step of %d images (%.2f times the first run's), %.1f"
                        + " applications of R, %.1f products with its Jacobian%n",
                node.path("application").asText(),
                node.path("settings").path("adjoint").asText(),
                node.path("imagesPerSecond").asDouble(),
                threads,
                1e3 * node.path("secondsPerStep").asDouble(),
                node.path("batch").asInt(),
                node.path("timeOverFirst").asDouble(),
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
                percent(node.path("overhead").asDouble()),
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
