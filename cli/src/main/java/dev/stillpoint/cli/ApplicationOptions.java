package dev.stillpoint.cli;

import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** An application's settings as options of a subcommand. */
final class ApplicationOptions {
    private ApplicationOptions() {}

    /**
     * Gives a command an option a setting.
     *
     * @param without names of settings that the command sets itself
     */
    static void add(CommandLine command, Application application, Set<String> without) {
        for (Setting<?> setting : application.settings()) {
            if (!without.contains(setting.name())) {
                command.getCommandSpec()
                        .addOption(OptionSpec.builder("--" + setting.name())
                                .type(String.class)
                                .paramLabel(setting.kind())
                                .description(setting.description() + "."
                                        + (setting.defaultText().isEmpty()
                                                ? ""
                                                : " Default: " + setting.defaultText() + "."))
                                .build());
            }
        }
    }

    /**
     * The settings given, and defaults for the rest.
     *
     * @throws ParameterException "--name: need X, got Y"
     */
    static Settings read(CommandSpec spec, Application application) {
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

    /** picocli would drop them: "train --device cuda paths" would compute on the CPU. */
    static void refuseThoseBefore(CommandSpec spec, Application application) {
        List<OptionSpec> early = spec.parent().commandLine().getParseResult().matchedOptions();
        if (!early.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    early.get(0).longestName() + ": need it after '" + application.name() + "', got it before");
        }
    }

    /** runs/NAME-DATE-TIME. */
    static Path folder(String name) {
        return Path.of(
                "runs",
                name + "-"
                        + LocalDateTime.now(ZoneId.systemDefault())
                                .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
    }

    /** The names of all applications, for a message. */
    static String names() {
        return String.join(
                ", ", Application.all().stream().map(Application::name).toList());
    }
}
