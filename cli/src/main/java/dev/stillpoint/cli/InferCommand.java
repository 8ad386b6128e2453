package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Trust;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.data.DataException;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code infer DIR --input FILE --output FILE}. */
@Command(
        name = "infer",
        mixinStandardHelpOptions = true,
        description = "Decide for the contexts of a file, with status, residual, violation and certificates a row.")
final class InferCommand implements Callable<Integer> {
    private static final int NOTES_SHOWN = 5;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "A run folder with a trained model.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description =
                    "Contexts: a CSV file with a header, further columns are ignored; or what the application reads.")
    @SuppressWarnings("NullAway.Init")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Decisions: a CSV file, a row a context; replaced as a whole if it exists.")
    @SuppressWarnings("NullAway.Init")
    private Path output;

    @Option(
            names = "--k-best",
            defaultValue = "1",
            paramLabel = "K",
            description = "Name the K best decisions with their costs, where the application can list them (paths from"
                    + " files). Default: ${DEFAULT-VALUE}.")
    private int best;

    @Option(
            names = "--require-trust",
            defaultValue = "none",
            paramLabel = "none|hard|all",
            description = "Exit with 3 if a row did not converge or fails a hard certificate (hard), or any (all)."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Trust trust;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    InferCommand() {}

    @Override
    public Integer call() {
        common.check();
        Path parent = output.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new DataException(output, "need a file in an existing folder, got none there");
        }
        if (Files.exists(output) && Files.exists(input) && sameFile(input, output)) {
            throw new DataException(output, "need another file than the input, got the same");
        }
        Model model = Model.load(folder);
        if (common.threads > 0) {
            Engine.threads(common.threads);
            Workers.limit(common.threads);
        }
        if (best != 1) {
            model = model.withBest(best);
        }
        // Without their vectors: the decisions of many rows on a large problem would not fit into memory.
        List<Decision> decisions = new ArrayList<>();
        model.read(input).answer(d -> decisions.add(d.withoutVectors()));
        write(decisions);
        int untrusted = 0;
        int first = -1;
        for (int i = 0; i < decisions.size(); i++) {
            Decision d = decisions.get(i);
            if (trust != Trust.NONE && (d.status() != Status.CONVERGED || !trust.accepts(d.certificates()))) {
                untrusted++;
                first = first < 0 ? i : first;
            }
        }
        warn(decisions);
        summarise(decisions, untrusted);
        if (untrusted > 0) {
            spec.commandLine()
                    .getErr()
                    .println("stillpoint: " + untrusted + " of " + decisions.size()
                            + " decisions are not to be trusted (--require-trust "
                            + trust.name().toLowerCase(java.util.Locale.ROOT) + "), the first in data row "
                            + (first + 1)
                            + ": see its status and certificates in " + output);
            return Main.UNTRUSTED;
        }
        return Main.DONE;
    }

    private static boolean sameFile(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            throw new UncheckedIOException(b + ": need a file that can be read, got " + e.getMessage(), e);
        }
    }

    private void write(List<Decision> decisions) {
        List<String> header = new ArrayList<>(List.of("decision", "objective"));
        header.addAll(decisions.get(0).details().keySet());
        header.addAll(List.of("status", "steps", "residual", "violation"));
        for (Certificate c : decisions.get(0).certificates()) {
            header.add("certificate_" + c.name());
        }
        List<List<String>> rows = new ArrayList<>(decisions.size());
        for (Decision d : decisions) {
            List<String> row = new ArrayList<>(List.of(d.decision(), Double.toString(d.objective())));
            row.addAll(d.details().values());
            row.addAll(List.of(
                    d.status().name(),
                    Integer.toString(d.steps()),
                    Double.toString(d.residual()),
                    Double.toString(d.violation())));
            d.certificates().forEach(c -> row.add(c.label().name()));
            rows.add(row);
        }
        CsvTable.writeText(output, header, rows);
    }

    /** What there is to say of single rows. */
    private void warn(List<Decision> decisions) {
        List<String> notes = decisions.stream()
                .map(d -> d.details().getOrDefault(Decision.NOTE, ""))
                .filter(note -> !note.isEmpty())
                .toList();
        PrintWriter err = spec.commandLine().getErr();
        notes.stream().limit(NOTES_SHOWN).forEach(note -> err.println("stillpoint: warning: " + note));
        if (notes.size() > NOTES_SHOWN) {
            err.println("stillpoint: warning: " + (notes.size() - NOTES_SHOWN) + " more rows with a note, see column "
                    + Decision.NOTE + " of " + output);
        }
        err.flush();
    }

    private void summarise(List<Decision> decisions, int untrusted) {
        Map<String, Integer> status = new TreeMap<>();
        Map<String, Map<String, Integer>> labels = new TreeMap<>();
        double violation = 0;
        for (Decision d : decisions) {
            status.merge(d.status().name(), 1, Integer::sum);
            // A row without a decision has none; the others' is still of interest.
            violation = Double.isNaN(d.violation()) && d.decision().isEmpty()
                    ? violation
                    : Math.max(violation, d.violation());
            d.certificates().forEach(c -> labels.computeIfAbsent(c.name(), name -> new TreeMap<>())
                    .merge(c.label().name(), 1, Integer::sum));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (common.json) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("rows", decisions.size());
            node.put("output", output.toString());
            node.put("untrusted", untrusted);
            status.forEach(node.putObject("status")::put);
            if (Double.isFinite(violation)) {
                node.put("maxViolation", violation);
            } else {
                node.putNull("maxViolation");
            }
            ObjectNode certificates = node.putObject("certificates");
            labels.forEach((name, counts) -> counts.forEach(certificates.putObject(name)::put));
            out.println(node);
        } else {
            out.println("decided " + decisions.size() + " rows: " + status + ", largest violation " + violation);
            labels.forEach((name, counts) -> out.println("certificate " + name + ": " + counts));
            out.println("written to " + output);
        }
        out.flush();
    }
}
