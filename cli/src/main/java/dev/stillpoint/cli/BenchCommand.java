package dev.stillpoint.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench NAME}: a subcommand a benchmark. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure on this machine what the documentation claims.",
        subcommands = {
            AdjointsCommand.class,
            ChoicesCommand.class,
            ImagesBenchCommand.class,
            LatencyCommand.class,
            LosAngelesCommand.class,
            MemoryCommand.class,
            PathsCommand.class,
            ScalingCommand.class
        },
        synopsisSubcommandLabel = "NAME",
        commandListHeading = "%nBenchmarks:%n")
final class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    BenchCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "need a benchmark ("
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()) + ")");
    }
}
