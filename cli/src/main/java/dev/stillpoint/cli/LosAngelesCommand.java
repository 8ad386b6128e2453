package dev.stillpoint.cli;

import dev.stillpoint.cli.measure.LosAngelesBench;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.zoo.Adjoints;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench los-angeles}. */
@Command(
        name = "los-angeles",
        mixinStandardHelpOptions = true,
        description =
                "Real travel times: networks trained through the decision beside ridge regression, last week's times"
                        + " and the mean path.",
        footer = {
            "",
            "Reads paths/uber_la of the data folder. Days in time order: the first three fifths train, the next validate,"
                    + " the last test."
        })
final class LosAngelesCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder. Default: that named by STILLPOINT_DATA.")
    private @Nullable Path data;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "Origins and destinations with alternatives, those with most first. Default: ${DEFAULT-VALUE}.")
    private int pairs;

    @Option(
            names = "--adjoints",
            paramLabel = "LIST",
            defaultValue = "jfb,implicit",
            description = "How the networks are differentiated. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String adjoints;

    @Option(
            names = "--seeds",
            paramLabel = "LIST",
            defaultValue = "0,1,2",
            description = "Seeds of initial weights and shuffling. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String seeds;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of train paths, like epochs=50; may be repeated.")
    private @Nullable Map<String, String> settings;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    LosAngelesCommand() {}

    @Override
    public Integer call() {
        LosAngelesBench bench = bench();
        // The graph is small: more threads only wait for each other.
        Engine.threads(1);
        Workers.limit(1);
        LosAngelesBench.Result result;
        try (Progress progress = Progress.of(spec.commandLine().getErr(), "training", " runs", bench.parts())) {
            result = bench.run(progress::done);
        }
        options.print(result::toJson, out -> print(out, result));
        return Main.DONE;
    }

    private LosAngelesBench bench() {
        String folder = System.getenv("STILLPOINT_DATA");
        if (data == null && folder == null) {
            throw Words.wrong(spec, "--data", "need the data folder, or STILLPOINT_DATA that names it, got neither");
        }
        options.atLeast("--pairs", pairs, 1);
        List<String> wanted = Words.list(spec, "--adjoints", adjoints, text -> {
            Adjoints.parse(text);
            return text;
        });
        List<Long> all = Words.list(spec, "--seeds", seeds, text -> (long) Words.whole(text, 0));
        Map<String, String> set = settings == null ? Map.of() : settings;
        return new LosAngelesBench(data == null ? Path.of(folder) : data, pairs, wanted, all, set);
    }

    private static void print(PrintWriter out, LosAngelesBench.Result result) {
        List<String> titles = new ArrayList<>(List.of("from", "to", "best\npaths", "commonest\n%", "best\ns"));
        titles.addAll(result.bench().adjoints());
        titles.addAll(LosAngelesBench.FLOORS);
        TextTable table = new TextTable(titles);
        List<String> mean = new ArrayList<>(List.of("mean", "", "", "", ""));
        for (LosAngelesBench.Line line : result.lines()) {
            List<String> row = new ArrayList<>(List.of(
                    line.from(),
                    line.to(),
                    Integer.toString(line.paths()),
                    String.format(Locale.ROOT, "%.0f", 100 * line.commonest()),
                    String.format(Locale.ROOT, "%.0f", line.seconds())));
            result.bench().adjoints().forEach(adjoint -> row.add(percent(line.mean(adjoint))));
            for (double floor : line.floors()) {
                row.add(percent(floor));
            }
            table.row(row);
        }
        result.bench().adjoints().forEach(adjoint -> mean.add(percent(result.mean(adjoint))));
        for (int f = 0; f < LosAngelesBench.FLOORS.size(); f++) {
            mean.add(percent(result.meanFloor(f)));
        }
        table.row(mean);
        out.printf(
                Locale.ROOT,
                "Regret on the last %,d periods, of the best path's time; means over %d seeds; ridge penalty %s%n%n",
                result.testRows(),
                result.bench().seeds().size(),
                result.penalty());
        table.lines().forEach(out::println);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
