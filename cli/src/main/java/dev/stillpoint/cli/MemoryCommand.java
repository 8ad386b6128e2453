package dev.stillpoint.cli;

import dev.stillpoint.cli.measure.DepthAdjoint;
import dev.stillpoint.cli.measure.DepthNetwork;
import dev.stillpoint.cli.measure.MemoryBench;
import dev.stillpoint.cli.report.DepthPicture;
import dev.stillpoint.data.AtomicFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench memory}. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = "Memory of a training step against the depth of its solve, a process a measurement (Linux).",
        footer = {
            "",
            "Fails where an adjoint other than unrolled takes more than 1 %% of unrolled's memory for each further step."
        })
final class MemoryCommand implements Callable<Integer> {
    private static final int LARGEST_GRID = 64;
    private static final int SMALLEST_IMAGE = 8;

    @Option(
            names = "--depths",
            paramLabel = "LIST",
            defaultValue = "10,100,1000",
            description = "Applications of T in a solve, two or more numbers. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String depths;

    @Option(
            names = "--adjoints",
            paramLabel = "LIST",
            defaultValue = "jfb,implicit,unrolled",
            description = "Of jfb, neumann, implicit, unrolled. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String adjoints;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            defaultValue = "paths",
            description =
                    "Whose training step: paths, cifar10, the small one, or tomography. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String network;

    @Option(
            names = "--grid",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "Nodes on a side of the grid of paths, pixels on a side of the images of tomography. Default: ${DEFAULT-VALUE}.")
    private int grid;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Rows a training step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Processes a measurement; their median counts. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(names = "--picture", paramLabel = "FILE", description = "Draw it as a PNG too.")
    private @Nullable Path picture;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    MemoryCommand() {}

    @Override
    public Integer call() {
        MemoryBench bench = bench();
        PrintWriter err = spec.commandLine().getErr();
        err.println("measuring memory in " + bench.measurements() + " processes");
        MemoryBench.Result result;
        try (Progress progress = Progress.of(err, "measuring", " processes", bench.measurements())) {
            result = bench.run(progress::done);
        }
        options.print(result::toJson, out -> print(out, result));
        Path file = picture;
        if (file != null) {
            DepthPicture.png(result).ifPresent(png -> AtomicFile.write(file, out -> out.write(png)));
        }
        for (MemoryBench.Line line : result.growing()) {
            err.println("stillpoint: need memory of " + line.adjoint().text() + " that grows by at most "
                    + percent(MemoryBench.LIMIT) + " of unrolled's a step, got "
                    + percent(result.ratio(line).orElse(Double.NaN)));
        }
        return result.growing().isEmpty() ? Main.DONE : Main.FAILED;
    }

    private MemoryBench bench() {
        List<Integer> wanted = Words.list(spec, "--depths", depths, text -> Words.whole(text, 1));
        if (wanted.size() < 2) {
            throw Words.wrong(spec, "--depths", "need at least two depths for a slope, got '" + depths + "'");
        }
        List<DepthAdjoint> named = Words.list(spec, "--adjoints", adjoints, DepthAdjoint::parse);
        if (grid < 2 || grid > LARGEST_GRID) {
            throw Words.wrong(spec, "--grid", "need a whole number from 2 to " + LARGEST_GRID + ", got " + grid);
        }
        options.atLeast("--batch", batch, 1);
        options.atLeast("--repetitions", repetitions, 1);
        return new MemoryBench(wanted, named, network(), batch, repetitions);
    }

    private int pixels() {
        if (grid < SMALLEST_IMAGE) {
            throw Words.wrong(
                    spec, "--grid", "need at least " + SMALLEST_IMAGE + " pixels for tomography, got " + grid);
        }
        return grid;
    }

    private DepthNetwork network() {
        return switch (network) {
            case "paths" -> DepthNetwork.paths(grid);
            case "cifar10" -> DepthNetwork.photographs();
            case "tomography" -> DepthNetwork.scans(pixels());
            default -> throw Words.wrong(spec, "--network", "need paths, cifar10 or tomography, got '" + network + "'");
        };
    }

    private static void print(PrintWriter out, MemoryBench.Result result) {
        MemoryBench bench = result.bench();
        out.printf(
                Locale.ROOT,
                "peak memory of a training step above the level before it, MB (%s, batch %d, median of %d)%n",
                bench.network().text(),
                bench.batch(),
                bench.repetitions());
        List<String> titles = new ArrayList<>(List.of("depth"));
        result.lines().forEach(line -> titles.add(line.adjoint().text()));
        TextTable table = new TextTable(titles);
        for (int i = 0; i < bench.depths().size(); i++) {
            List<String> row = new ArrayList<>(List.of(bench.depths().get(i).toString()));
            for (MemoryBench.Line line : result.lines()) {
                row.add(String.format(Locale.ROOT, "%.1f", line.medians()[i] / 1e6));
            }
            table.row(row);
        }
        List<String> slopes = new ArrayList<>(List.of("bytes a step"));
        List<String> ratios = new ArrayList<>(List.of("of unrolled"));
        for (MemoryBench.Line line : result.lines()) {
            slopes.add(String.format(Locale.ROOT, "%,.0f", line.slope()));
            ratios.add(result.ratio(line).map(MemoryCommand::percent).orElse(""));
        }
        table.row(slopes).row(ratios).lines().forEach(out::println);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3f %%", 100 * share);
    }
}
