package dev.stillpoint.zoo.tomography;

import dev.stillpoint.data.AtomicFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Reconstructions of one image side by side: each whole, with what is said of it underneath, enlarged in one place, and its error
 * |x − truth| from black at 0 to white at {@link #WORST} and above. NaN is magenta.
 *
 * @param pixels n, on a side
 * @param truth [n²]
 * @param left column of the enlarged square
 * @param top its row
 * @param side its side
 */
public record Gallery(int pixels, float[] truth, int left, int top, int side) {
    /** The error that is white. */
    public static final double WORST = 0.2;

    /** Of a panel on the picture. */
    static final int PANEL = 256;

    static final int GAP = 8;
    static final int HEAD = 28;
    private static final int LINE = 18;
    private static final int TEXT = 13;
    private static final int NAN = 0xff00ff;

    /** Checks that the square lies in the image. */
    public Gallery {
        if (pixels < 1 || truth.length != pixels * pixels) {
            throw new IllegalArgumentException(
                    "Gallery: need " + pixels + " x " + pixels + " pixels, got " + truth.length);
        }
        if (side < 1 || left < 0 || top < 0 || left + side > pixels || top + side > pixels) {
            throw new IllegalArgumentException("Gallery: need a square within " + pixels + " pixels, got side " + side
                    + " at " + left + ", " + top);
        }
    }

    /**
     * One column of the picture.
     *
     * @param name above it
     * @param image [n²]
     * @param lines below the image
     */
    public record Panel(String name, float[] image, List<Line> lines) {
        /** Copies the list. */
        public Panel {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A line of text.
     *
     * @param text what it says
     * @param tone how it looks
     */
    public record Line(String text, Tone tone) {}

    /** What a line says, in colour. */
    public enum Tone {
        /** A number. */
        PLAIN,
        /** A check passed. */
        GOOD,
        /** A check failed. */
        BAD
    }

    /**
     * Draws the panels from left to right.
     *
     * @param panels at least one
     */
    BufferedImage draw(List<Panel> panels) {
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("Gallery: need at least one panel, got none");
        }
        int lines =
                panels.stream().mapToInt(panel -> panel.lines().size()).max().orElse(0);
        int below = GAP + lines * LINE;
        int width = GAP + panels.size() * (PANEL + GAP);
        int height = HEAD + 3 * PANEL + GAP + below + GAP;
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        try {
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width, height);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            for (int k = 0; k < panels.size(); k++) {
                draw(g, panels.get(k), GAP + k * (PANEL + GAP), below);
            }
        } finally {
            g.dispose();
        }
        return picture;
    }

    private void draw(Graphics2D g, Panel panel, int x, int below) {
        if (panel.image().length != truth.length) {
            throw new IllegalArgumentException(
                    "Gallery: " + panel.name() + ": need " + truth.length + " pixels, got " + panel.image().length);
        }
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, TEXT + 2));
        g.drawString(panel.name(), x, HEAD - GAP);
        BufferedImage grey = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
        BufferedImage error = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < truth.length; i++) {
            float v = panel.image()[i];
            grey.setRGB(i % pixels, i / pixels, Float.isNaN(v) ? NAN : grey(v));
            error.setRGB(i % pixels, i / pixels, Float.isNaN(v) ? NAN : heat(Math.abs(v - truth[i]) / WORST));
        }
        int y = HEAD;
        g.drawImage(grey, x, y, PANEL, PANEL, null);
        g.setColor(new Color(0xffb000));
        g.setStroke(new BasicStroke(1.5f));
        g.drawRect(x + left * PANEL / pixels, y + top * PANEL / pixels, side * PANEL / pixels, side * PANEL / pixels);
        y += PANEL;
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT));
        for (int i = 0; i < panel.lines().size(); i++) {
            Line line = panel.lines().get(i);
            g.setColor(
                    switch (line.tone()) {
                        case PLAIN -> Color.BLACK;
                        case GOOD -> new Color(0x1a7f37);
                        case BAD -> new Color(0xb3261e);
                    });
            g.drawString(line.text(), x, y + (i + 1) * LINE);
        }
        y += below;
        g.drawImage(grey, x, y, x + PANEL, y + PANEL, left, top, left + side, top + side, null);
        y += PANEL + GAP;
        g.drawImage(error, x, y, PANEL, PANEL, null);
    }

    private static int grey(double v) {
        int level = (int) Math.round(255 * Math.min(Math.max(v, 0), 1));
        return level << 16 | level << 8 | level;
    }

    /** Black, red, yellow, white. */
    private static int heat(double v) {
        double t = 3 * Math.min(Math.max(v, 0), 1);
        int red = (int) Math.round(255 * Math.min(t, 1));
        int green = (int) Math.round(255 * Math.min(Math.max(t - 1, 0), 1));
        int blue = (int) Math.round(255 * Math.min(Math.max(t - 2, 0), 1));
        return red << 16 | green << 8 | blue;
    }

    /** The picture as a PNG file's content. */
    public byte[] png(List<Panel> panels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(draw(panels), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Gallery: cannot encode the picture", e);
        }
        return bytes.toByteArray();
    }

    /** Writes the picture as a PNG file, whole or not at all. */
    public void write(Path file, List<Panel> panels) {
        byte[] content = png(panels);
        AtomicFile.write(file, out -> out.write(content));
    }

    /** The square with the most variation: what is worth a closer look. */
    static int[] busiest(float[] image, int n, int side) {
        int[] best = {0, 0};
        double most = -1;
        for (int top = 0; top + side <= n; top += 2) {
            for (int left = 0; left + side <= n; left += 2) {
                double sum = 0;
                for (int i = top; i < top + side; i++) {
                    for (int j = left + 1; j < left + side; j++) {
                        sum += Math.abs(image[i * n + j] - image[i * n + j - 1]);
                    }
                }
                if (sum > most) {
                    most = sum;
                    best = new int[] {left, top};
                }
            }
        }
        return best;
    }
}
