package dev.stillpoint.cli;

import dev.stillpoint.cli.measure.KernelLine;
import dev.stillpoint.cli.measure.PathsAgreement;
import dev.stillpoint.cli.measure.PathsBench;
import dev.stillpoint.cli.measure.PathsLine;
import dev.stillpoint.cli.measure.PathsLine.Column;
import dev.stillpoint.cli.measure.PathsLine.Spread;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench paths}. */
@Command(
        name = "paths",
        mixinStandardHelpOptions = true,
        description = "A training epoch of shortest-path networks, side by side with the published algorithm.",
        footer = {
            "",
            "Published: DYS-Net (McKenzie, Heaton, Wu Fung 2024) on libtorch, with dense SVD factors of the constraints and"
                    + " the whole batch iterated until its stop. Fails where the two sides do not come to the same x."
        })
final class PathsCommand implements Callable<Integer> {
    private static final long LARGEST_SEED = 0xfffffffeL;

    @Option(
            names = "--grids",
            paramLabel = "LIST",
            defaultValue = "5,10,20,30,50,100",
            description = "Nodes on a side of the grids. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String grids;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "Epochs of each kind, in turns with the others; medians count. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Samples of an epoch. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "256",
            description = "Samples of a training step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--extrapolate-from",
            paramLabel = "K",
            defaultValue = "50",
            description = "From this grid on the published algorithm is timed over " + PathsBench.TIMED_STEPS
                    + " steps a batch, times its number of steps; in the further columns from "
                    + PathsBench.EXTRAPOLATE_FURTHER_FROM + " on. Default: ${DEFAULT-VALUE}.")
    private int extrapolateFrom;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "135",
            description = "Seed of data, starting point and weights. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the kernels, and the most of one libtorch operation: each side takes the fastest"
                    + " of 1, 2 and these. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    PathsCommand() {}

    @Override
    public Integer call() {
        PathsBench bench = bench();
        PathsBench.Result result;
        try (Progress progress = Progress.of(spec.commandLine().getErr(), "measuring", " rounds", bench.parts())) {
            result = bench.run(progress::done);
        }
        options.print(result::toJson, out -> print(out, result));
        return Main.DONE;
    }

    private PathsBench bench() {
        List<Integer> wanted = options.grids(grids);
        options.atLeast("--repetitions", repetitions, 1);
        options.atLeast("--samples", samples, 1);
        options.atLeast("--batch", batch, 1);
        options.atLeast("--extrapolate-from", extrapolateFrom, 1);
        options.atLeast("--threads", threads, 1);
        if (seed < 0 || seed > LARGEST_SEED) {
            throw Words.wrong(spec, "--seed", "need a whole number from 0 to " + LARGEST_SEED + ", got " + seed);
        }
        return new PathsBench(wanted, repetitions, samples, batch, seed, threads, extrapolateFrom);
    }

    private static void print(PrintWriter out, PathsBench.Result result) {
        PathsBench bench = result.bench();
        out.printf(
                Locale.ROOT,
                "A training epoch of %,d samples in batches of %d: time of the published algorithm over Stillpoint's,%n"
                        + "median of %d, in brackets lowest and highest%n%n",
                bench.samples(),
                bench.batch(),
                bench.repetitions());
        ratios(result).lines().forEach(out::println);
        out.println();
        for (Column column : Column.values()) {
            out.printf("%-14s  %s%n", column.title(), column.meaning());
        }
        out.println();
        figures(result).lines().forEach(out::println);
        out.println();
        out.println("Kernels alone, " + result.lines().get(0).kernel().lanes());
        out.println();
        kernels(result).lines().forEach(out::println);
        out.println();
        out.println("flops: " + KernelLine.FLOPS);
        result.lines().stream()
                .flatMap(line -> line.agreement().stream())
                .mapToDouble(PathsAgreement::difference)
                .max()
                .ifPresent(largest -> out.printf(
                        Locale.ROOT,
                        "%nlargest difference of the two sides' x after the same steps, first batch: %.0e%n",
                        largest));
        if (result.lines().stream()
                .anyMatch(line -> Arrays.stream(Column.values()).anyMatch(line::extrapolated))) {
            out.println();
            out.println(
                    "* published algorithm extrapolated: the time of a step times the number of its steps; timed were "
                            + PathsBench.TIMED_STEPS + " steps");
            out.println(
                    "  a batch from grid " + bench.extrapolateFrom() + " on, the first column's epoch on smaller ones");
        }
        for (PathsLine line : result.lines()) {
            if (line.unfinished() > 0) {
                out.println();
                out.printf(
                        Locale.ROOT,
                        "%s: %,d samples ended before their residual was 0.001, at the step limit or at their rounding;"
                                + "%n  the published algorithm is given no more steps than the others of their batch%n",
                        line.title(),
                        line.unfinished());
            }
        }
        for (PathsLine line : result.lines()) {
            if (!line.skipped().isEmpty()) {
                out.println();
                out.println(line.title() + ": published algorithm " + line.skipped());
            }
        }
    }

    private static TextTable ratios(PathsBench.Result result) {
        List<String> titles = new ArrayList<>(List.of("grid", "variables n"));
        for (Column column : Column.values()) {
            titles.add(column.title());
        }
        TextTable table = new TextTable(titles);
        for (PathsLine line : result.lines()) {
            List<String> row = new ArrayList<>(List.of(
                    line.title(), String.format(Locale.ROOT, "%,d", line.grid().arcs())));
            for (Column column : Column.values()) {
                row.add(line.ratio(column)
                        .map(ratio -> text(ratio) + (line.extrapolated(column) ? "*" : ""))
                        .orElse("-"));
            }
            table.row(row);
        }
        return table;
    }

    /** A row a grid, and how the figures grow. */
    private static TextTable figures(PathsBench.Result result) {
        List<String> titles = new ArrayList<>(List.of("grid", "libtorch\nthreads", "published\nthreads"));
        List<String> growth = new ArrayList<>(List.of("grows as n^", "", ""));
        List<PathsLine.Figure> figures = result.lines().get(0).figures();
        for (int i = 0; i < figures.size(); i++) {
            titles.add(figures.get(i).title());
            growth.add(number(result.exponent(i)));
        }
        TextTable table = new TextTable(titles);
        for (PathsLine line : result.lines()) {
            List<String> row = new ArrayList<>(List.of(
                    line.title(),
                    Integer.toString(line.threads()),
                    line.skipped().isEmpty() ? Integer.toString(line.publishedThreads()) : "-"));
            line.figures().forEach(figure -> row.add(number(figure.value())));
            table.row(row);
        }
        return result.lines().size() > 1 ? table.row(growth) : table;
    }

    /** A row a grid. */
    private static TextTable kernels(PathsBench.Result result) {
        int threads = result.bench().threads();
        TextTable table = new TextTable(List.of(
                "grid",
                "us a sample\nand step",
                "flops",
                "GFLOP/s",
                "of peak\n%",
                "speed-up,\n" + threads + " threads",
                "efficiency\n%",
                "factor\nms",
                "nnz(L)",
                "factor\nMB",
                "tile\nMB"));
        for (PathsLine line : result.lines()) {
            KernelLine kernel = line.kernel();
            table.row(List.of(
                    line.title(),
                    number(kernel.microseconds()),
                    String.format(Locale.ROOT, "%,d", kernel.flops()),
                    number(kernel.rate() / 1e9),
                    number(100 * kernel.share()),
                    number(kernel.speedUp().median()),
                    number(100 * kernel.efficiency()),
                    number(1e3 * kernel.factorSeconds().median()),
                    String.format(Locale.ROOT, "%,d", kernel.nonZeros()),
                    number(kernel.factorBytes() / 1e6),
                    number(kernel.tileBytes() / 1e6)));
        }
        return table;
    }

    private static String text(Spread ratio) {
        return number(ratio.median()) + " (" + number(ratio.min()) + "-" + number(ratio.max()) + ")";
    }

    /** About three digits. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
