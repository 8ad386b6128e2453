package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.LatencyBench;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench latency}. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description = "How long Model.infer takes for one context while several threads ask, and what memory it keeps.",
        footer = {"", "Fails where resident memory grows from the first half of the calls to the second."})
final class LatencyCommand implements Callable<Integer> {

    @Option(
            names = "--grid",
            paramLabel = "K",
            defaultValue = "30",
            description = "Nodes on a side of the shortest-path network's grid. Default: ${DEFAULT-VALUE}.")
    private int grid;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Epochs of training before. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "8",
            description = "Threads that ask, each as soon as it has its answer. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "4000",
            description = "Calls that do not count. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Calls that count. Default: ${DEFAULT-VALUE}.")
    private int calls;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the contexts. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    LatencyCommand() {}

    @Override
    public Integer call() {
        options.atLeast("--grid", grid, 2);
        options.atLeast("--epochs", epochs, 1);
        options.atLeast("--threads", threads, 1);
        options.atLeast("--warm-up", warmUp, 0);
        options.atLeast("--calls", calls, 1);
        LatencyBench.Result result = new LatencyBench(grid, epochs, threads, warmUp, calls, seed).run();
        options.print(result::toJson, out -> print(out, result));
        if (result.growth() > LatencyBench.FLAT) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "bench latency: need resident memory within %,d bytes, got %,d more in the second half of %,d calls",
                    LatencyBench.FLAT,
                    result.growth(),
                    calls));
        }
        return Main.DONE;
    }

    private void print(PrintWriter out, LatencyBench.Result result) {
        ObjectNode node = result.toJson();
        out.printf(
                Locale.ROOT,
                "One context of a %d x %d grid a call, %d threads on %d processors, %,d calls after %,d:%n"
                        + "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, slowest %.2f ms; %,.0f calls a second, %.2f ms of processor time and"
                        + " %,.0f steps a call%nresident memory %+d kB from the first half to the second, %+d native objects%n",
                grid,
                grid,
                threads,
                node.path("processors").asInt(),
                calls,
                warmUp,
                node.path("p50").asDouble(),
                node.path("p90").asDouble(),
                result.p99(),
                node.path("worst").asDouble(),
                node.path("callsPerSecond").asDouble(),
                node.path("processorMilliseconds").asDouble(),
                node.path("meanSteps").asDouble(),
                result.growth() / 1024,
                result.objects());
    }
}
