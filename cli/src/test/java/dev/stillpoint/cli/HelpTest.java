package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Setting;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
    /** Every command there is, as its words after "stillpoint". */
    static List<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        collect(Main.commandLine(), List.of(), all);
        return all;
    }

    private static void collect(CommandLine command, List<String> words, List<List<String>> all) {
        all.add(words);
        command.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(words);
            longer.add(name);
            collect(sub, longer, all);
        });
    }

    @Test
    void everyCommandIsListed() {
        assertThat(commands())
                .contains(
                        List.of(),
                        List.of("train"),
                        List.of("train", "paths"),
                        List.of("evaluate"),
                        List.of("infer"),
                        List.of("compare"),
                        List.of("compare", "paths"),
                        List.of("compare", "images"),
                        List.of("bench"),
                        List.of("bench", "choices"),
                        List.of("bench", "memory"),
                        List.of("bench", "paths"),
                        List.of("bench", "scaling"),
                        List.of("data"),
                        List.of("data", "list"),
                        List.of("data", "fetch"),
                        List.of("data", "verify"),
                        List.of("images"),
                        List.of("images", "import"),
                        List.of("images", "export"),
                        List.of("doctor"),
                        List.of("help"),
                        List.of("completion"));
        String help = Ran.done("help").out();
        assertThat(help).isEqualTo(Ran.done("--help").out());
        for (String name : Main.commandLine().getSubcommands().keySet()) {
            assertThat(help).containsPattern("\n  " + name + " +[A-Z]");
        }
        assertThat(help).containsPattern("0 +done").containsPattern("1 +failed").containsPattern("2 +wrong usage");
        assertThat(help).containsPattern("3 +an inference did not converge");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelp(List<String> words) {
        List<Object> args = new ArrayList<>(words);
        args.add("--help");
        Ran ran = Ran.done(args.toArray());
        assertThat(ran.err()).isEmpty();
        // picocli's help command tells what it does before its usage.
        String name = String.join(" ", words);
        assertThat(ran.out()).containsPattern("(?m)^Usage: " + ("stillpoint " + name).strip() + " \\[");
        assertThat(ran.out().lines().count()).isGreaterThan(2);
    }

    @Test
    void everySettingIsShownWithItsDefault() {
        assertThat(Application.all()).isNotEmpty();
        for (Application application : Application.all()) {
            assertThat(Ran.done("train", "--help").out().replaceAll("\\s+", " "))
                    .contains(" " + application.name() + " Train a model: " + application.summary() + ".");
            String help = Ran.done("train", application.name(), "--help").out().replaceAll("\\s+", " ");
            for (Setting<?> setting : application.settings()) {
                assertThat(help)
                        .contains(" --" + setting.name() + "=" + setting.kind() + " " + setting.description() + "."
                                + (setting.defaultText().isEmpty() ? "" : " Default: " + setting.defaultText() + "."));
            }
        }
    }

    /** The help command is picocli's own and has no --version. */
    static List<List<String>> versioned() {
        return commands().stream()
                .filter(words -> !words.equals(List.of("help")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("versioned")
    void everyCommandTellsTheVersion(List<String> words) {
        List<Object> args = new ArrayList<>(words);
        args.add("--version");
        Ran ran = Ran.done(args.toArray());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .containsPattern("^stillpoint [0-9]+\\.[0-9]+\\.[0-9]+")
                .containsPattern("libtorch [0-9]+\\.[0-9]+\\.[0-9]+")
                .containsPattern("Java " + Pattern.quote(Runtime.version().toString()));
    }

    @Test
    void completionIsAShellScript(@TempDir Path folder) throws IOException, InterruptedException {
        Path bash = Path.of("/bin/bash");
        assumeTrue(Files.isExecutable(bash), "no bash here");
        Ran ran = Ran.done("completion");
        assertThat(ran.out()).contains("paths", "--require-trust", "--grid");
        Path script = Files.writeString(folder.resolve("completion.sh"), ran.out());
        File messages = folder.resolve("messages").toFile();
        Process check = new ProcessBuilder(bash.toString(), "-n", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(messages)
                .start();
        assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(messages).isEmpty();
        assertThat(check.exitValue()).isEqualTo(0);
    }
}
