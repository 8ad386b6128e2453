package dev.stillpoint.zoo.images;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.IdxFile;
import dev.stillpoint.data.Images;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Images to classify, from what people have: an idx file, compressed or not; a PNG file; a folder of PNG files, in the order of
 * their names.
 */
final class ImageFiles {
    private static final int GREY = 1;
    private static final int COLOUR = 3;

    private ImageFiles() {}

    /**
     * Reads images of one shape.
     *
     * @param input a file or folder as above
     * @param channels 1 or 3: a grey PNG is taken for three equal channels, a coloured one is not made grey
     * @param side pixels of an image's height and width
     * @throws DataException for anything else
     */
    static Images read(Path input, int channels, int side) {
        Images images;
        if (Files.isDirectory(input)) {
            images = pictures(list(input), channels, side);
        } else {
            String name = String.valueOf(input.getFileName()).toLowerCase(Locale.ROOT);
            if (name.endsWith(".png")) {
                images = pictures(List.of(input), channels, side);
            } else {
                images = IdxFile.images(input);
            }
        }
        if (images.count() == 0) {
            throw new DataException(input, "need at least one image, got none");
        }
        if (images.channels() != channels || images.height() != side || images.width() != side) {
            throw new DataException(
                    input,
                    "need images of " + shape(channels, side, side) + ", got "
                            + shape(images.channels(), images.height(), images.width()));
        }
        return images;
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> String.valueOf(file.getFileName())
                            .toLowerCase(Locale.ROOT)
                            .endsWith(".png"))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new DataException(folder, "need PNG files in the folder, got none");
            }
            return found;
        } catch (IOException e) {
            throw new DataException(folder, "need a readable folder, got " + e, e);
        }
    }

    private static Images pictures(List<Path> files, int channels, int side) {
        int plane = side * side;
        byte[] pixels = new byte[Math.multiplyExact(files.size(), channels * plane)];
        for (int i = 0; i < files.size(); i++) {
            picture(files.get(i), channels, side, pixels, i * channels * plane);
        }
        return new Images(pixels, files.size(), channels, side, side);
    }

    private static void picture(Path file, int channels, int side, byte[] pixels, int at) {
        BufferedImage image;
        try {
            image = Files.isRegularFile(file) ? ImageIO.read(file.toFile()) : null;
        } catch (IOException | RuntimeException e) {
            throw new DataException(file, "need a whole PNG file, got " + e, e);
        }
        if (image == null) {
            throw new DataException(
                    file, "need a PNG file, got " + (Files.exists(file) ? "something else" : "none there"));
        }
        Raster raster = image.getRaster();
        // A palette's entries are colours; an alpha channel is passed over.
        boolean palette = image.getColorModel() instanceof java.awt.image.IndexColorModel;
        int bands =
                palette ? COLOUR : raster.getNumBands() - (image.getColorModel().hasAlpha() ? 1 : 0);
        boolean bytes = palette || raster.getSampleModel().getSampleSize(0) == Byte.SIZE;
        if (image.getWidth() != side || image.getHeight() != side || bands > channels || !bytes) {
            throw new DataException(
                    file,
                    "need an image of " + shape(channels, side, side) + " with 8 bits a channel, got "
                            + shape(bands, image.getHeight(), image.getWidth()) + " with "
                            + raster.getSampleModel().getSampleSize(0));
        }
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    int value = palette
                            ? image.getRGB(x, y) >> (8 * (2 - c)) & 255
                            : raster.getSample(x, y, bands == GREY ? 0 : c);
                    pixels[at + (c * side + y) * side + x] = (byte) value;
                }
            }
        }
    }

    private static String shape(int channels, int height, int width) {
        return channels + " x " + height + " x " + width;
    }

    /** The names of a folder's pictures, or the numbers of a file's, for the output. */
    static List<String> names(Path input, int count) {
        if (Files.isDirectory(input)) {
            return list(input).stream()
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(Integer.toString(i));
        }
        return names;
    }
}
