package dev.stillpoint.cli.report;

import dev.stillpoint.cli.measure.LearningCurve;
import dev.stillpoint.cli.measure.LearningCurve.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The test accuracy of several runs in one picture, against epochs or against seconds of training. */
public final class AccuracyPicture {
    private static final int WIDTH = 760;
    private static final int CURVES = 380;
    private static final int MARGIN = 20;
    private static final int LINE = 24;
    private static final Color INK = new Color(0x16202e);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    /** Below this share of the axis a run's first epochs, near chance, would press all others together at the top. */
    private static final double LOWEST = 0.5;

    private final List<String> names;
    private final List<LearningCurve> curves;
    private final List<String> labels;
    private final ToDoubleFunction<Point> x;
    private final String unit;

    private AccuracyPicture(List<LearningCurve> curves, List<String> names, ToDoubleFunction<Point> x, String unit) {
        this.curves = curves;
        this.names = names;
        this.labels = names.stream().distinct().toList();
        this.x = x;
        this.unit = unit;
    }

    /**
     * Against epochs.
     *
     * @param curves the runs
     * @param names of each; runs of one name, such as the seeds of one way to train, have one colour
     * @return a PNG, nothing where this system cannot draw
     */
    public static Optional<byte[]> overEpochs(List<LearningCurve> curves, List<String> names) {
        return new AccuracyPicture(curves, names, Point::epoch, "epoch").png();
    }

    /** The same against seconds of training. */
    public static Optional<byte[]> overSeconds(List<LearningCurve> curves, List<String> names) {
        return new AccuracyPicture(curves, names, Point::seconds, "seconds of training").png();
    }

    private Optional<byte[]> png() {
        int height = MARGIN + LINE + labels.size() * LINE + CURVES + MARGIN;
        return Charts.drawn(WIDTH, height, g -> paint(g, height));
    }

    private void paint(Graphics2D g, int height) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, height);
        int y = MARGIN + LINE / 2;
        write(g, MARGIN, y, "Test accuracy, " + curves.get(0).application(), TITLE);
        for (int i = 0; i < labels.size(); i++) {
            y += LINE;
            g.setColor(ComparisonPicture.colour(i));
            g.setStroke(new BasicStroke(3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(new Line2D.Double(MARGIN, y - 4.5, MARGIN + 26, y - 4.5));
            write(g, MARGIN + 34, y, labels.get(i), TEXT);
        }
        AffineTransform before = g.getTransform();
        g.translate(MARGIN / 2.0, y + LINE / 2.0);
        chart().paint(g, WIDTH - MARGIN, CURVES);
        g.setTransform(before);
    }

    private XYChart chart() {
        List<double[]> xs = new ArrayList<>();
        List<double[]> ys = new ArrayList<>();
        double most = 0;
        double least = 100;
        double end = 0;
        for (LearningCurve curve : curves) {
            double[] across = curve.points().stream().mapToDouble(x).toArray();
            double[] up =
                    curve.points().stream().mapToDouble(p -> 100 * p.accuracy()).toArray();
            for (int i = 0; i < up.length; i++) {
                most = Math.max(most, up[i]);
                least = Math.min(least, up[i]);
                end = Math.max(end, across[i]);
            }
            xs.add(across);
            ys.add(up);
        }
        least = Math.max(least, LOWEST * most);
        XYChart chart = Charts.chart(
                unit,
                Axis.around(0, Math.max(end, 1), 8, unit.equals("epoch") ? 1 : 0),
                "per cent",
                Axis.around(least, most, 8, 0),
                WIDTH - MARGIN,
                CURVES);
        for (int i = 0; i < xs.size(); i++) {
            double[] across = xs.get(i).clone();
            // Where all x are equally spaced, XChart would put its ticks on them, and not on round numbers.
            across[0] += 1e-3;
            XYSeries series = chart.addSeries("run" + i, across, ys.get(i));
            Color colour = ComparisonPicture.colour(labels.indexOf(names.get(i)));
            series.setLineStyle(new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            series.setLineColor(colour);
            series.setMarker(across.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            series.setMarkerColor(colour);
        }
        return chart;
    }

    private static void write(Graphics2D g, int x, int y, String text, Font font) {
        g.setFont(font);
        g.setColor(INK);
        g.drawString(text, x, y);
    }
}
