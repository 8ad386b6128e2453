package dev.stillpoint.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A grey image of 8 or 16 bits, and the PNG files of such: row by row from the top. */
public final class GreyImage {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int HEADER = 26;
    /** A file of some bytes can ask for any size; this one takes 512 MB to decode. */
    private static final int MOST_PIXELS = 1 << 27;

    /** The bytes of an empty chunk, and the name of the last one, IEND. */
    private static final int CHUNK = 12;

    private static final int END = 0x49454e44;

    private static final String[] COLOURS = {
        "grey", "", "colour (RGB)", "a palette", "grey with transparency", "", "colour with transparency"
    };

    private final int width;
    private final int height;
    private final int bits;
    private final short[] samples;

    private GreyImage(int width, int height, int bits, short[] samples) {
        this.width = width;
        this.height = height;
        this.bits = bits;
        this.samples = samples;
    }

    /**
     * The image nearest to some brightness: 0 and below is black, 1 and above white.
     *
     * @param values brightness, row by row
     * @param width pixels a row
     * @param bits 8 or 16
     * @throws IllegalArgumentException for other bits, rows that are not full, or NaN
     */
    public static GreyImage of(float[] values, int width, int bits) {
        if (bits != 8 && bits != 16) {
            throw new IllegalArgumentException("GreyImage: need 8 or 16 bits, got " + bits);
        }
        if (width < 1 || values.length == 0 || values.length % width != 0) {
            throw new IllegalArgumentException(
                    "GreyImage: need full rows of " + width + " pixels, got " + values.length + " values");
        }
        int white = (1 << bits) - 1;
        short[] samples = new short[values.length];
        for (int i = 0; i < samples.length; i++) {
            if (Float.isNaN(values[i])) {
                throw new IllegalArgumentException(
                        "GreyImage: need numbers, got NaN in row " + i / width + ", column " + i % width);
            }
            samples[i] = (short) Math.round(Math.min(Math.max(values[i], 0.0), 1.0) * white);
        }
        return new GreyImage(width, values.length / width, bits, samples);
    }

    /** Pixels a row. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** 8 or 16. */
    public int bits() {
        return bits;
    }

    /** The stored number of a pixel, 0 to 2^bits − 1. */
    public int sample(int row, int column) {
        return samples[row * width + column] & 0xffff;
    }

    /** Brightness from 0 to 1, row by row. */
    public float[] values() {
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((samples[i] & 0xffff) / (double) ((1 << bits) - 1));
        }
        return values;
    }

    /**
     * Reads a PNG file. Its numbers are taken as they stand: a gamma that it may name is not applied.
     *
     * @throws DataException if it is missing, no PNG file, damaged, or not grey of 8 or 16 bits
     */
    public static GreyImage read(Path file) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException | OutOfMemoryError e) {
            throw new DataException(
                    file, "need a readable PNG file, got " + e.getClass().getSimpleName(), e);
        }
        if (content.length < HEADER || !Arrays.equals(content, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new DataException(file, "need a PNG file, got other content");
        }
        int columns = ByteBuffer.wrap(content).getInt(16);
        int rows = ByteBuffer.wrap(content).getInt(20);
        int depth = content[24];
        int colour = content[25];
        if (colour != 0 || (depth != 8 && depth != 16)) {
            String kind = colour >= 0 && colour < COLOURS.length && !COLOURS[colour].isEmpty()
                    ? COLOURS[colour]
                    : "colour type " + colour;
            throw new DataException(file, "need a grey image of 8 or 16 bits, got " + kind + " of " + depth + " bits");
        }
        if (columns < 1 || rows < 1 || (long) columns * rows > MOST_PIXELS) {
            throw new DataException(file, "need 1 to " + MOST_PIXELS + " pixels, got " + columns + " x " + rows);
        }
        checkChunks(file, content);
        return decode(file, content, depth);
    }

    /** Every chunk is whole, has the checksum that it names, and the last is the end: the decoder fills up with black instead. */
    private static void checkChunks(Path file, byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content).position(SIGNATURE.length);
        int kind = 0;
        while (kind != END) {
            int at = in.position();
            int length = in.remaining() < CHUNK ? -1 : in.getInt();
            if (length < 0 || length > in.remaining() - 8) {
                throw new DataException(file, "need whole chunks to the end of the image, got one cut at byte " + at);
            }
            CRC32 sum = new CRC32();
            sum.update(content, at + 4, length + 4);
            kind = in.getInt();
            in.position(at + 8 + length);
            if (in.getInt() != (int) sum.getValue()) {
                throw new DataException(file, "need chunks that match their checksums, got another at byte " + at);
            }
        }
    }

    private static GreyImage decode(Path file, byte[] content, int depth) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            reader.setInput(in, true, true);
            Raster raster = reader.read(0).getRaster();
            int[] numbers = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
            short[] samples = new short[numbers.length];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) numbers[i];
            }
            return new GreyImage(raster.getWidth(), raster.getHeight(), depth, samples);
        } catch (IOException | RuntimeException e) {
            // The reader throws what it likes for a damaged file.
            throw new DataException(file, "need an undamaged PNG file, got: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** Writes a PNG file, whole or not at all. */
    public void write(Path file) {
        BufferedImage image = new BufferedImage(
                width, height, bits == 8 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_USHORT_GRAY);
        DataBuffer buffer = image.getRaster().getDataBuffer();
        for (int i = 0; i < samples.length; i++) {
            buffer.setElem(i, samples[i] & 0xffff);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer =
                ImageIO.getImageWriters(new ImageTypeSpecifier(image), "png").next();
        AtomicFile.write(file, out -> {
            try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
                writer.setOutput(stream);
                writer.write(new IIOImage(image, null, null));
            } finally {
                writer.dispose();
            }
            bytes.writeTo(out);
        });
    }
}
