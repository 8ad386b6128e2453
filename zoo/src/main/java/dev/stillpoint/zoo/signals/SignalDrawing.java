package dev.stillpoint.zoo.signals;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.zoo.Evaluation.Illustration;
import java.util.List;
import java.util.Locale;

/** Draws a signal as a line over its places, with the true one behind it and its labels under it. */
final class SignalDrawing {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 150;
    private static final int MARGIN = 8;

    private SignalDrawing() {}

    /**
     * One of the four signals.
     *
     * @param title what it is
     * @param signal to be drawn
     * @param truth behind it
     * @param labels of the signal
     */
    static Illustration of(String title, float[] signal, float[] truth, List<Certificate> labels) {
        double top = 0;
        for (float[] line : List.of(signal, truth)) {
            for (float v : line) {
                top = Math.max(top, Math.abs(v));
            }
        }
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s over its"
                        + " %d places, the true signal behind it\"><g fill=\"none\">",
                WIDTH,
                HEIGHT,
                title,
                signal.length));
        svg.append(String.format(
                Locale.ROOT, "<path d=\"M%d %dH%d\" stroke=\"#d9dee5\"/>", MARGIN, HEIGHT / 2, WIDTH - MARGIN));
        line(svg, truth, top, "#9ec5f4", 3);
        line(svg, signal, top, "#d4540b", 1);
        svg.append("</g></svg>");
        return new Illustration(title, caption(labels), svg.toString());
    }

    private static void line(StringBuilder svg, float[] values, double top, String colour, int width) {
        svg.append("<path d=\"");
        for (int i = 0; i < values.length; i++) {
            double x = MARGIN + (WIDTH - 2.0 * MARGIN) * i / Math.max(1, values.length - 1);
            double y = HEIGHT / 2.0 - (HEIGHT / 2.0 - MARGIN) * values[i] / Math.max(top, 1e-30);
            svg.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x, y));
        }
        svg.append(String.format(Locale.ROOT, "\" stroke=\"%s\" stroke-width=\"%d\"/>", colour, width));
    }

    private static String caption(List<Certificate> labels) {
        StringBuilder text = new StringBuilder();
        boolean trusted = true;
        for (Certificate c : labels) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s %.3g: %s; ",
                    c.name(),
                    c.value(),
                    c.label().name().toLowerCase(Locale.ROOT)));
            trusted &= c.label() == Label.PASS;
        }
        return text.append(trusted ? "to be trusted" : "not to be trusted")
                .append(". Orange: this signal; blue: the true one.")
                .toString();
    }
}
