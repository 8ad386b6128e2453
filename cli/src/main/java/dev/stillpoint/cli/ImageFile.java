package dev.stillpoint.cli;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.GreyImage;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import dev.stillpoint.zoo.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decisions that are square images, written as NPY or PNG. */
final class ImageFile {
    private final @Nullable Path file;
    private final int bits;
    private final int width;
    private final List<float[]> images = new ArrayList<>();

    private ImageFile(@Nullable Path file, int bits, int width) {
        this.file = file;
        this.bits = bits;
        this.width = width;
    }

    /** Refuses a name or a number of bits that cannot be written. */
    static void check(Path file, int bits) {
        if (!isPng(file) && !isNpy(file)) {
            throw new DataException(file, "need a name that ends in .npy or .png for images, got another");
        }
        if (bits != 8 && bits != 16) {
            throw new IllegalArgumentException("--bits: need 8 or 16, got " + bits);
        }
    }

    /**
     * A file for a model's decisions; without a name it takes them and writes nothing.
     *
     * @throws IllegalArgumentException if the model's decisions are no images
     */
    static ImageFile of(@Nullable Path file, int bits, Model model) {
        if (file == null) {
            return new ImageFile(null, bits, 0);
        }
        return new ImageFile(
                file,
                bits,
                model.imageWidth()
                        .orElseThrow(() -> new IllegalArgumentException("--images: need a model whose decisions are"
                                + " images, got " + model.application().name())));
    }

    /** Refuses what does not fit into the file. */
    void checkCount(int count) {
        if (file != null && isPng(file) && count != 1) {
            throw new DataException(
                    file, "need one image for a PNG file, got " + count + "; an NPY file takes them all");
        }
    }

    void take(float[] image) {
        if (file != null) {
            images.add(image);
        }
    }

    void write() {
        if (file == null) {
            return;
        }
        if (isPng(file)) {
            GreyImage.of(images.get(0), width, bits).write(file);
            return;
        }
        float[] all = new float[images.size() * width * width];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i), 0, all, i * width * width, width * width);
        }
        NumpyFile.write(file, NumpyArray.of(all, images.size(), width, width));
    }

    private static boolean isPng(Path file) {
        return name(file).endsWith(".png");
    }

    private static boolean isNpy(Path file) {
        return name(file).endsWith(".npy");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }
}
