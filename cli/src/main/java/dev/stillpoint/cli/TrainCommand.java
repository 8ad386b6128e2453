package dev.stillpoint.cli;

import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
            for (Setting<?> setting : application.settings()) {
                command.getCommandSpec()
                        .addOption(OptionSpec.builder("--" + setting.name())
                                .type(String.class)
                                .paramLabel(setting.kind())
                                .description(setting.description() + ". Default: " + setting.defaultText() + ".")
                                .build());
            }
            train.addSubcommand(application.name(), command);
        }
    }

    @Override
    public Integer call() {
        if (resume == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "need an application (" + String.join(", ", applicationNames()) + ") or --resume DIR");
        }
        common.check();
        TrainingRun run = TrainingRun.open(resume, common.threads);
        return Trainer.train(run, common.json, spec.commandLine());
    }

    private static String[] applicationNames() {
        return Application.all().stream().map(Application::name).toArray(String[]::new);
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
            refuseOptionsBeforeTheApplication();
            common.check();
            Settings settings = settings();
            Path path = folder != null
                    ? folder
                    : Path.of(
                            "runs",
                            application.name() + "-"
                                    + LocalDateTime.now(java.time.ZoneId.systemDefault())
                                            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
            TrainingRun run = TrainingRun.create(application, settings, path, common.threads);
            return Trainer.train(run, common.json, spec.commandLine());
        }

        /** picocli would drop them: "train --device cuda paths" would compute on the CPU. */
        private void refuseOptionsBeforeTheApplication() {
            List<OptionSpec> early =
                    spec.parent().commandLine().getParseResult().matchedOptions();
            if (!early.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        early.get(0).longestName() + ": need it after '" + application.name() + "', got it before");
            }
        }

        private Settings settings() {
            Map<String, String> given = new LinkedHashMap<>();
            for (Setting<?> setting : application.settings()) {
                String text = spec.commandLine().getParseResult().matchedOptionValue("--" + setting.name(), null);
                if (text != null) {
                    given.put(setting.name(), text);
                }
            }
            try {
                return Settings.of(application.settings(), given);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
        }
    }
}
