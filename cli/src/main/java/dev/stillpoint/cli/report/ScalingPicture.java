package dev.stillpoint.cli.report;

import dev.stillpoint.cli.measure.PathsLine.Figure;
import dev.stillpoint.cli.measure.ScalingBench;
import dev.stillpoint.cli.measure.ScalingLine;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Time and memory against the number of variables, both axes logarithmic, two panels in one picture. */
public final class ScalingPicture {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 440;
    private static final int MARGIN = 20;
    private static final int LINE = 22;
    private static final Color INK = new Color(0x16202e);
    private static final Color SOFT = new Color(0x475569);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    /**
     * A curve.
     *
     * @param figure by name
     * @param title in the legend
     * @param colour as "#rrggbb"
     * @param unit of the figure, in that of its axis
     */
    private record Curve(String figure, String title, String colour, double unit) {}

    private static final List<Curve> TIME = List.of(
            new Curve("epochSeconds", "training epoch", Figures.BLUE, 1),
            new Curve("factorSeconds", "factor", Figures.ORANGE, 1),
            new Curve("microsecondsPerSampleAndStep", "a sample's step, one core", Figures.GREEN, 1e-6));
    private static final List<Curve> MEMORY = List.of(
            new Curve("peakMegabytes", "training, all of its process", Figures.BLUE, 1),
            new Curve("factorMegabytes", "factor", Figures.ORANGE, 1),
            new Curve("tileMegabytes", "a thread's tile", Figures.GREEN, 1));

    private ScalingPicture() {}

    /** The picture as a PNG, nothing where this system cannot draw. */
    public static Optional<byte[]> png(ScalingBench.Result result) {
        return Charts.drawn(WIDTH, HEIGHT, g -> paint(g, result));
    }

    private static void paint(Graphics2D g, ScalingBench.Result result) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);
        int width = (WIDTH - 3 * MARGIN) / 2;
        panel(g, MARGIN, width, "Time, seconds", TIME, result);
        panel(g, 2 * MARGIN + width, width, "Memory, MB", MEMORY, result);
    }

    private static void panel(
            Graphics2D g, int left, int width, String title, List<Curve> curves, ScalingBench.Result result) {
        int y = MARGIN + LINE / 2;
        text(g, left, y, title, TITLE, INK);
        y += LINE / 2;
        for (Curve curve : curves) {
            y += LINE;
            g.setColor(Color.decode(curve.colour()));
            g.setStroke(new BasicStroke(3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(new Line2D.Double(left, y - 4.5, left + 26, y - 4.5));
            text(g, left + 34, y, curve.title() + growth(curve, result), TEXT, SOFT);
        }
        y += LINE / 2;
        AffineTransform before = g.getTransform();
        g.translate(left, y);
        chart(curves, result, width, HEIGHT - y - MARGIN / 2).paint(g, width, HEIGHT - y - MARGIN / 2);
        g.setTransform(before);
    }

    private static String growth(Curve curve, ScalingBench.Result result) {
        double exponent = result.exponentOfLargest(index(curve, result));
        return Double.isFinite(exponent) ? String.format(Locale.ROOT, ": n^%.2f at the largest", exponent) : "";
    }

    private static XYChart chart(List<Curve> curves, ScalingBench.Result result, int width, int height) {
        double[] x =
                logs(result.lines().stream().mapToDouble(ScalingLine::variables).toArray());
        double[] y = curves.stream()
                .flatMapToDouble(curve -> Arrays.stream(values(curve, result)))
                .filter(Double::isFinite)
                .toArray();
        XYChart chart = Charts.chart("variables n", decades(x), "", decades(y), width, height);
        chart.setCustomXAxisTickLabelsFormatter(tick -> Numbers.powerOfTen((int) Math.rint(tick)));
        chart.setCustomYAxisTickLabelsFormatter(tick -> Numbers.powerOfTen((int) Math.rint(tick)));
        for (Curve curve : curves) {
            double[] values = values(curve, result);
            if (Arrays.stream(values).anyMatch(Double::isFinite)) {
                XYSeries series = chart.addSeries(curve.title(), x, values);
                series.setLineStyle(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
                series.setLineColor(Color.decode(curve.colour()));
                series.setMarker(SeriesMarkers.CIRCLE);
                series.setMarkerColor(Color.decode(curve.colour()));
            }
        }
        return chart;
    }

    private static Axis decades(double[] logs) {
        return Axis.around(
                Math.floor(Arrays.stream(logs).min().orElse(0)),
                Math.ceil(Arrays.stream(logs).max().orElse(1)),
                8,
                1);
    }

    private static double[] values(Curve curve, ScalingBench.Result result) {
        int index = index(curve, result);
        return logs(result.lines().stream()
                .mapToDouble(line -> curve.unit() * line.figures().get(index).value())
                .toArray());
    }

    /** NaN, a gap, stays NaN. */
    private static double[] logs(double[] values) {
        return Arrays.stream(values).map(Math::log10).toArray();
    }

    private static int index(Curve curve, ScalingBench.Result result) {
        List<String> names =
                result.lines().get(0).figures().stream().map(Figure::name).toList();
        int index = names.indexOf(curve.figure());
        if (index < 0) {
            throw new AssertionError("need a figure '" + curve.figure() + "', got " + names);
        }
        return index;
    }

    private static void text(Graphics2D g, double x, double y, String text, Font font, Color colour) {
        g.setFont(font);
        g.setColor(colour);
        g.drawString(text, (float) x, (float) y);
    }
}
