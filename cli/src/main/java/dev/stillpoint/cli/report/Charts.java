package dev.stillpoint.cli.report;

import java.awt.AWTError;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws line charts and histograms as PNG on a transparent ground, in the report's colours: the page lays them on white
 * and inverts them for dark screens. Titles and legends are the page's, so that they stay text.
 */
final class Charts {
    static {
        // Before the first class of java.awt is used: no display is needed to draw into memory.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    /** In CSS pixels; the picture has {@link #SCALE} times as many, for sharp screens and for print. */
    static final int WIDTH = 480;

    static final int HEIGHT = 270;

    private static final int SCALE = 2;
    private static final Color INK = new Color(0x475569);
    private static final Color GRID = new Color(0xe5e9f0);
    private static final Color AXIS = new Color(0xb6c0cd);
    private static final Color MARK = new Color(0x117a43);

    private Charts() {}

    /** How values go up the axis. */
    enum Scale {
        LINEAR,
        LOGARITHMIC
    }

    /** How points are joined. */
    enum Join {
        STRAIGHT,
        STEP
    }

    /**
     * One curve.
     *
     * @param name in the legend
     * @param colour as "#rrggbb"
     * @param values by epoch, as many as epochs; where not finite the curve has a gap
     */
    record Curve(String name, String colour, double[] values) {
        /** Whether there is anything to draw. */
        boolean drawable() {
            return Arrays.stream(values).anyMatch(Double::isFinite);
        }

        /** Whether it takes two different finite values. */
        boolean changes() {
            return Arrays.stream(values).filter(Double::isFinite).distinct().count() > 1;
        }
    }

    /**
     * Curves over epochs.
     *
     * @param epochs x of the values, not empty
     * @param mark an epoch to mark by a vertical dashed line, drawn if it is one of several epochs
     * @param curves at least one drawable
     * @return a PNG, nothing where this system cannot draw
     */
    static Optional<byte[]> curves(
            String yTitle, double[] epochs, int mark, Scale scale, Join join, List<Curve> curves) {
        return drawn(() -> {
            double[] y = curves.stream()
                    .flatMapToDouble(curve -> Arrays.stream(scaled(curve.values(), scale)))
                    .filter(Double::isFinite)
                    .toArray();
            double first = epochs[0];
            double last = epochs[epochs.length - 1];
            XYChart chart = chart(
                    "epoch",
                    Axis.around(first - 1, Math.max(last, first + 1), 6, 1),
                    yTitle,
                    Axis.around(least(y), most(y), 4, scale == Scale.LOGARITHMIC ? 1 : 0));
            if (scale == Scale.LOGARITHMIC) {
                chart.setCustomYAxisTickLabelsFormatter(tick -> Numbers.powerOfTen((int) Math.rint(tick)));
            }
            for (Curve curve : curves) {
                if (curve.drawable()) {
                    draw(chart, epochs, curve, scale, join);
                }
            }
            if (first < last && mark >= first && mark <= last) {
                chart.addAnnotation(new AnnotationLine(mark, true, false));
            }
            return chart;
        });
    }

    /**
     * A histogram.
     *
     * @return a PNG, nothing where this system cannot draw
     */
    static Optional<byte[]> histogram(String xTitle, Bins bins, String colour) {
        return drawn(() -> {
            int n = bins.counts().length;
            double[] x = new double[4 * n];
            double[] y = new double[4 * n];
            double gap = 0.06 * bins.width();
            for (int i = 0; i < n; i++) {
                double left = bins.start() + i * bins.width() + gap;
                double right = bins.start() + (i + 1) * bins.width() - gap;
                System.arraycopy(new double[] {left, left, right, right}, 0, x, 4 * i, 4);
                y[4 * i + 1] = bins.counts()[i];
                y[4 * i + 2] = bins.counts()[i];
            }
            XYChart chart = chart(
                    xTitle,
                    Axis.around(bins.start(), bins.end(), 6, 0),
                    "test rows",
                    // An axis of a single step would have no ticks.
                    Axis.around(0, Math.max(2, most(y)), 4, 1));
            XYSeries rows = chart.addSeries("rows", x, y);
            rows.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area).setMarker(SeriesMarkers.NONE);
            rows.setLineStyle(new BasicStroke(0.5f)).setLineColor(Color.decode(colour));
            rows.setFillColor(Color.decode(colour));
            return chart;
        });
    }

    private static void draw(XYChart chart, double[] epochs, Curve curve, Scale scale, Join join) {
        double[] y = scaled(curve.values(), scale);
        boolean gaps = Arrays.stream(y).anyMatch(Double::isNaN);
        double[] x = epochs.clone();
        // Where all x are equally spaced, XChart would put its ticks on them, and not on round numbers.
        x[0] += 1e-3;
        XYSeries series = chart.addSeries(curve.name(), x, y);
        series.setXYSeriesRenderStyle(join == Join.STEP ? XYSeriesRenderStyle.Step : XYSeriesRenderStyle.Line);
        series.setLineStyle(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setLineColor(Color.decode(curve.colour()));
        // A value between two gaps, or a run of one epoch, shows only as a dot.
        series.setMarker(gaps || y.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setMarkerColor(Color.decode(curve.colour()));
    }

    /** What is not finite, or not positive on a logarithmic axis, becomes NaN: a gap. */
    private static double[] scaled(double[] values, Scale scale) {
        return Arrays.stream(values)
                .map(v -> scale == Scale.LOGARITHMIC ? Math.log10(v) : v)
                .map(v -> Double.isFinite(v) ? v : Double.NaN)
                .toArray();
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double most(double[] values) {
        return Arrays.stream(values).max().orElse(1);
    }

    private static XYChart chart(String xTitle, Axis x, String yTitle, Axis y) {
        return chart(xTitle, x, yTitle, y, WIDTH, HEIGHT);
    }

    /** An empty chart in the report's style. */
    static XYChart chart(String xTitle, Axis x, String yTitle, Axis y, int width, int height) {
        XYChart chart = new XYChart(width, height);
        chart.setXAxisTitle(xTitle);
        chart.setYAxisTitle(yTitle);
        XYStyler styler = chart.getStyler();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        Color clear = new Color(0, true);
        styler.setLocale(Locale.ROOT)
                .setBaseFont(font)
                .setChartTitleVisible(false)
                .setLegendVisible(false)
                .setChartBackgroundColor(clear)
                .setPlotBackgroundColor(clear)
                .setPlotBorderVisible(false)
                .setChartFontColor(INK)
                .setChartPadding(4)
                .setMarkerSize(5)
                // Less than all, or XChart drops the labels at both ends of an axis.
                .setPlotContentSize(0.95)
                .setAnnotationLineColor(MARK)
                .setAnnotationLineStroke(
                        new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0));
        styler.setAxisTitleFont(font)
                .setAxisTickLabelsFont(font)
                .setAxisTickLabelsColor(INK)
                .setAxisTickMarksColor(AXIS)
                .setAxisTickMarkLength(4)
                .setPlotMargin(0)
                .setPlotGridVerticalLinesVisible(false)
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1f))
                .setXAxisDecimalPattern(pattern(x))
                .setYAxisDecimalPattern(pattern(y))
                .setXAxisMin(x.low())
                .setXAxisMax(x.high())
                .setYAxisMin(y.low())
                .setYAxisMax(y.high())
                // From the distance asked for, XChart finds the step of the axis again.
                .setXAxisTickMarkSpacingHint((int) Math.round(0.87 * width * x.step() / (x.high() - x.low())))
                .setYAxisTickMarkSpacingHint((int) Math.round(0.83 * height * y.step() / (y.high() - y.low())));
        return chart;
    }

    private static String pattern(Axis axis) {
        return axis.decimals() == 0 ? "#,##0" : "#,##0." + "0".repeat(axis.decimals());
    }

    private interface Drawing {
        XYChart chart();
    }

    /** What paints a picture, in CSS pixels. */
    interface Painting {
        void paint(Graphics2D g);
    }

    private static Optional<byte[]> drawn(Drawing drawing) {
        return drawn(WIDTH, HEIGHT, g -> drawing.chart().paint(g, WIDTH, HEIGHT));
    }

    /** A picture as a PNG, nothing where this system cannot draw. */
    static Optional<byte[]> drawn(int width, int height, Painting painting) {
        try {
            return Optional.of(png(width, height, painting));
        } catch (LinkageError | InternalError | AWTError e) {
            // A Java without its graphics libraries or a system without fonts: no reason to lose a run's report.
            return Optional.empty();
        }
    }

    private static byte[] png(int width, int height, Painting painting) {
        BufferedImage image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            g.scale(SCALE, SCALE);
            painting.paint(g);
        } finally {
            g.dispose();
        }
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("Charts: need a PNG in memory, got " + e.getMessage(), e);
        }
    }
}
