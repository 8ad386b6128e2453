package dev.stillpoint.zoo.tomography;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.GreyImage;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import dev.stillpoint.kernel.ParallelBeam;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a reconstruction may be asked for by a file: sinograms, or images to be scanned. PNG files are grey, of 8 or 16 bits, and
 * hold one of them; NPY files hold one or, in their first dimension, several. Their size says which of the two they are.
 *
 * <p>An image is n × n numbers of brightness 0 to 1: f4, f8, or u1 and u2 in parts of 255 and 65535. A sinogram has a row an angle
 * and a column a detector bin: f4 or f8 line integrals over [−1, 1]², or a PNG file whose white is {@link #WHITE}.
 */
final class ScanFiles {
    /** The longest line through [−1, 1]² is 2√2 long, and brightness 1 at most. */
    static final double WHITE = 2 * Math.sqrt(2);

    private final ParallelBeam beam;

    ScanFiles(ParallelBeam beam) {
        this.beam = beam;
    }

    /**
     * What a file held.
     *
     * @param images brightness, [n²] each; empty where there were sinograms
     * @param sinograms line integrals, [angles·bins] each; empty where there were images
     */
    record Content(List<float[]> images, List<float[]> sinograms) {}

    /** Whether this class reads a file of that name. */
    static boolean reads(Path file) {
        return extension(file).equals("png") || extension(file).equals("npy");
    }

    /** In lower case, without the dot; empty for none. */
    static String extension(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
    }

    /**
     * Reads a file.
     *
     * @throws DataException if it is missing or damaged, or its size, type or a number is not as described
     */
    Content read(Path file) {
        return extension(file).equals("png") ? png(file) : npy(file);
    }

    private Content png(Path file) {
        GreyImage image = GreyImage.read(file);
        int n = beam.pixels();
        if (image.width() == n && image.height() == n) {
            return new Content(List.of(image.values()), List.of());
        }
        if (image.width() == beam.bins() && image.height() == beam.angles()) {
            float[] values = image.values();
            for (int i = 0; i < values.length; i++) {
                values[i] *= (float) WHITE;
            }
            return new Content(List.of(), List.of(values));
        }
        throw new DataException(
                file, "need " + wanted(" x ") + " pixels, got " + image.width() + " x " + image.height());
    }

    private String wanted(String by) {
        int n = beam.pixels();
        return "an image of " + n + by + n + " or a sinogram of " + beam.bins() + " columns and " + beam.angles()
                + " rows of";
    }

    private Content npy(Path file) {
        NumpyArray array = NumpyFile.read(file);
        int[] shape = array.shape();
        int sides = shape.length;
        int n = beam.pixels();
        if (sides != 2 && sides != 3) {
            throw new DataException(file, shapes() + Arrays.toString(shape));
        }
        int rows = sides == 2 ? 1 : shape[0];
        if (shape[sides - 2] == n && shape[sides - 1] == n) {
            return new Content(parts(file, array, rows, full(file, array), 0, 1), List.of());
        }
        if (shape[sides - 2] == beam.angles() && shape[sides - 1] == beam.bins()) {
            if (array.type() != NumpyArray.Type.F4 && array.type() != NumpyArray.Type.F8) {
                throw new DataException(
                        file, "need line integrals of type f4 or f8 for a sinogram, got " + name(array.type()));
            }
            return new Content(
                    List.of(), parts(file, array, rows, 1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
        }
        throw new DataException(file, shapes() + Arrays.toString(shape));
    }

    private String shapes() {
        int n = beam.pixels();
        return "need shape [" + n + ", " + n + "] or [rows, " + n + ", " + n + "] for images, [" + beam.angles() + ", "
                + beam.bins() + "] or [rows, " + beam.angles() + ", " + beam.bins() + "] for sinograms, got ";
    }

    private static String name(NumpyArray.Type type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** The number that stands for brightness 1. */
    private static double full(Path file, NumpyArray array) {
        return switch (array.type()) {
            case F4, F8 -> 1;
            case U1 -> 255;
            case U2 -> 65535;
            default ->
                throw new DataException(file, "need an image of type f4, f8, u1 or u2, got " + name(array.type()));
        };
    }

    private static List<float[]> parts(Path file, NumpyArray array, int rows, double full, double least, double most) {
        if (rows == 0) {
            throw new DataException(file, "need at least one row, got none");
        }
        int size = array.size() / rows;
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            float[] part = new float[size];
            for (int j = 0; j < size; j++) {
                double value = array.number(i * size + j) / full;
                if (!Double.isFinite(value) || value < least || value > most) {
                    throw new DataException(
                            file,
                            "row " + i + ", number " + j + ": need a finite number"
                                    + (Double.isInfinite(most) ? "" : " from 0 to 1") + ", got " + value);
                }
                part[j] = (float) value;
            }
            parts.add(part);
        }
        return parts;
    }
}
