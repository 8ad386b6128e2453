package dev.stillpoint.cli.report;

import dev.stillpoint.cli.measure.Comparison;
import dev.stillpoint.cli.measure.Comparison.Row;
import dev.stillpoint.cli.measure.TrainedRun;
import dev.stillpoint.train.Epoch;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A comparison in one picture: validation against training time above, bars of time, memory and cosine below. */
final class ComparisonPicture {
    static final int WIDTH = 960;

    private static final int MARGIN = 20;
    private static final int CURVES = 330;
    private static final int LINE = 24;
    private static final int PANELS = 3;
    private static final int GAP = 36;

    private static final Color INK = new Color(0x16202e);
    private static final Color SOFT = new Color(0x475569);
    private static final Color TRACK = new Color(0xeef2f6);
    /** Distinct also in grey and for most colour-blind readers, by their lightness. */
    private static final String[] COLOURS = {
        Figures.BLUE, Figures.ORANGE, Figures.GREEN, "#7c3aed", "#0e7490", "#be185d", "#a16207", "#475569"
    };

    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private final Comparison comparison;
    private final List<Row> rows;
    private final String metric;

    private ComparisonPicture(Comparison comparison) {
        this.comparison = comparison;
        this.rows = comparison.rows();
        this.metric = has("validationRegret") ? "validationRegret" : has("validationLoss") ? "validationLoss" : "";
    }

    /** The picture as a PNG, nothing where this system cannot draw. */
    static Optional<byte[]> png(Comparison comparison) {
        ComparisonPicture picture = new ComparisonPicture(comparison);
        return Charts.drawn(WIDTH, picture.height(), picture::paint);
    }

    int height() {
        return MARGIN + legendLines() * LINE + 2 * LINE + CURVES + 3 * LINE + rows.size() * LINE + 2 * MARGIN;
    }

    private boolean has(String name) {
        return comparison.runs().stream().allMatch(run -> run.history().stream()
                .anyMatch(epoch -> Double.isFinite(epoch.metrics().getOrDefault(name, Double.NaN))));
    }

    private void paint(Graphics2D g) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, height());
        int y = MARGIN + LINE / 2;
        text(g, MARGIN, y, curveTitle() + " against training time", TITLE, INK);
        int seeds = comparison.plan().seeds().size();
        y += LINE;
        text(
                g,
                MARGIN,
                y,
                "The best value so far"
                        + (seeds == 1 ? "." : "; thick: geometric mean over " + seeds + " seeds, thin: each seed."),
                TEXT,
                SOFT);
        y = legend(g, y + LINE);
        AffineTransform before = g.getTransform();
        g.translate(MARGIN / 2.0, y);
        curves().paint(g, WIDTH - MARGIN, CURVES);
        g.setTransform(before);
        y += CURVES + LINE + LINE / 2;
        int width = (WIDTH - 2 * MARGIN - (PANELS - 1) * GAP) / PANELS;
        new Bars("Training time", "Median; ratio to " + comparison.reference() + ".", Row::seconds, this::time)
                .paint(g, MARGIN, y, width);
        new Bars("Memory of training", "Peak above the level before.", Row::memory, ComparisonPicture::megabytes)
                .paint(g, MARGIN + width + GAP, y, width);
        new Bars(
                        "Cosine with the exact gradient",
                        "Bar: trained weights. Ring: initial.",
                        Row::trainedCosine,
                        value -> cosine(value))
                .paint(g, MARGIN + 2 * (width + GAP), y, width);
    }

    private String curveTitle() {
        return metric.isEmpty() ? "Training loss" : Metric.named(metric).label();
    }

    /** Names and colours, in as many lines as they need. */
    private int legend(Graphics2D g, int top) {
        int x = MARGIN;
        int y = top;
        for (int i = 0; i < rows.size(); i++) {
            String name = rows.get(i).adjoint();
            int length = 34 + g.getFontMetrics(TEXT).stringWidth(name) + 22;
            if (x + length > WIDTH - MARGIN && x > MARGIN) {
                x = MARGIN;
                y += LINE;
            }
            g.setColor(colour(i));
            g.setStroke(new BasicStroke(3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(new Line2D.Double(x, y - 4.5, x + 26, y - 4.5));
            text(g, x + 34, y, name, TEXT, INK);
            x += length;
        }
        return y + LINE / 2;
    }

    private int legendLines() {
        // Some eight names fit a line; one line too many costs white space alone.
        return 1 + rows.size() / 6;
    }

    /** Thin curves a seed, a thick one of their means, both axes logarithmic. */
    private XYChart curves() {
        List<double[][]> thin = new ArrayList<>();
        List<double[][]> thick = new ArrayList<>();
        List<Integer> owner = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<double[][]> mine = comparison.of(rows.get(i).adjoint()).stream()
                    .map(this::bestSoFar)
                    .toList();
            for (double[][] curve : mine) {
                thin.add(curve);
                owner.add(i);
            }
            thick.add(mean(mine));
        }
        List<double[][]> all = new ArrayList<>(thin);
        all.addAll(thick);
        double[] x = all.stream().flatMapToDouble(c -> Arrays.stream(c[0])).toArray();
        double[] y = all.stream()
                .flatMapToDouble(c -> Arrays.stream(c[1]))
                .filter(Double::isFinite)
                .toArray();
        boolean percent = Metric.named(metric).format() == Metric.Format.PERCENT;
        Axis time = around(x, 8);
        Axis value = around(y, 5);
        XYChart chart = Charts.chart(
                "seconds of training", time, percent ? "per cent" : "value", value, WIDTH - MARGIN, CURVES);
        chart.setCustomXAxisTickLabelsFormatter(tick -> power(tick, time));
        chart.setCustomYAxisTickLabelsFormatter(tick -> power(tick, value));
        if (comparison.plan().seeds().size() > 1) {
            for (int i = 0; i < thin.size(); i++) {
                Color full = colour(owner.get(i));
                Color pale = new Color(full.getRed(), full.getGreen(), full.getBlue(), 80);
                add(chart, "seed" + i, thin.get(i), pale, 1f);
            }
        }
        for (int i = 0; i < thick.size(); i++) {
            add(chart, "mean" + i, thick.get(i), colour(i), 2.6f);
        }
        return chart;
    }

    private static Axis around(double[] values, int steps) {
        return Axis.around(
                Arrays.stream(values).min().orElse(0),
                Arrays.stream(values).max().orElse(1),
                steps,
                0.05);
    }

    /** A tick at t stands for 10ᵗ, in as many digits as tell it from its neighbours. */
    private static String power(double tick, Axis axis) {
        double value = Math.pow(10, tick);
        int digits = axis.step() < 0.15 ? 3 : 2;
        double unit = Math.pow(10, Math.floor(tick + 1e-9) - digits + 1);
        return Numbers.plain(Math.rint(value / unit) * unit);
    }

    private static void add(XYChart chart, String name, double[][] curve, Color colour, float width) {
        XYSeries series = chart.addSeries(name, curve[0], curve[1]);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setLineColor(colour);
        series.setMarker(curve[0].length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setMarkerColor(colour);
    }

    /** {log₁₀ of seconds, log₁₀ of the best value so far}, a point an epoch. */
    private double[][] bestSoFar(TrainedRun run) {
        boolean percent = Metric.named(metric).format() == Metric.Format.PERCENT;
        int n = run.history().size();
        double[][] curve = new double[2][n];
        double best = Double.NaN;
        for (int i = 0; i < n; i++) {
            Epoch epoch = run.history().get(i);
            double value = metric.isEmpty() ? epoch.loss() : epoch.metrics().getOrDefault(metric, Double.NaN);
            if (!(value >= best)) {
                best = Double.isNaN(value) ? best : value;
            }
            curve[0][i] = Math.log10(Math.max(1e-6, epoch.seconds()));
            curve[1][i] = best > 0 ? Math.log10((percent ? 100 : 1) * best) : Double.NaN;
        }
        return curve;
    }

    private static double[][] mean(List<double[][]> curves) {
        int n = curves.stream().mapToInt(curve -> curve[0].length).min().orElse(0);
        double[][] mean = new double[2][n];
        for (int i = 0; i < n; i++) {
            for (int axis = 0; axis < 2; axis++) {
                double sum = 0;
                for (double[][] curve : curves) {
                    sum += curve[axis][i];
                }
                mean[axis][i] = sum / curves.size();
            }
        }
        return mean;
    }

    private String time(double seconds) {
        double reference = rows.stream()
                .filter(row -> row.seconds() == seconds)
                .mapToDouble(Row::ratio)
                .findFirst()
                .orElse(Double.NaN);
        return Numbers.seconds(seconds) + String.format(Locale.ROOT, " (%.2f×)", reference);
    }

    private static String megabytes(double bytes) {
        return Double.isFinite(bytes) ? String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6) : Numbers.NONE;
    }

    static String cosine(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : Numbers.NONE;
    }

    static Color colour(int i) {
        return Color.decode(COLOURS[i % COLOURS.length]);
    }

    private static void text(Graphics2D g, double x, double y, String text, Font font, Color colour) {
        g.setFont(font);
        g.setColor(colour);
        g.drawString(text, (float) x, (float) y);
    }

    /** One value a row, as horizontal bars with their numbers beside them. */
    private final class Bars {
        private final String title;
        private final String note;
        private final ToDoubleFunction<Row> value;
        private final DoubleFunction<String> show;

        Bars(String title, String note, ToDoubleFunction<Row> value, DoubleFunction<String> show) {
            this.title = title;
            this.note = note;
            this.value = value;
            this.show = show;
        }

        void paint(Graphics2D g, int left, int top, int width) {
            boolean cosine = title.startsWith("Cosine");
            text(g, left, top, title, TITLE, INK);
            text(g, left, top + LINE * 0.9, note, TEXT, SOFT);
            int names = 0;
            int numbers = 0;
            double most = cosine ? 1 : 0;
            for (Row row : rows) {
                names = Math.max(names, g.getFontMetrics(TEXT).stringWidth(row.adjoint()));
                numbers = Math.max(numbers, g.getFontMetrics(TEXT).stringWidth(show.apply(value.applyAsDouble(row))));
                most = Math.max(most, value.applyAsDouble(row));
            }
            double start = left + names + 10;
            double full = left + width - numbers - 14 - start;
            for (int i = 0; i < rows.size(); i++) {
                double y = top + 2 * LINE + i * LINE;
                double number = value.applyAsDouble(rows.get(i));
                text(g, left, y, rows.get(i).adjoint(), TEXT, INK);
                g.setColor(TRACK);
                g.fill(new RoundRectangle2D.Double(start, y - 11, full, 13, 4, 4));
                // A cosine below zero has no bar; its number says so.
                double length = most > 0 && number > 0 ? Math.max(2, full * number / most) : 0;
                g.setColor(colour(i));
                g.fill(new RoundRectangle2D.Double(start, y - 11, length, 13, 4, 4));
                if (cosine && rows.get(i).initialCosine() > 0) {
                    double x = start + full * rows.get(i).initialCosine();
                    Ellipse2D ring = new Ellipse2D.Double(x - 5, y - 9.5, 10, 10);
                    g.setColor(Color.WHITE);
                    g.fill(ring);
                    g.setColor(INK);
                    g.setStroke(new BasicStroke(1.5f));
                    g.draw(ring);
                }
                String shown = show.apply(number);
                text(g, left + width - g.getFontMetrics(TEXT).stringWidth(shown), y, shown, TEXT, SOFT);
            }
        }
    }
}
