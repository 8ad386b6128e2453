package dev.stillpoint.cli.report;

/** What the signs in an application's illustrations mean. */
final class Legend {
    private Legend() {}

    /** Writes the legend, nothing for an application whose drawings explain themselves. */
    static void write(Html html, String application) {
        if (!application.equals("paths")) {
            return;
        }
        html.open("p", "class", "legend");
        Figures.key(html, Figures.GREEN, "none", "optimal path");
        Figures.key(html, Figures.ORANGE, "6 3", "decided path");
        symbol(html, "relaxed flow, wider for more", "M4 5H22", "#9ec5f4", "9");
        symbol(html, "source (top left) and sink", "M13 5H13", "#1f2937", "9");
        html.close();
    }

    private static void symbol(Html html, String name, String path, String colour, String width) {
        html.open("span", "class", "key");
        html.open("svg", "class", "drawing", "width", "26", "height", "10", "viewBox", "0 0 26 10");
        html.open("path", "d", path, "stroke", colour, "stroke-width", width, "stroke-linecap", "round");
        html.close().close().text(name).close();
    }
}
