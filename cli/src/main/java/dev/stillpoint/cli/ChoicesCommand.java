package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.Choices;
import dev.stillpoint.tensor.Engine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench choices}. */
@Command(
        name = "choices",
        mixinStandardHelpOptions = true,
        description = "Operators, accelerations and adjoints side by side on the same problems: which one to take.")
final class ChoicesCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the problems' data. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Runs of a method, in turns with the others; the median time counts. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    ChoicesCommand() {}

    @Override
    public Integer call() {
        options.atLeast("--repetitions", repetitions, 1);
        // The problems are small: more threads only wait for each other.
        Engine.threads(1);
        List<Choices.Line> lines;
        try (Progress progress = Progress.of(spec.commandLine().getErr(), "measuring", " methods", Choices.METHODS)) {
            lines = Choices.measure(seed, repetitions, progress::done);
        }
        options.print(() -> toJson(lines), out -> {
            for (Choices.Kind kind : Choices.Kind.values()) {
                print(out, kind, lines);
            }
        });
        return Main.DONE;
    }

    private ObjectNode toJson(List<Choices.Line> lines) {
        ObjectNode node = JSON.createObjectNode()
                .put("seed", seed)
                .put("repetitions", repetitions)
                .put("batch", Choices.BATCH);
        ArrayNode all = node.putArray("lines");
        lines.forEach(line -> all.add(toJson(line)));
        return node;
    }

    private static ObjectNode toJson(Choices.Line line) {
        return JSON.createObjectNode()
                .put("kind", line.kind().name().toLowerCase(Locale.ROOT))
                .put("problem", line.problem())
                .put("method", line.method())
                .put("steps", line.steps())
                .put("milliseconds", line.milliseconds())
                .put("error", line.error())
                .put("cosine", line.cosine());
    }

    private static void print(PrintWriter out, Choices.Kind kind, List<Choices.Line> lines) {
        boolean adjoint = kind == Choices.Kind.ADJOINT;
        TextTable table = new TextTable(List.of(
                kind.name().toLowerCase(Locale.ROOT),
                adjoint ? "products" : "steps",
                "ms a batch",
                adjoint ? "gradient's error" : "error",
                adjoint ? "cosine" : ""));
        String problem = "";
        for (Choices.Line line : lines) {
            if (line.kind() != kind) {
                continue;
            }
            if (!line.problem().equals(problem)) {
                problem = line.problem();
                table.row(List.of(problem, "", "", "", ""));
            }
            table.row(List.of(
                    "  " + line.method(),
                    String.format(Locale.ROOT, "%,.0f", line.steps()),
                    String.format(Locale.ROOT, "%,.1f", line.milliseconds()),
                    String.format(Locale.ROOT, "%.0e", line.error()),
                    adjoint ? String.format(Locale.ROOT, "%.4f", line.cosine()) : ""));
        }
        table.lines().forEach(out::println);
        out.println();
    }
}
