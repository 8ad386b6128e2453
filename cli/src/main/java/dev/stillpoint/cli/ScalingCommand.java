package dev.stillpoint.cli;

import dev.stillpoint.cli.measure.PathsLine.Figure;
import dev.stillpoint.cli.measure.ScalingBench;
import dev.stillpoint.cli.measure.ScalingLine;
import dev.stillpoint.cli.report.ScalingPicture;
import dev.stillpoint.data.AtomicFile;
import java.io.PrintWriter;
import java.nio.file.Files;
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
import picocli.CommandLine.Spec;

/** {@code bench scaling}. */
@Command(
        name = "scaling",
        mixinStandardHelpOptions = true,
        description = "Time and memory of shortest-path networks against the number of variables.",
        footer = {
            "",
            "The kernels are timed in this process, a training of one epoch in a process of its own with the same Java"
                    + " options."
        })
final class ScalingCommand implements Callable<Integer> {

    @Option(
            names = "--grids",
            paramLabel = "LIST",
            defaultValue = "10,20,30,50,100,200,300",
            description = "Nodes on a side of the grids. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String grids;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "Measurements of the kernels; medians count. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "256",
            description = "Rows to train; 200 more validate and 200 more test. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the kernels and of one libtorch operation. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw the figures there, as a PNG.")
    private @Nullable Path plot;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    ScalingCommand() {}

    @Override
    public Integer call() {
        ScalingBench bench = bench();
        ScalingBench.Result result;
        try (Progress progress = Progress.of(spec.commandLine().getErr(), "measuring", " parts", bench.parts())) {
            result = bench.run(progress::done);
        }
        options.print(result::toJson, out -> print(out, result));
        if (plot != null) {
            draw(plot, result);
        }
        return Main.DONE;
    }

    private ScalingBench bench() {
        List<Integer> wanted = options.grids(grids);
        options.atLeast("--repetitions", repetitions, 1);
        options.atLeast("--samples", samples, 1);
        options.atLeast("--threads", threads, 1);
        // Before minutes are spent.
        Path folder = plot == null ? null : plot.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw Words.wrong(spec, "--plot", "need a file in a folder that exists, got '" + plot + "'");
        }
        return new ScalingBench(wanted, repetitions, samples, threads);
    }

    private static void draw(Path file, ScalingBench.Result result) {
        Optional<byte[]> picture = ScalingPicture.png(result);
        if (picture.isEmpty()) {
            throw new IllegalStateException("--plot: need a Java that can draw, got one without graphics or fonts");
        }
        AtomicFile.write(file, out -> out.write(picture.get()));
    }

    private static void print(PrintWriter out, ScalingBench.Result result) {
        ScalingBench bench = result.bench();
        out.printf(
                Locale.ROOT,
                "Kernels on one core, medians of %d; a training epoch of %,d samples at default settings, with its"
                        + " validation,%non %d threads, and the most memory of its process%n%n",
                bench.repetitions(),
                bench.samples(),
                bench.threads());
        List<Figure> figures = result.lines().get(0).figures();
        List<String> titles = new ArrayList<>(List.of("grid", "variables\nn"));
        List<String> growth = new ArrayList<>(List.of("grows as n^", ""));
        List<String> largest = new ArrayList<>(List.of("of the largest " + ScalingBench.LARGEST, ""));
        for (int i = 0; i < figures.size(); i++) {
            titles.add(figures.get(i).title());
            growth.add(PathsCommand.number(result.exponent(i)));
            largest.add(PathsCommand.number(result.exponentOfLargest(i)));
        }
        TextTable table = new TextTable(titles);
        for (ScalingLine line : result.lines()) {
            List<String> row =
                    new ArrayList<>(List.of(line.title(), String.format(Locale.ROOT, "%,d", line.variables())));
            line.figures().forEach(figure -> row.add(PathsCommand.number(figure.value())));
            table.row(row);
        }
        if (result.lines().size() > 1) {
            table.row(growth);
        }
        if (result.lines().size() > ScalingBench.LARGEST) {
            table.row(largest);
        }
        table.lines().forEach(out::println);
        for (ScalingLine line : result.lines()) {
            if (!line.failure().isEmpty()) {
                out.println();
                out.println(line.title() + ": training " + line.failure());
            }
        }
    }
}
