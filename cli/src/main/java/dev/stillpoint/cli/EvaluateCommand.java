package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code evaluate DIR}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Compute a trained run's test metrics again, from its stored model.")
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "A run folder.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    EvaluateCommand() {}

    @Override
    public Integer call() {
        common.check();
        TrainingRun.Outcome outcome = TrainingRun.open(folder, common.threads).evaluate();
        if (common.json) {
            ObjectNode node = outcome.toJson();
            node.put("run", folder.toString());
            spec.commandLine().getOut().println(node);
        } else {
            Summary.print(spec.commandLine().getOut(), outcome);
        }
        spec.commandLine().getOut().flush();
        return Main.DONE;
    }
}
