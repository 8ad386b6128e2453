package dev.stillpoint.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.cli.measure.Comparison;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A comparison for people: a picture, and one HTML file that holds it beside the table. */
public final class ComparisonPage {
    private final Html html = new Html();
    private final Comparison comparison;
    private final Optional<byte[]> picture;

    private ComparisonPage(Comparison comparison, Optional<byte[]> picture) {
        this.comparison = comparison;
        this.picture = picture;
    }

    /** The picture as a PNG, nothing where this system cannot draw. */
    public static Optional<byte[]> picture(Comparison comparison) {
        return ComparisonPicture.png(comparison);
    }

    /**
     * The page, with nothing to load and nothing to run.
     *
     * @param picture as {@link #picture} drew it
     */
    public static String html(Comparison comparison, Optional<byte[]> picture) {
        return new ComparisonPage(comparison, picture).document();
    }

    private String document() {
        String name = comparison.plan().application();
        html.open("html", "lang", "en").open("head");
        html.single("meta", "charset", "utf-8");
        html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.single(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        html.element("title", name + " · Stillpoint comparison")
                .style(Report.css())
                .close();
        html.open("body").open("main").open("header");
        html.element("p", "Stillpoint · comparison of adjoints", "class", "eyebrow")
                .element("h1", name);
        html.open("ul", "class", "chips");
        comparison.plan().settings().forEach(this::chip);
        chip("seeds", comparison.plan().seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        html.close().close();
        html.open("section").element("h2", "Side by side");
        table();
        comparison();
        html.close();
        html.open("section").element("h2", "Provenance");
        html.open("dl");
        pair("Command", comparison.plan().command());
        comparison
                .origin()
                .provenance()
                .properties()
                .forEach(e -> pair(Report.PROVENANCE.getOrDefault(e.getKey(), e.getKey()), text(e.getValue())));
        for (Map.Entry<String, JsonNode> e : comparison.origin().data().properties()) {
            pair("SHA-256 of data '" + e.getKey() + "'", text(e.getValue()));
        }
        html.close().close().close().close().close();
        return html.document();
    }

    private void table() {
        ComparisonTable table = new ComparisonTable(comparison);
        List<String> titles = table.titles();
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (int i = 0; i < titles.size(); i++) {
            String title = titles.get(i).replace('\n', ' ');
            html.element("th", title, "scope", "col", "class", i == 0 ? "text" : "number");
        }
        html.close().close().open("tbody");
        for (List<String> cells : table.rows()) {
            html.open("tr").element("th", cells.get(0), "scope", "row");
            for (int i = 1; i < cells.size(); i++) {
                html.element(
                        "td",
                        cells.get(i),
                        "class",
                        "number",
                        "data-label",
                        titles.get(i).replace('\n', ' '));
            }
            html.close();
        }
        html.close().close().close();
        table.notes().forEach(note -> html.element("p", note, "class", "note"));
    }

    private void comparison() {
        if (picture.isEmpty()) {
            html.element("p", "(Not drawn: Java found no fonts on this system.)", "class", "note");
            return;
        }
        html.open("figure");
        html.single(
                "img",
                "class",
                "drawing",
                "src",
                "data:image/png;base64," + Base64.getEncoder().encodeToString(picture.get()),
                "alt",
                "Validation against training time; training time, memory and cosine of each adjoint, as in the table.",
                "width",
                Integer.toString(ComparisonPicture.WIDTH));
        html.close();
    }

    private void chip(String name, String value) {
        html.open("li").text(name + " ").element("b", value).close();
    }

    private void pair(String label, String value) {
        html.open("div")
                .element("dt", label)
                .open("dd")
                .element("code", value)
                .close()
                .close();
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
