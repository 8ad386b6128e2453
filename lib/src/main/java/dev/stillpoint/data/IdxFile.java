package dev.stillpoint.data;

import java.nio.file.Path;

/**
 * The idx format of MNIST, gzip-compressed or not: a magic number (two zero bytes, 8 for unsigned bytes, the number of dimensions), each
 * dimension as a big-endian 32-bit number, then the bytes with the last dimension innermost. All sizes are checked, to the
 * last byte; what is refused is a {@link DataException} with file and byte offset. Reference: LeCun, Cortes, Burges, the MNIST
 * database.
 */
public final class IdxFile {
    private static final int UNSIGNED_BYTE = 8;
    /** Larger than any data set in this format; beyond it a damaged header would ask for all memory. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private IdxFile() {}

    /**
     * Reads images.
     *
     * @param file a three-dimensional idx file, n x height x width
     * @return the images, one channel each
     * @throws DataException for anything else
     */
    public static Images images(Path file) {
        try (BinaryInput in = BinaryInput.open(file, "an idx file of images")) {
            int[] shape = header(in, 3);
            return new Images(body(in, shape, "pixels"), shape[0], 1, shape[1], shape[2]);
        }
    }

    /**
     * Reads labels.
     *
     * @param file a one-dimensional idx file
     * @return the labels, 0 to 255
     * @throws DataException for anything else
     */
    public static int[] labels(Path file) {
        try (BinaryInput in = BinaryInput.open(file, "an idx file of labels")) {
            byte[] bytes = body(in, header(in, 1), "labels");
            int[] labels = new int[bytes.length];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = bytes[i] & 255;
            }
            return labels;
        }
    }

    /**
     * Reads images and their labels.
     *
     * @param images a three-dimensional idx file
     * @param labels a one-dimensional idx file of as many labels
     * @param classes labels are 0 to classes - 1
     * @return both
     * @throws DataException when a file is no such file, when they disagree in number, or for a label out of range
     */
    public static LabelledImages labelled(Path images, Path labels, int classes) {
        Images x = images(images);
        int[] y = labels(labels);
        if (y.length != x.count()) {
            throw new DataException(
                    labels, "need " + x.count() + " labels as there are images in " + images + ", got " + y.length);
        }
        for (int i = 0; i < y.length; i++) {
            if (y[i] >= classes) {
                throw new DataException(
                        labels, "need labels from 0 to " + (classes - 1) + ", got " + y[i] + " for image " + i);
            }
        }
        return new LabelledImages(x, y, classes);
    }

    private static int[] header(BinaryInput in, int dimensions) {
        int need = UNSIGNED_BYTE << 8 | dimensions;
        int magic = in.bigEndian("the magic number");
        if (magic != need) {
            String unsigned = "the magic number " + need + " (unsigned bytes, " + dimensions + " dimensions)";
            throw in.refused(0, unsigned, Integer.toUnsignedString(magic));
        }
        int[] shape = new int[dimensions];
        long size = 1;
        for (int i = 0; i < dimensions; i++) {
            shape[i] = in.bigEndian("dimension " + (i + 1));
            boolean fits = shape[i] > 0 && size <= LARGEST / shape[i];
            if (!fits) {
                String range = "dimension " + (i + 1) + " of at least 1 and at most " + LARGEST / size;
                throw in.refused(in.offset() - Integer.BYTES, range, Integer.toUnsignedString(shape[i]));
            }
            size *= shape[i];
        }
        return shape;
    }

    private static byte[] body(BinaryInput in, int[] shape, String what) {
        int size = 1;
        for (int n : shape) {
            size *= n;
        }
        byte[] bytes = in.upTo(size, what);
        in.end();
        return bytes;
    }
}
