package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.Comparison;
import dev.stillpoint.cli.measure.ComparisonPlan;
import dev.stillpoint.cli.measure.TrainedRun;
import dev.stillpoint.cli.report.ComparisonPage;
import dev.stillpoint.cli.report.ComparisonTable;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.FinishedRun;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.SideBySide;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

/** {@code compare APPLICATION --adjoints} and {@code compare APPLICATION --runs}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Train an application in several ways and set the results side by side.",
        synopsisSubcommandLabel = "APPLICATION",
        commandListHeading = "%nApplications:%n",
        footer = {"", "stillpoint compare APPLICATION --help lists an application's settings."})
final class CompareCommand implements Callable<Integer> {
    /** Compared where no list is given, as far as the application knows them: those whose training is a matter of seconds. */
    static final List<String> USUAL = List.of("jfb", "neumann:5", "unrolled:20", "implicit", "implicit:gmres");

    private static final String ADJOINT = "adjoint";
    private static final String SEED = "seed";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    CompareCommand() {}

    /** One subcommand an application, with an option a setting, and one that compares stored runs. */
    static void addApplications(CommandLine compare) {
        for (Application application : Application.all()) {
            CommandLine command = new CommandLine(new Compare(application));
            command.getCommandSpec().usageMessage().description("Compare on: " + application.summary() + ".");
            ApplicationOptions.add(command, application, Set.of(ADJOINT, SEED));
            compare.addSubcommand(application.name(), command);
        }
        compare.addSubcommand(new CompareImagesCommand());
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "need an application (" + ApplicationOptions.names() + ")");
    }

    /** {@code compare APPLICATION}. */
    @Command(mixinStandardHelpOptions = true, sortOptions = false)
    static final class Compare implements Callable<Integer> {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final Application application;

        @Mixin
        private final CommonOptions common = new CommonOptions();

        @Option(
                names = "--adjoints",
                arity = "0..1",
                fallbackValue = "",
                paramLabel = "LIST",
                description =
                        "Compare these ways to differentiate the fixed point, like jfb,implicit; without a list the"
                                + " usual ones.")
        private @Nullable String adjoints;

        @Option(
                names = "--runs",
                paramLabel = "DIR,...",
                description =
                        "Compare these finished runs as they are, beside methods without training (signals, tomography);"
                                + " of several runs of one method the best on validation data counts.")
        private @Nullable String runs;

        @Option(
                names = "--seeds",
                defaultValue = "0,1,2",
                paramLabel = "LIST",
                description = "Seeds of initial weights and shuffling. Default: ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init")
        private String seeds;

        @Option(
                names = "--output",
                paramLabel = "DIR",
                description = "Folder of the results, new or empty. Default: runs/compare-APPLICATION-DATE-TIME.")
        private @Nullable Path output;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        Compare(Application application) {
            this.application = application;
        }

        @Override
        public Integer call() {
            ApplicationOptions.refuseThoseBefore(spec, application);
            common.check();
            if (runs != null && adjoints != null) {
                throw new ParameterException(spec.commandLine(), "--runs: need it without --adjoints, got both");
            }
            if (runs != null) {
                return finished(runs);
            }
            ComparisonPlan plan = plan();
            Path folder = output != null ? output : ApplicationOptions.folder("compare-" + application.name());
            NewFolder.check(folder);
            PrintWriter err = spec.commandLine().getErr();
            int runs = plan.adjoints().size() * plan.seeds().size();
            err.println("comparing " + plan.adjoints().size() + " adjoints by " + runs + " trainings, a process each");
            Comparison comparison;
            int epochs = Integer.parseInt(plan.settings().getOrDefault("epochs", "1"));
            try (Progress progress = Progress.of(err, "comparing", " epochs", (long) runs * epochs)) {
                comparison = plan.run(new Watch(progress));
            }
            write(folder, comparison);
            print(folder, comparison);
            return Main.DONE;
        }

        /** Runs that are there, as the application sets them side by side. */
        private int finished(String list) {
            for (Setting<?> setting : application.settings()) {
                if (spec.commandLine().getParseResult().hasMatchedOption("--" + setting.name())) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "--" + setting.name() + ": need it without --runs, whose settings are stored");
                }
            }
            Path folder = output != null ? output : ApplicationOptions.folder("compare-" + application.name());
            NewFolder.check(folder);
            PrintWriter err = spec.commandLine().getErr();
            Engine.threads(
                    common.threads > 0 ? common.threads : Runtime.getRuntime().availableProcessors());
            List<FinishedRun> loaded = Words.list(spec, "--runs", list, Path::of).stream()
                    .map(path -> FinishedRun.load(path, application))
                    .toList();
            SideBySide result = application.sideBySide(loaded, message -> {
                err.println(message);
                err.flush();
            });
            ObjectNode json = common.stamped(result.json());
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put("comparison.json", bytes(json.toPrettyString() + "\n"));
            files.putAll(result.pictures());
            NewFolder.write(folder, files);
            PrintWriter out = spec.commandLine().getOut();
            if (common.json) {
                ObjectNode node = JSON.createObjectNode().put("output", folder.toString());
                node.setAll(json);
                out.println(node);
            } else {
                for (SideBySide.Table table : result.tables()) {
                    out.println(table.title());
                    TextTable text = new TextTable(table.columns());
                    table.rows().forEach(text::row);
                    text.lines().forEach(out::println);
                    out.println();
                }
                out.println("results: " + folder.resolve("comparison.json"));
            }
            out.flush();
            return Main.DONE;
        }

        private ComparisonPlan plan() {
            if (adjoints == null) {
                throw new ParameterException(
                        spec.commandLine(), "need what to compare: --adjoints, --adjoints LIST, or --runs DIR,...");
            }
            Setting<?> adjoint = setting(ADJOINT);
            Setting<?> seed = setting(SEED);
            List<String> chosen = adjoints.isEmpty()
                    ? usual(adjoint)
                    : Words.list(spec, "--adjoints", adjoints, text -> checked(adjoint, text));
            List<Long> seeded = Words.list(spec, "--seeds", seeds, text -> Long.valueOf(checked(seed, text)));
            Settings settings = ApplicationOptions.read(spec, application);
            Map<String, String> texts = new LinkedHashMap<>(settings.texts());
            texts.keySet().removeAll(Set.of(ADJOINT, SEED));
            return new ComparisonPlan(Words.typed(spec), application.name(), texts, chosen, seeded, common.threads);
        }

        private static List<String> usual(Setting<?> adjoint) {
            return USUAL.stream().filter(text -> known(adjoint, text)).toList();
        }

        private static boolean known(Setting<?> adjoint, String text) {
            try {
                adjoint.parse(text);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        private Setting<?> setting(String name) {
            return application.settings().stream()
                    .filter(setting -> setting.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "--adjoints: need an application with the setting '" + name + "', got "
                                    + application.name()));
        }

        /** The text itself, if the setting takes it. Its message names the setting, ours the list. */
        private static String checked(Setting<?> setting, String text) {
            try {
                setting.parse(text);
                return text;
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                throw new IllegalArgumentException(message.replace("--" + setting.name() + ": ", ""), e);
            }
        }

        private static void write(Path folder, Comparison comparison) {
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put("comparison.json", bytes(comparison.toJson().toPrettyString() + "\n"));
            StringBuilder history = new StringBuilder();
            comparison.runs().forEach(run -> history.append(run.historyJson()).append('\n'));
            files.put("history.jsonl", bytes(history.toString()));
            Optional<byte[]> picture = ComparisonPage.picture(comparison);
            picture.ifPresent(png -> files.put("comparison.png", png));
            files.put("comparison.html", bytes(ComparisonPage.html(comparison, picture)));
            NewFolder.write(folder, files);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private void print(Path folder, Comparison comparison) {
            PrintWriter out = spec.commandLine().getOut();
            if (common.json) {
                ObjectNode node = JSON.createObjectNode().put("output", folder.toString());
                node.setAll(comparison.toJson());
                out.println(node);
            } else {
                ComparisonTable cells = new ComparisonTable(comparison);
                TextTable table = new TextTable(cells.titles());
                cells.rows().forEach(table::row);
                table.lines().forEach(out::println);
                out.println();
                cells.notes().forEach(out::println);
                out.println("\nresults: " + folder.resolve("comparison.html"));
            }
            out.flush();
        }
    }

    /** Progress in epochs; a line a run. */
    private record Watch(Progress progress) implements ComparisonPlan.Listener {
        @Override
        public void onEpoch(String adjoint, long seed, double loss) {
            progress.step(String.format(Locale.ROOT, "%s, seed %d, loss %.5f", adjoint, seed, loss));
        }

        @Override
        public void onRun(TrainedRun run) {
            progress.say(String.format(
                    Locale.ROOT,
                    "%s, seed %d: %d epochs in %.2f s, cosine %.4f",
                    run.adjoint(),
                    run.seed(),
                    run.epochs(),
                    run.seconds(),
                    run.trainedCosine()));
        }
    }
}
