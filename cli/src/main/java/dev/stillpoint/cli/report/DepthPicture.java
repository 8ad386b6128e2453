package dev.stillpoint.cli.report;

import dev.stillpoint.cli.measure.MemoryBench;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The memory of a training step against the depth of its solve, a line an adjoint. */
public final class DepthPicture {
    private static final int WIDTH = 640;
    private static final int CURVES = 340;
    private static final int MARGIN = 20;
    private static final int LINE = 24;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Color INK = new Color(0x16202e);

    private DepthPicture() {}

    /** A PNG, nothing where this system cannot draw. */
    public static Optional<byte[]> png(MemoryBench.Result result) {
        int height = MARGIN + (1 + result.lines().size()) * LINE + CURVES + MARGIN;
        return Charts.drawn(WIDTH, height, g -> paint(g, result, height));
    }

    private static void paint(Graphics2D g, MemoryBench.Result result, int height) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, height);
        int y = MARGIN + LINE / 2;
        g.setColor(INK);
        g.setFont(TITLE);
        g.drawString(
                "Peak memory of a training step, " + result.bench().network().text(), MARGIN, y);
        g.setFont(TEXT);
        for (int i = 0; i < result.lines().size(); i++) {
            y += LINE;
            g.setColor(ComparisonPicture.colour(i));
            g.fillRect(MARGIN, y - 6, 26, 3);
            g.setColor(INK);
            g.drawString(result.lines().get(i).adjoint().text(), MARGIN + 34, y);
        }
        AffineTransform before = g.getTransform();
        g.translate(MARGIN / 2.0, y + LINE / 2.0);
        chart(result).paint(g, WIDTH - MARGIN, CURVES);
        g.setTransform(before);
    }

    private static XYChart chart(MemoryBench.Result result) {
        double[] depths = result.bench().depths().stream()
                .mapToDouble(Integer::doubleValue)
                .toArray();
        List<double[]> megabytes = result.lines().stream()
                .map(line -> Arrays.stream(line.medians()).map(b -> b / 1e6).toArray())
                .toList();
        double most = megabytes.stream().flatMapToDouble(Arrays::stream).max().orElse(1);
        XYChart chart = Charts.chart(
                "applications of T in the solve",
                Axis.around(0, depths[depths.length - 1], 8, 1),
                "MB",
                Axis.around(0, Math.max(1, most), 8, 0),
                WIDTH - MARGIN,
                CURVES);
        for (int i = 0; i < megabytes.size(); i++) {
            XYSeries series = chart.addSeries("line" + i, depths.clone(), megabytes.get(i));
            series.setLineStyle(new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            series.setLineColor(ComparisonPicture.colour(i));
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(ComparisonPicture.colour(i));
        }
        return chart;
    }
}
