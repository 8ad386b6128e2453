package dev.stillpoint.cli.report;

import dev.stillpoint.cli.report.Charts.Curve;
import dev.stillpoint.cli.report.Charts.Join;
import dev.stillpoint.cli.report.Charts.Scale;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.zoo.Evaluation;
import dev.stillpoint.zoo.Evaluation.Illustration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The report's pictures: training curves, histograms, illustrations. Each lies in the file as a data URI. */
final class Figures {
    static final String BLUE = "#2563eb";
    static final String ORANGE = "#d4540b";
    static final String GREEN = "#117a43";

    private Figures() {}

    /** Curves over the epochs. */
    static void training(Html html, List<Epoch> epochs, int best) {
        if (epochs.isEmpty()) {
            html.element("p", "No epoch is on record.", "class", "note");
            return;
        }
        html.open("div", "class", "figures");
        curves(
                html,
                epochs,
                best,
                "Loss",
                "loss",
                Scale.LINEAR,
                Join.STRAIGHT,
                List.of(
                        curve("training", BLUE, epochs, Epoch::loss),
                        curve("validation", ORANGE, epochs, metric("validationLoss"))));
        Set<String> names = new LinkedHashSet<>(List.of("validationRegret"));
        epochs.forEach(epoch -> names.addAll(epoch.metrics().keySet()));
        names.remove("validationLoss");
        for (String name : names) {
            Metric known = Metric.named(name);
            boolean percent = known.format() == Metric.Format.PERCENT;
            Curve curve = curve(
                    known.label(),
                    BLUE,
                    epochs,
                    epoch -> (percent ? 100 : 1) * metric(name).applyAsDouble(epoch));
            // Training metrics that say nothing, such as all solves converged in all epochs, get no picture.
            if (curve.changes() || (epochs.size() == 1 && curve.drawable() && !name.equals("converged"))) {
                String unit = name.equals("steps") ? "mean steps" : percent ? "per cent" : "value";
                curves(html, epochs, best, known.label(), unit, Scale.LINEAR, Join.STRAIGHT, List.of(curve));
            }
        }
        Curve rate = curve("learning rate", BLUE, epochs, Epoch::learningRate);
        if (rate.changes()) {
            curves(html, epochs, best, "Learning rate", "learning rate", Scale.LOGARITHMIC, Join.STEP, List.of(rate));
        }
        Curve masked = curve("rows left out", BLUE, epochs, Epoch::masked);
        if (Arrays.stream(masked.values()).anyMatch(rows -> rows > 0)) {
            curves(
                    html,
                    epochs,
                    best,
                    "Rows left out, their solve unusable",
                    "rows",
                    Scale.LINEAR,
                    Join.STRAIGHT,
                    List.of(masked));
        }
        html.close();
    }

    /** Histograms of the test solves. */
    static void solves(Html html, Evaluation evaluation) {
        int[] steps = evaluation.steps();
        double[] residuals = evaluation.residual();
        double[] logs = Arrays.stream(residuals)
                .map(Math::log10)
                .filter(Double::isFinite)
                .toArray();
        html.open("div", "class", "figures");
        if (steps.length > 0) {
            int[] sorted = steps.clone();
            Arrays.sort(sorted);
            String range = "Median " + Numbers.count(sorted[sorted.length / 2]) + " steps, from "
                    + Numbers.count(sorted[0]) + " to " + Numbers.count(sorted[sorted.length - 1]) + ".";
            figure(html, "Steps of a test solve", range, Charts.histogram("steps", Bins.ofWhole(steps), BLUE));
        }
        if (logs.length > 0) {
            double[] sorted = logs.clone();
            Arrays.sort(sorted);
            int rest = residuals.length - logs.length;
            String range = "Median " + Numbers.plain(Math.pow(10, sorted[sorted.length / 2])) + ", at most "
                    + Numbers.plain(Math.pow(10, sorted[sorted.length - 1])) + "."
                    + (rest == 0 ? "" : " Not drawn: " + Numbers.count(rest) + " that are zero or not finite.");
            figure(
                    html,
                    "Residual when the solve stopped",
                    range,
                    Charts.histogram("log₁₀ of the residual", Bins.of(logs), BLUE));
        }
        html.close();
    }

    /** The application's drawings; as pictures, so that nothing in them can run or load. */
    static void gallery(Html html, List<Illustration> illustrations) {
        html.open("div", "class", "gallery");
        for (Illustration drawing : illustrations) {
            html.open("figure");
            picture(
                    html,
                    "image/svg+xml",
                    drawing.svg().getBytes(StandardCharsets.UTF_8),
                    drawing.title() + ": " + drawing.caption(),
                    "width",
                    "260",
                    "height",
                    "260");
            html.open("figcaption").element("strong", drawing.title()).element("span", drawing.caption());
            html.close().close();
        }
        html.close();
    }

    private static void curves(
            Html html,
            List<Epoch> epochs,
            int best,
            String title,
            String yTitle,
            Scale scale,
            Join join,
            List<Curve> all) {
        List<Curve> curves = all.stream().filter(Curve::drawable).toList();
        if (curves.isEmpty()) {
            return;
        }
        double[] x = epochs.stream().mapToDouble(Epoch::epoch).toArray();
        html.open("figure").open("figcaption").element("strong", title);
        html.open("span", "class", "legend");
        if (curves.size() > 1) {
            curves.forEach(curve -> key(html, curve.colour(), "none", curve.name()));
        }
        if (epochs.size() > 1 && best >= x[0] && best <= x[x.length - 1]) {
            key(html, GREEN, "5 4", "best epoch " + Numbers.count(best));
        }
        html.close().close();
        List<String> ranges = new ArrayList<>();
        for (Curve curve : curves) {
            double[] values =
                    Arrays.stream(curve.values()).filter(Double::isFinite).toArray();
            ranges.add(curve.name() + " from " + Numbers.plain(values[0]) + " to "
                    + Numbers.plain(values[values.length - 1]));
        }
        chart(
                html,
                title + " over " + Numbers.count(x.length) + (x.length == 1 ? " epoch: " : " epochs: ")
                        + String.join(", ", ranges),
                Charts.curves(yTitle, x, best, scale, join, curves));
        html.close();
    }

    private static void figure(Html html, String title, String note, Optional<byte[]> png) {
        html.open("figure").open("figcaption").element("strong", title).element("span", note, "class", "range");
        html.close();
        chart(html, title + ". " + note, png);
        html.close();
    }

    private static void chart(Html html, String alt, Optional<byte[]> png) {
        if (png.isPresent()) {
            String width = Integer.toString(Charts.WIDTH);
            String height = Integer.toString(Charts.HEIGHT);
            picture(html, "image/png", png.get(), alt, "width", width, "height", height);
        } else {
            html.element("p", alt + ". (Not drawn: Java found no fonts on this system.)", "class", "note");
        }
    }

    private static void picture(Html html, String type, byte[] content, String alt, String... size) {
        String source = "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content);
        List<String> attributes = new ArrayList<>(List.of("class", "drawing", "src", source, "alt", alt));
        attributes.addAll(List.of(size));
        html.single("img", attributes.toArray(new String[0]));
    }

    /**
     * A legend's entry: a piece of the line, and its name.
     *
     * @param dashes as in SVG, "none" for a solid line
     */
    static void key(Html html, String colour, String dashes, String name) {
        html.open("span", "class", "key");
        html.open("svg", "class", "drawing", "width", "26", "height", "10", "viewBox", "0 0 26 10");
        html.open(
                "path",
                "d",
                "M1 5H25",
                "stroke",
                colour,
                "stroke-width",
                "2.5",
                "stroke-dasharray",
                dashes,
                "fill",
                "none");
        html.close().close().text(name).close();
    }

    private static ToDoubleFunction<Epoch> metric(String name) {
        return epoch -> {
            Double value = epoch.metrics().get(name);
            return value == null ? Double.NaN : value;
        };
    }

    private static Curve curve(String name, String colour, List<Epoch> epochs, ToDoubleFunction<Epoch> value) {
        return new Curve(name, colour, epochs.stream().mapToDouble(value).toArray());
    }
}
