package dev.stillpoint.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.report.Metric.Rank;
import dev.stillpoint.data.AtomicFile;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.RunFolder;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.TrainingRun.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A run as one HTML file to read, print and send: no script, nothing loaded from elsewhere. It shows what an outcome holds,
 * for any application; known metrics are explained.
 */
public final class Report {
    /** Shown in the header even where they are the defaults. */
    private static final Set<String> MAIN_SETTINGS = Set.of("grid", "degree", "noise", "adjoint", "epochs", "seed");

    /** Labels of what provenance holds. */
    static final Map<String, String> PROVENANCE = Map.of(
            "version", "Stillpoint version",
            "commit", "Commit",
            "java", "Java",
            "libtorch", "libtorch",
            "kernels", "Kernels",
            "system", "System",
            "threads", "Threads of one operation",
            "device", "Device",
            "started", "Started (UTC)");

    private final Html html = new Html();
    private final RunFolder folder;
    private final ObjectNode run;
    private final Outcome outcome;
    private final String name;
    private final Optional<Application> application;

    private Report(RunFolder folder, ObjectNode run, Outcome outcome) {
        this.folder = folder;
        this.run = run;
        this.outcome = outcome;
        this.name = run.path("application").asText("unknown application");
        this.application = Application.all().stream()
                .filter(known -> known.name().equals(name))
                .findFirst();
    }

    /**
     * Writes report.html, as a whole or not at all.
     *
     * @param folder of the run: its metrics.jsonl gives the curves, its certificates.json the checks' rules
     * @param run the content of run.json
     * @param outcome what the run came to
     */
    public static void write(RunFolder folder, ObjectNode run, Outcome outcome) {
        AtomicFile.writeString(folder.report(), new Report(folder, run, outcome).document());
    }

    private String document() {
        html.open("html", "lang", "en").open("head").single("meta", "charset", "utf-8");
        html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.single("meta", "name", "color-scheme", "content", "light dark");
        // Should markup ever slip in, a browser will neither run nor load anything.
        html.single(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        html.element("title", name + " · Stillpoint run").style(css()).close();
        html.open("body").open("main");
        header();
        keyFigures();
        section(
                "Training",
                "The weights of the best epoch are kept; the validation rows choose it, not the test rows.");
        Figures.training(html, folder.epochs(), outcome.bestEpoch());
        html.close();
        if (outcome.evaluation().steps().length > 0) {
            section(
                    "Solving",
                    "Every decision is the fixed point of an iteration. These are the solves of the " + rows()
                            + " test rows.");
            Figures.solves(html, outcome.evaluation());
            html.close();
        }
        if (!outcome.evaluation().illustrations().isEmpty()) {
            section("Decisions", "What the model decides on some of the test rows, against the best decisions.");
            Legend.write(html, name);
            Figures.gallery(html, outcome.evaluation().illustrations());
            html.close();
        }
        section(
                "Certificates",
                "Each decision comes with checks. A hard check must hold; a statistical one asks whether the row is like"
                        + " the calibration rows, of which a few are bound to stand out.");
        CheckTable.write(html, folder, outcome);
        html.close();
        section("Test metrics", "");
        metrics();
        html.close();
        section("Settings", "");
        settings();
        html.close();
        section("Provenance", "What must be the same to get this result again, beside the settings.");
        provenance();
        html.close();
        html.close().close().close();
        return html.document();
    }

    private void header() {
        JsonNode provenance = run.path("provenance");
        html.open("header");
        html.element(
                "p",
                "Stillpoint " + provenance.path("version").asText("") + " · run report · "
                        + provenance
                                .path("started")
                                .asText("")
                                .replace('T', ' ')
                                .replace("Z", " UTC"),
                "class",
                "eyebrow");
        html.element("h1", name);
        application.ifPresent(known -> html.element("p", capital(known.summary()) + ".", "class", "summary"));
        Map<String, Setting<?>> known = known();
        html.open("ul", "class", "chips");
        run.path("settings").properties().forEach(e -> {
            String value = e.getValue().asText();
            Setting<?> setting = known.get(e.getKey());
            boolean changed = setting == null || !setting.defaultText().equals(value);
            if (changed || MAIN_SETTINGS.contains(e.getKey())) {
                html.open("li").text(e.getKey() + " ").element("b", value).close();
            }
        });
        html.close().close();
    }

    private void keyFigures() {
        Map<String, Double> metrics = outcome.evaluation().metrics();
        List<String> headline = metrics.keySet().stream()
                .filter(metric -> Metric.named(metric).rank() == Rank.HEADLINE)
                .toList();
        if (headline.isEmpty()) {
            headline = metrics.keySet().stream().limit(4).toList();
        }
        html.open("section", "class", "keys", "aria-label", "Key figures");
        for (String each : headline) {
            Metric metric = Metric.named(each);
            keyFigure(metric.label(), metric.show(metrics.getOrDefault(each, Double.NaN)), metric.explanation());
        }
        keyFigure("Training time", Numbers.seconds(outcome.seconds()), "Wall-clock time, validation included.");
        keyFigure(
                "Epochs",
                Numbers.count(outcome.epochs()),
                "Passes over the training rows."
                        + (outcome.bestEpoch() < 1
                                ? ""
                                : " The weights kept are those of epoch " + Numbers.count(outcome.bestEpoch())
                                        + ", the best on the validation rows."));
        html.close();
    }

    private void keyFigure(String label, String value, String explanation) {
        html.open("div", "class", "key-figure");
        html.element("h2", label).element("p", value, "class", "value").element("p", explanation);
        html.close();
    }

    private void metrics() {
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        html.element("th", "Metric", "scope", "col").element("th", "Value", "scope", "col", "class", "number");
        html.element("th", "What it means", "scope", "col").close().close().open("tbody");
        outcome.evaluation().metrics().forEach((each, value) -> {
            Metric metric = Metric.named(each);
            html.open("tr").open("th", "scope", "row").text(metric.label());
            if (!metric.label().equals(each)) {
                html.text(" ").element("code", each);
            }
            html.close().element("td", metric.show(value), "class", "number");
            html.element("td", metric.explanation(), "class", "prose").close();
        });
        html.close().close().close();
    }

    private void settings() {
        Map<String, Setting<?>> known = known();
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        html.element("th", "Setting", "scope", "col").element("th", "Value", "scope", "col");
        html.element("th", "Default", "scope", "col");
        html.element("th", "What it is", "scope", "col").close().close().open("tbody");
        run.path("settings").properties().forEach(e -> {
            String value = e.getValue().asText();
            Setting<?> setting = known.get(e.getKey());
            boolean changed = setting != null && !setting.defaultText().equals(value);
            html.open("tr").element("th", e.getKey(), "scope", "row");
            html.element("td", value, "class", changed ? "text changed" : "text");
            html.element(
                    "td", setting == null ? "" : setting.defaultText(), "class", "text none", "data-label", "default");
            html.element("td", setting == null ? "" : capital(setting.description()) + ".", "class", "prose");
            html.close();
        });
        html.close().close().close();
    }

    private void provenance() {
        html.open("dl");
        run.path("provenance").properties().forEach(e -> pair(PROVENANCE.getOrDefault(e.getKey(), e.getKey()), e));
        run.path("data").properties().forEach(e -> pair("SHA-256 of data '" + e.getKey() + "'", e));
        html.close();
    }

    private void pair(String label, Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        html.open("div").element("dt", label);
        html.open("dd").element("code", value.isValueNode() ? value.asText() : value.toString());
        html.close().close();
    }

    private void section(String title, String lead) {
        html.open("section").element("h2", title);
        if (!lead.isEmpty()) {
            html.element("p", lead, "class", "lead");
        }
    }

    private String rows() {
        return Numbers.count(outcome.evaluation().steps().length);
    }

    private Map<String, Setting<?>> known() {
        Map<String, Setting<?>> known = new LinkedHashMap<>();
        application.ifPresent(present -> present.settings().forEach(setting -> known.put(setting.name(), setting)));
        return known;
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** The style sheet of every page. */
    static String css() {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("Report: need report.css beside the class, got nothing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Report: need a readable report.css, got " + e.getMessage(), e);
        }
    }
}
