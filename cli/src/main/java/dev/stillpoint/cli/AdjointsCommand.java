package dev.stillpoint.cli;

import dev.stillpoint.cli.measure.AdjointBench;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.tensor.Engine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench adjoints}. */
@Command(
        name = "adjoints",
        mixinStandardHelpOptions = true,
        description = "Time and error of the gradient of a flow on a grid, by several adjoints from the same solution.",
        footer = {
            "",
            "Errors are against float64, from the optimality conditions alone. Fails where implicit:active is further from"
                    + " that than its float32 numbers allow."
        })
final class AdjointsCommand implements Callable<Integer> {
    /** Of the gradient in float32. */
    private static final double EXACT = 1e-3;

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
            description =
                    "Gradients by each adjoint, in turns with the others; medians count. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "32",
            description = "Samples of a batch. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of costs and targets. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the kernels; libtorch has one. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    AdjointsCommand() {}

    @Override
    public Integer call() {
        AdjointBench bench = bench();
        Engine.threads(1);
        Workers.limit(threads);
        List<AdjointBench.Line> lines;
        try (Progress progress = Progress.of(spec.commandLine().getErr(), "measuring", " batches", bench.parts())) {
            lines = bench.run(progress::done);
        }
        options.print(() -> bench.toJson(lines).put("threads", threads), out -> print(out, lines));
        for (AdjointBench.Line line : lines) {
            if (line.adjoint().equals("implicit:active") && !(line.error() <= EXACT)) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT,
                        "bench adjoints: need implicit:active within %.0e of the exact gradient, got %.1e on the %d x %d"
                                + " grid",
                        EXACT,
                        line.error(),
                        line.grid(),
                        line.grid()));
            }
        }
        return Main.DONE;
    }

    private AdjointBench bench() {
        List<Integer> wanted = options.grids(grids);
        options.atLeast("--repetitions", repetitions, 1);
        options.atLeast("--samples", samples, 1);
        options.atLeast("--threads", threads, 1);
        return new AdjointBench(wanted, repetitions, samples, seed);
    }

    private static void print(PrintWriter out, List<AdjointBench.Line> lines) {
        TextTable table = new TextTable(List.of(
                "grid",
                "variables\nn",
                "free\n%",
                "adjoint",
                "ms\na sample",
                "over\njfb",
                "products",
                "error",
                "cosine"));
        double jfb = Double.NaN;
        for (AdjointBench.Line line : lines) {
            jfb = line.adjoint().equals("jfb") ? line.milliseconds() : jfb;
            table.row(List.of(
                    line.grid() + " x " + line.grid(),
                    String.format(Locale.ROOT, "%,d", line.variables()),
                    PathsCommand.number(100 * line.free()),
                    line.adjoint(),
                    PathsCommand.number(line.milliseconds()),
                    PathsCommand.number(line.milliseconds() / jfb),
                    String.format(Locale.ROOT, "%,d", line.products()),
                    String.format(Locale.ROOT, "%.0e", line.error()),
                    String.format(Locale.ROOT, "%.4f", line.cosine())));
        }
        table.lines().forEach(out::println);
    }
}
