package dev.stillpoint.data;

import java.util.Arrays;

/**
 * Images as unsigned bytes [n, c, h, w], a byte a value: a quarter of what they would take as numbers. Use
 * {@link Normalisation} to make numbers of a batch. Images never change, and a copy is made of no array that is handed over.
 */
public final class Images {
    private final byte[] pixels;
    private final int count;
    private final int channels;
    private final int height;
    private final int width;

    /**
     * Takes the array over: the caller must not write to it any more.
     *
     * @param pixels all values, w innermost, then h, c, n
     * @param count n
     * @param channels c: 1 for grey, 3 for red, green and blue in this order
     * @param height h
     * @param width w
     */
    public Images(byte[] pixels, int count, int channels, int height, int width) {
        if (count < 0 || channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Images: need a count of at least 0 and a shape of at least 1 x 1 x 1, got " + count + " and "
                            + channels + " x " + height + " x " + width);
        }
        if ((long) count * channels * height * width != pixels.length) {
            throw new IllegalArgumentException("Images: need " + count + " x " + channels + " x " + height + " x "
                    + width + " values, got " + pixels.length);
        }
        this.pixels = pixels;
        this.count = count;
        this.channels = channels;
        this.height = height;
        this.width = width;
    }

    /** n, the number of images. */
    public int count() {
        return count;
    }

    /** c, the number of channels. */
    public int channels() {
        return channels;
    }

    /** h, the rows of an image. */
    public int height() {
        return height;
    }

    /** w, the columns of an image. */
    public int width() {
        return width;
    }

    /** c·h·w, the values of one image. */
    public int size() {
        return channels * height * width;
    }

    /** One value, 0 to 255. */
    public int at(int image, int channel, int y, int x) {
        if (image < 0
                || image >= count
                || channel < 0
                || channel >= channels
                || y < 0
                || y >= height
                || x < 0
                || x >= width) {
            throw new IllegalArgumentException("Images: need a place within [" + count + ", " + channels + ", " + height
                    + ", " + width + "], got [" + image + ", " + channel + ", " + y + ", " + x + "]");
        }
        return pixels[((image * channels + channel) * height + y) * width + x] & 255;
    }

    /** Copies the {@link #size} values of one image to a place in an array. */
    public void copy(int image, byte[] target, int offset) {
        check(image);
        System.arraycopy(pixels, image * size(), target, offset, size());
    }

    /** The images of the given rows, in their order; a row may come twice. O(rows) memory. */
    public Images rows(int... rows) {
        byte[] chosen = new byte[Math.multiplyExact(rows.length, size())];
        for (int i = 0; i < rows.length; i++) {
            copy(rows[i], chosen, i * size());
        }
        return new Images(chosen, rows.length, channels, height, width);
    }

    /** The images from one row to the one before another. */
    public Images range(int from, int to) {
        if (from < 0 || to < from || to > count) {
            throw new IllegalArgumentException(
                    "Images: need a range within 0 to " + count + ", got " + from + " to " + to);
        }
        return new Images(Arrays.copyOfRange(pixels, from * size(), to * size()), to - from, channels, height, width);
    }

    /** The array itself, for readers of this package that promise not to write to it. */
    byte[] pixels() {
        return pixels;
    }

    private void check(int image) {
        if (image < 0 || image >= count) {
            throw new IllegalArgumentException("Images: need an image from 0 to " + (count - 1) + ", got " + image);
        }
    }
}
