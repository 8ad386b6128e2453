package dev.stillpoint.cli;

import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train APPLICATION} and {@code train --resume DIR}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Train a model and write its run folder: weights, metrics, certificates and a report.",
        synopsisSubcommandLabel = "APPLICATION",
        commandListHeading = "%nApplications:%n",
        footer = {"", "stillpoint train APPLICATION --help lists an application's settings."})
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "Go on from the last checkpoint of a run that was stopped, to the same result.")
    private @Nullable Path resume;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    TrainCommand() {}

    /** One subcommand an application, with an option a setting. */
    static void addApplications(CommandLine train) {
        for (Application application : Application.all()) {
            CommandLine command = new CommandLine(new Train(application));
            command.getCommandSpec().usageMessage().description("Train a model: " + application.summary() + ".");
            ApplicationOptions.add(command, application, Set.of());
            train.addSubcommand(application.name(), command);
        }
    }

    @Override
    public Integer call() {
        if (resume == null) {
            throw new ParameterException(
                    spec.commandLine(), "need an application (" + ApplicationOptions.names() + ") or --resume DIR");
        }
        common.check();
        TrainingRun run = TrainingRun.open(resume, common.threads);
        return Trainer.train(run, common.json, spec.commandLine());
    }

    /** {@code train APPLICATION}. */
    @Command(mixinStandardHelpOptions = true, sortOptions = false)
    static final class Train implements Callable<Integer> {
        private final Application application;

        @Mixin
        private final CommonOptions common = new CommonOptions();

        @Option(
                names = "--run",
                paramLabel = "DIR",
                description = "The run's folder, new or empty. Default: runs/APPLICATION-DATE-TIME.")
        private @Nullable Path folder;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        Train(Application application) {
            this.application = application;
        }

        @Override
        public Integer call() {
            ApplicationOptions.refuseThoseBefore(spec, application);
            common.check();
            Settings settings = ApplicationOptions.read(spec, application);
            Path path = folder != null ? folder : ApplicationOptions.folder(application.name());
            TrainingRun run = TrainingRun.create(application, settings, path, common.threads);
            return Trainer.train(run, common.json, spec.commandLine());
        }
    }
}
