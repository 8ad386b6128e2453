package dev.stillpoint.zoo.signals;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** Signals below each other as one picture: each over its places with the true one behind it, and its labels beside its name. */
final class SignalPicture {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 130;
    private static final int HEAD = 26;
    private static final int MARGIN = 10;
    private static final int TEXT = 14;
    /** Where the labels begin, and how far they lie apart. */
    private static final int LABELS = 210;

    private static final int APART = 260;

    private static final Color TRUE = new Color(0x9ec5f4);
    private static final Color DRAWN = new Color(0xd4540b);
    private static final Color AXIS = new Color(0xd9dee5);
    private static final Color GOOD = new Color(0x1a7f37);
    private static final Color DOUBTFUL = new Color(0x9a6700);
    private static final Color BAD = new Color(0xb3261e);

    private SignalPicture() {}

    /**
     * The picture as a PNG file's content.
     *
     * @param signals by name
     * @param truth behind each
     * @param labels of each, by the same names
     */
    static byte[] png(Map<String, float[]> signals, float[] truth, Map<String, List<Certificate>> labels) {
        int panel = HEAD + HEIGHT;
        BufferedImage picture = new BufferedImage(WIDTH, signals.size() * panel + MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        try {
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            int top = 0;
            for (Map.Entry<String, float[]> signal : signals.entrySet()) {
                head(g, top, signal.getKey(), labels.getOrDefault(signal.getKey(), List.of()));
                double size = Math.max(largest(signal.getValue()), largest(truth));
                g.setColor(AXIS);
                g.drawLine(MARGIN, top + HEAD + HEIGHT / 2, WIDTH - MARGIN, top + HEAD + HEIGHT / 2);
                line(g, truth, size, top + HEAD, TRUE, 4);
                line(g, signal.getValue(), size, top + HEAD, DRAWN, 1.3f);
                top += panel;
            }
        } finally {
            g.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("SignalPicture: cannot encode the picture", e);
        }
        return bytes.toByteArray();
    }

    private static void head(Graphics2D g, int top, String name, List<Certificate> labels) {
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, TEXT));
        g.setColor(Color.BLACK);
        g.drawString(name, MARGIN, top + HEAD - 6);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT));
        for (int k = 0; k < labels.size(); k++) {
            Certificate c = labels.get(k);
            g.setColor(c.label() == Label.PASS ? GOOD : c.label() == Label.FAIL ? BAD : DOUBTFUL);
            g.drawString(
                    String.format(
                            Locale.ROOT,
                            "%s %.3g: %s",
                            c.name(),
                            c.value(),
                            c.label().name().toLowerCase(Locale.ROOT)),
                    LABELS + k * APART,
                    top + HEAD - 6);
        }
    }

    private static void line(Graphics2D g, float[] values, double size, int top, Color colour, float width) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < values.length; i++) {
            double x = MARGIN + (WIDTH - 2.0 * MARGIN) * i / Math.max(1, values.length - 1);
            double y = top + HEIGHT / 2.0 - (HEIGHT / 2.0 - MARGIN) * values[i] / Math.max(size, 1e-30);
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        g.setColor(colour);
        g.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(path);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }
}
