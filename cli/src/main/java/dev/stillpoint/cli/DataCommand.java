package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.Download;
import dev.stillpoint.data.PublicFile;
import dev.stillpoint.data.PublicSet;
import dev.stillpoint.data.PublicSets;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code data list | fetch NAME | verify}: public data sets and the folder that they lie in. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Public data sets: what there is, download it, compare it with its published checksums.",
        subcommands = {DataCommand.ListSets.class, DataCommand.Fetch.class, DataCommand.Verify.class},
        synopsisSubcommandLabel = "COMMAND")
final class DataCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    DataCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "need one of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }

    /** Which folder, and how to report. */
    static final class Options extends OutputOptions {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data folder. Default: what STILLPOINT_DATA names, else the user's cache folder.")
        private @Nullable Path data;

        Options() {}

        DataFolder folder() {
            return DataFolder.of(Optional.ofNullable(data));
        }
    }

    /** {@code data list}. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Name the sets and say which are there.")
    static final class ListSets implements Callable<Integer> {
        @Mixin
        private final Options options = new Options();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        ListSets() {}

        @Override
        public Integer call() {
            DataFolder folder = options.folder();
            ArrayNode sets = JSON.createArrayNode();
            TextTable table = new TextTable(List.of("set", "files there", "MB", "source"));
            for (PublicSet set : PublicSets.ALL) {
                int there = 0;
                for (PublicFile file : set.files()) {
                    there += Files.isRegularFile(folder.resolve(file)) ? 1 : 0;
                }
                table.row(List.of(
                        set.name() + ": " + set.summary(),
                        there + " of " + set.files().size(),
                        megabytes(set.bytes()),
                        set.source()));
                sets.addObject()
                        .put("name", set.name())
                        .put("summary", set.summary())
                        .put("source", set.source())
                        .put("bytes", set.bytes())
                        .put("files", set.files().size())
                        .put("there", there);
            }
            if (options.json) {
                print(spec, report(folder).set("sets", sets));
            } else {
                PrintWriter out = spec.commandLine().getOut();
                table.lines().forEach(out::println);
                out.println("Folder: " + folder.path() + " (" + folder.chosenBy() + ")");
                out.flush();
            }
            return Main.DONE;
        }
    }

    /** {@code data fetch NAME}. */
    @Command(
            name = "fetch",
            mixinStandardHelpOptions = true,
            description = "Download sets that are not there, each file checked before it takes its name.")
    static final class Fetch implements Callable<Integer> {
        @Mixin
        private final Options options = new Options();

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "Sets, by their names in 'data list'.")
        @SuppressWarnings("NullAway.Init")
        private List<String> names;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        Fetch() {}

        @Override
        public Integer call() {
            DataFolder folder = options.folder();
            ArrayNode files = JSON.createArrayNode();
            for (PublicSet set : chosen(spec, names)) {
                for (PublicFile file : set.files()) {
                    boolean downloaded = fetch(file, folder);
                    files.addObject().put("file", file.path()).put("downloaded", downloaded);
                }
            }
            if (options.json) {
                print(spec, report(folder).set("files", files));
            }
            return Main.DONE;
        }

        private boolean fetch(PublicFile file, DataFolder folder) {
            PrintWriter err = spec.commandLine().getErr();
            boolean downloaded;
            try (Progress progress = Progress.of(err, file.path(), " MB", whole(file.bytes()))) {
                progress.say(file.path() + ": checking, or downloading " + megabytes(file.bytes()) + " MB");
                downloaded = Download.fetch(
                        file,
                        folder,
                        Download.Patience.DEFAULT,
                        (bytes, total) -> progress.at(whole(bytes), whole(total < 0 ? file.bytes() : total)));
            }
            err.println(file.path() + ": " + (downloaded ? "downloaded and checked" : "there already, and right"));
            err.flush();
            return downloaded;
        }

        private static long whole(long bytes) {
            return (bytes + 500_000) / 1_000_000;
        }
    }

    /** {@code data verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Compare files with their published checksums; fails if one differs or a named one is not there.")
    static final class Verify implements Callable<Integer> {
        @Mixin
        private final Options options = new Options();

        @Parameters(
                paramLabel = "NAME",
                arity = "0..*",
                description = "Sets, by their names in 'data list'. Default: all of which a file is there.")
        private @Nullable List<String> names;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        Verify() {}

        @Override
        public Integer call() {
            DataFolder folder = options.folder();
            List<PublicSet> sets = names == null ? present(folder) : chosen(spec, names);
            ArrayNode files = JSON.createArrayNode();
            int wrong = 0;
            for (PublicSet set : sets) {
                for (PublicFile file : set.files()) {
                    PublicFile.Check check = file.check(folder.resolve(file));
                    wrong += check.state() == PublicFile.State.GOOD ? 0 : 1;
                    String state = check.state().name().toLowerCase(Locale.ROOT);
                    files.addObject()
                            .put("file", file.path())
                            .put("state", state)
                            .put("detail", check.detail());
                    if (!options.json) {
                        spec.commandLine().getOut().println(file.path() + ": " + state + " (" + check.detail() + ")");
                        spec.commandLine().getOut().flush();
                    }
                }
            }
            if (options.json) {
                print(spec, report(folder).set("files", files));
            }
            if (wrong > 0) {
                throw new DataException(
                        folder.path(), "need " + files.size() + " files that are right, got " + (files.size() - wrong));
            }
            return Main.DONE;
        }

        private static List<PublicSet> present(DataFolder folder) {
            List<PublicSet> present = new ArrayList<>();
            for (PublicSet set : PublicSets.ALL) {
                if (set.files().stream().anyMatch(file -> Files.exists(folder.resolve(file)))) {
                    present.add(set);
                }
            }
            if (present.isEmpty()) {
                throw new DataException(
                        folder.path(), "need a file of a set to verify, got none ('stillpoint data fetch NAME')");
            }
            return present;
        }
    }

    private static List<PublicSet> chosen(CommandSpec spec, List<String> names) {
        List<PublicSet> sets = new ArrayList<>();
        for (String name : names) {
            try {
                sets.add(PublicSets.named(name));
            } catch (IllegalArgumentException e) {
                throw Words.wrong(spec, "NAME", String.valueOf(e.getMessage()));
            }
        }
        return sets;
    }

    private static ObjectNode report(DataFolder folder) {
        return JSON.createObjectNode().put("folder", folder.path().toString()).put("chosenBy", folder.chosenBy());
    }

    private static void print(CommandSpec spec, Object line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
    }
}
