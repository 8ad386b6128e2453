package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.Strangers;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.zoo.Model;
import dev.stillpoint.zoo.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code images strangers RUN}: what the certificates of a model of digits make of images that are none. */
@Command(
        name = "strangers",
        mixinStandardHelpOptions = true,
        description = "Show a model of digits what are none, and count how often its certificates warn or fail.",
        footer = {
            "",
            "The thresholds are the run's own, calibrated on training images held out. Fails where more than 5 %% of the"
                    + " test digits are called unfamiliar."
        })
final class StrangersCommand implements Callable<Integer> {
    /** Of test digits. */
    private static final double FALSE_ALARMS = 0.05;

    private static final String UNFAMILIAR = "unfamiliarity";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "RUN", description = "A finished run of 'train mnist', or an imported one.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the data sets MNIST and CIFAR-10. Default: the usual one.")
    private @Nullable Path data;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Images of each kind. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the noise. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    StrangersCommand() {}

    @Override
    public Integer call() {
        common.check();
        if (count < 1) {
            throw Words.wrong(spec, "--count", "need a whole number >= 1, got " + count);
        }
        RunFolder run = RunFolder.open(folder);
        String application = run.readRun().path("application").asText();
        if (!application.equals("mnist")) {
            throw new IllegalArgumentException(folder + ": need a run of mnist, got one of " + application);
        }
        Model model = Model.load(folder);
        if (common.threads > 0) {
            Engine.threads(common.threads);
        }
        Strangers strangers = Strangers.measure(model, DataFolder.of(Optional.ofNullable(data)), count, seed);
        common.print(
                () -> {
                    ObjectNode node = JSON.createObjectNode().put("seed", seed);
                    node.set("run", run.readRun());
                    return node.setAll(strangers.toJson());
                },
                out -> print(out, strangers));
        double alarms = strangers.lines().get(0).flagged().getOrDefault(UNFAMILIAR, Double.NaN);
        if (!(alarms <= FALSE_ALARMS)) {
            throw new IllegalStateException("images strangers: need at most " + percent(FALSE_ALARMS)
                    + " % of the test digits called unfamiliar, got " + percent(alarms) + " %");
        }
        return Main.DONE;
    }

    private static void print(PrintWriter out, Strangers strangers) {
        out.println("per cent of the images whose certificate warns or fails");
        List<String> checks = List.copyOf(strangers.lines().get(0).flagged().keySet());
        List<String> titles = new ArrayList<>(List.of("images", "number", "accuracy", "mean\nconfidence"));
        titles.addAll(checks);
        titles.add("any");
        TextTable table = new TextTable(titles);
        for (Strangers.Line line : strangers.lines()) {
            List<String> row = new ArrayList<>(List.of(
                    line.name(),
                    Integer.toString(line.count()),
                    Double.isNaN(line.accuracy()) ? "" : percent(line.accuracy()),
                    percent(line.confidence())));
            checks.forEach(check -> row.add(percent(line.flagged().getOrDefault(check, Double.NaN))));
            row.add(percent(line.anyFlagged()));
            table.row(row);
        }
        table.lines().forEach(out::println);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
