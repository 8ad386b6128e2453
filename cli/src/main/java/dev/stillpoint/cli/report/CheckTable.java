package dev.stillpoint.cli.report;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Check;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.zoo.RunFolder;
import dev.stillpoint.zoo.TrainingRun.Outcome;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The certificates: what each check asks, and how many test rows got which label. */
final class CheckTable {
    private static final Map<String, String> MEANINGS = Map.of(
            "constraints",
            "Largest violation of a constraint by the relaxed solution.",
            "residual",
            "What was left of the fixed-point equation when the solve stopped, in units of the tolerance asked for.",
            "context",
            "Distance to the nearest training context: far away, the model extrapolates.",
            "optimality",
            "By how much, at most, the decision costs more under the model than the best one, as a share of its cost.");

    private CheckTable() {}

    static void write(Html html, RunFolder folder, Outcome outcome) {
        Map<String, Map<Label, Integer>> counts = outcome.labelCounts();
        if (counts.isEmpty()) {
            html.element("p", "No check was made.", "class", "note");
            return;
        }
        Map<String, Boolean> hard = new LinkedHashMap<>();
        for (List<Certificate> row : outcome.evaluation().certificates()) {
            row.forEach(certificate -> hard.put(certificate.name(), certificate.hard()));
        }
        Map<String, Check> checks = new LinkedHashMap<>();
        if (Files.exists(folder.certificates())) {
            folder.readCertificates().checks().forEach(check -> checks.put(check.name(), check));
        }
        html.open("div", "class", "scroll").open("table", "class", "checks");
        html.open("thead").open("tr");
        html.element("th", "Check", "scope", "col").element("th", "Kind", "scope", "col");
        for (Label label : Label.values()) {
            html.element("th", label.name(), "scope", "col", "class", "number");
        }
        html.element("th", "Share", "scope", "col").element("th", "What it means", "scope", "col");
        html.close().close().open("tbody");
        counts.forEach((name, labels) -> {
            html.open("tr").element("th", name, "scope", "row");
            html.element("td", Boolean.TRUE.equals(hard.get(name)) ? "hard" : "statistical", "class", "kind");
            for (Label label : Label.values()) {
                int n = labels.getOrDefault(label, 0);
                String state = n == 0 ? "none" : css(label);
                html.element("td", Numbers.count(n), "class", "number " + state, "data-label", label.name());
            }
            html.open("td", "class", "share");
            bar(html, labels);
            html.close().open("td", "class", "prose").text(MEANINGS.getOrDefault(name, ""));
            Check check = checks.get(name);
            if (check != null) {
                html.text(" ").element("span", rule(check), "class", "rule");
            }
            html.close().close();
        });
        html.close().close().close();
    }

    private static void bar(Html html, Map<Label, Integer> labels) {
        int total = labels.values().stream().mapToInt(n -> n).sum();
        html.open("div", "class", "bar", "aria-hidden", "true");
        for (Label label : Label.values()) {
            int n = labels.getOrDefault(label, 0);
            if (n > 0) {
                html.open("i", "class", css(label), "style", "flex:" + n / (double) total)
                        .close();
            }
        }
        html.close();
    }

    private static String rule(Check check) {
        if (check instanceof HardLimit limit) {
            return "Passes up to " + Numbers.plain(limit.tolerance()) + ", fails above.";
        }
        Quantile quantile = (Quantile) check;
        return "Passes when better than the worst " + share(1 - quantile.pass()) + " of "
                + Numbers.count(quantile.calibration().length) + " calibration rows, fails among the worst "
                + share(1 - quantile.fail()) + ".";
    }

    private static String share(double share) {
        return Numbers.plain(Math.rint(1e6 * share) / 1e4) + "\u00a0%";
    }

    private static String css(Label label) {
        return switch (label) {
            case PASS -> "pass";
            case WARNING -> "warning";
            case FAIL -> "fail";
        };
    }
}
