package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.LearningCurve;
import dev.stillpoint.cli.report.AccuracyPicture;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare images RUN RUN ...}: stored runs side by side, as Figure 5 of the JFB paper has them. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Set the test accuracy of stored runs side by side, against epochs and against seconds.",
        footer = {"", "Runs that are still going on count as far as they have come: train --resume, and compare again."
        })
final class CompareImagesCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFERENCE = "jfb";

    @Parameters(paramLabel = "RUN", arity = "2..*", description = "Run folders of one data set.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> folders;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Folder of the results, new or empty. Default: runs/compare-images-DATE-TIME.")
    private @Nullable Path output;

    @Mixin
    private final OutputOptions options = new OutputOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    CompareImagesCommand() {}

    @Override
    public Integer call() {
        Path folder = output != null ? output : ApplicationOptions.folder("compare-images");
        NewFolder.check(folder);
        List<LearningCurve> curves = folders.stream().map(LearningCurve::read).toList();
        for (LearningCurve curve : curves) {
            if (!curve.application().equals(curves.get(0).application())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "RUN: need runs of one data set, got " + curves.get(0).application() + " and "
                                + curve.application());
            }
        }
        List<String> names = names(curves);
        ObjectNode compared = JSON.createObjectNode();
        ArrayNode runs = compared.putArray("runs");
        for (int i = 0; i < curves.size(); i++) {
            ObjectNode run = JSON.createObjectNode().put("name", names.get(i));
            runs.add(run.setAll(curves.get(i).toJson()));
        }
        ObjectNode result = options.stamped(compared);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("comparison.json", (result.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        AccuracyPicture.overEpochs(curves, names).ifPresent(png -> files.put("epochs.png", png));
        AccuracyPicture.overSeconds(curves, names).ifPresent(png -> files.put("seconds.png", png));
        NewFolder.write(folder, files);
        PrintWriter out = spec.commandLine().getOut();
        if (options.json) {
            out.println(result.put("output", folder.toString()));
        } else {
            print(out, curves, names);
            out.println("\nresults: " + folder);
        }
        out.flush();
        return Main.DONE;
    }

    /** The adjoint, and whatever else differs between the runs, but for the seed. */
    private static List<String> names(List<LearningCurve> curves) {
        Set<String> differing = new LinkedHashSet<>();
        for (LearningCurve curve : curves) {
            for (String name : curve.settings().keySet()) {
                if (!List.of("adjoint", "seed", "data").contains(name)
                        && !curves.stream().allMatch(c -> written(c, name).equals(written(curve, name)))) {
                    differing.add(name);
                }
            }
        }
        List<String> names = new ArrayList<>();
        for (LearningCurve curve : curves) {
            StringBuilder name = new StringBuilder(curve.adjoint());
            for (String setting : differing) {
                name.append(", ").append(setting).append(' ').append(written(curve, setting));
            }
            names.add(name.toString());
        }
        return names;
    }

    /** A setting as text, one number always the same one: runs store what was typed. */
    private static String written(LearningCurve curve, String setting) {
        String text = curve.settings().getOrDefault(setting, "unset");
        try {
            return new BigDecimal(text).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static void print(PrintWriter out, List<LearningCurve> curves, List<String> names) {
        int epochs = Integer.MAX_VALUE;
        double seconds = Double.POSITIVE_INFINITY;
        double reference = Double.NaN;
        for (LearningCurve curve : curves) {
            epochs = Math.min(epochs, curve.points().size());
            seconds = Math.min(seconds, curve.last().seconds());
            if (curve.adjoint().equals(REFERENCE) && Double.isNaN(reference)) {
                reference = curve.secondsAnEpoch();
            }
        }
        out.println(
                "test accuracy in per cent: at the epoch chosen by validation, after the last, and the best on the test"
                        + " images, which nobody knows beforehand");
        TextTable table = new TextTable(List.of(
                "run",
                "seed",
                "epochs",
                "seconds\nan epoch",
                "time over\n" + REFERENCE,
                "chosen",
                "last",
                "best",
                "after " + epochs + "\nepochs",
                String.format(Locale.ROOT, "after\n%.0f s", seconds)));
        for (int i = 0; i < curves.size(); i++) {
            LearningCurve curve = curves.get(i);
            table.row(List.of(
                    names.get(i),
                    curve.seed(),
                    Integer.toString(curve.points().size()),
                    number("%.1f", curve.secondsAnEpoch()),
                    number("%.2f", curve.secondsAnEpoch() / reference),
                    number("%.2f", 100 * curve.chosen().accuracy()),
                    number("%.2f", 100 * curve.last().accuracy()),
                    number("%.2f", 100 * curve.best().accuracy()),
                    number("%.2f", 100 * curve.accuracyAfter(epochs)),
                    number("%.2f", 100 * curve.accuracyAt(seconds))));
        }
        table.lines().forEach(out::println);
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "";
    }
}
