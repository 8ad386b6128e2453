package dev.stillpoint.zoo.images;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.Images;
import dev.stillpoint.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * SVHN's cropped digits, {@code train_32x32.mat} and {@code test_32x32.mat}: MATLAB files of version 5 with X, uint8
 * [32, 32, 3, n], and y, [n, 1], in which 10 stands for the digit 0. Reference: Netzer et al. 2011, Reading digits in natural
 * images.
 */
final class SvhnFile {
    private static final int SIDE = 32;
    private static final int CHANNELS = 3;
    private static final int CLASSES = 10;

    private SvhnFile() {}

    /**
     * Reads a file, in memory for it twice.
     *
     * @throws DataException for anything else
     */
    static LabelledImages read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    file, "need a MATLAB file, got " + (Files.exists(file) ? "something else" : "none there"));
        }
        try (Source source = Sources.openStreamingFile(file.toFile());
                MatFile content = Mat5.newReader(source).readMat()) {
            Matrix x = matrix(file, content, "X");
            Matrix y = matrix(file, content, "y");
            int[] shape = x.getDimensions();
            int n = y.getNumElements();
            if (x.getType() != MatlabType.UInt8 || !Arrays.equals(shape, new int[] {SIDE, SIDE, CHANNELS, n})) {
                throw new DataException(
                        file,
                        "need X as uint8 [32, 32, 3, " + n + "] for the " + n + " labels of y, got " + x.getType() + " "
                                + Arrays.toString(shape));
            }
            return new LabelledImages(new Images(pixels(x, n), n, CHANNELS, SIDE, SIDE), labels(file, y), CLASSES);
        } catch (IOException | RuntimeException e) {
            if (e instanceof DataException refused) {
                throw refused;
            }
            // The library has no exception of its own for bytes that make no sense.
            throw new DataException(file, "need a whole MATLAB file of version 5, got " + e, e);
        }
    }

    private static Matrix matrix(Path file, MatFile content, String name) {
        for (MatFile.Entry entry : content.getEntries()) {
            if (entry.getName().equals(name) && entry.getValue() instanceof Matrix matrix) {
                return matrix;
            }
        }
        throw new DataException(file, "need a matrix " + name + ", got none");
    }

    /** From rows innermost, then columns, channels, images, to [n, c, h, w]. */
    private static byte[] pixels(Matrix x, int n) {
        byte[] pixels = new byte[n * CHANNELS * SIDE * SIDE];
        for (int plane = 0; plane < n * CHANNELS; plane++) {
            int at = plane * SIDE * SIDE;
            for (int column = 0; column < SIDE; column++) {
                for (int row = 0; row < SIDE; row++) {
                    pixels[at + row * SIDE + column] = x.getByte(at + column * SIDE + row);
                }
            }
        }
        return pixels;
    }

    private static int[] labels(Path file, Matrix y) {
        int[] labels = new int[y.getNumElements()];
        for (int i = 0; i < labels.length; i++) {
            double label = y.getDouble(i);
            if (!(label >= 1 && label <= CLASSES) || label != Math.rint(label)) {
                throw new DataException(file, "need labels from 1 to 10, got " + label + " for image " + i);
            }
            labels[i] = (int) label % CLASSES;
        }
        return labels;
    }
}
