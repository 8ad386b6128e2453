package dev.stillpoint.cli;

import dev.stillpoint.cli.measure.MeasurementException;
import dev.stillpoint.data.DataException;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.train.Provenance;
import dev.stillpoint.train.TrainingException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code stillpoint}. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not to be trusted. */
@Command(
        name = "stillpoint",
        description = "Learn to optimise: train networks whose outputs solve optimisation problems.",
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            InferCommand.class,
            CompareCommand.class,
            BenchCommand.class,
            DataCommand.class,
            ImagesCommand.class,
            DoctorCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed, with a message",
            "2:wrong usage",
            "3:an inference did not converge or failed a certificate (infer --require-trust)"
        },
        footer = {"", "Begin with: stillpoint train paths"})
public final class Main implements Runnable {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNTRUSTED = 3;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command, applications included. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Main());
        TrainCommand.addApplications(
                Objects.requireNonNull(command.getSubcommands().get("train")));
        CompareCommand.addApplications(
                Objects.requireNonNull(command.getSubcommands().get("compare")));
        CommandLine completion = new CommandLine(new AutoComplete.GenerateCompletion());
        completion
                .getCommandSpec()
                .name("completion")
                .usageMessage()
                .description("Print a completion script for bash and zsh:" + " source <(stillpoint completion)");
        command.addSubcommand("completion", completion);
        useVersion(command);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setUsageHelpAutoWidth(true);
        command.setParameterExceptionHandler(Main::wrongUsage);
        command.setExecutionExceptionHandler(Main::failed);
        return command;
    }

    private static void useVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Main::useVersion);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println("stillpoint: " + usage(e) + "; see '"
                        + command.getCommandSpec().qualifiedName() + " --help'");
        return USAGE;
    }

    /** What is wrong with the words given; picocli's own text for an unknown one names a position in place of a choice. */
    private static String usage(ParameterException e) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            Set<String> choices = e.getCommandLine().getSubcommands().keySet();
            if (word.startsWith("-")) {
                return "unknown option '" + word + "'";
            }
            return choices.isEmpty()
                    ? "need options alone, got '" + word + "'"
                    : "need one of " + String.join(", ", choices) + ", got '" + word + "'";
        }
        return oneLine(e);
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr()
                .println("stillpoint: " + (expected(e) ? "" : e.getClass().getSimpleName() + ": ") + oneLine(e));
        if (command.getParseResult().hasMatchedOption("--verbose")) {
            e.printStackTrace(command.getErr());
        } else if (!expected(e)) {
            command.getErr().println("stillpoint: this should not happen; --verbose shows where");
        }
        return FAILED;
    }

    /** Failures whose message is written for the user. */
    private static boolean expected(Exception e) {
        return e instanceof DataException
                || e instanceof TrainingException
                || e instanceof MeasurementException
                || e instanceof IllegalArgumentException
                || e instanceof UncheckedIOException;
    }

    private static String oneLine(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : Engine.firstLine(e);
    }

    /** Version, commit and what it runs on. */
    static final class Version implements IVersionProvider {
        Version() {}

        @Override
        public String[] getVersion() {
            Provenance here = Provenance.capture();
            return new String[] {
                "stillpoint " + here.version() + " (" + here.commit() + ")",
                "libtorch " + here.libtorch() + ", Java " + here.java() + ", " + here.system()
            };
        }
    }
}
