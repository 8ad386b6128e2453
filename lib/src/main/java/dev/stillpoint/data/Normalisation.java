package dev.stillpoint.data;

import dev.stillpoint.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * (v/255 − mean_c) / deviation_c for a value v of channel c: images as a network takes them.
 *
 * @param mean a channel's mean, of values between 0 and 1
 * @param deviation a channel's standard deviation, positive
 */
public record Normalisation(List<Double> mean, List<Double> deviation) {
    /** MNIST's digits. */
    public static final Normalisation MNIST = new Normalisation(List.of(0.1307), List.of(0.3081));

    /** CIFAR-10 as the JFB paper's code has it: the constants of ImageNet. */
    public static final Normalisation CIFAR10 =
            new Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    /** SVHN as the JFB paper's code has it. */
    public static final Normalisation SVHN =
            new Normalisation(List.of(0.4377, 0.4438, 0.4728), List.of(0.1980, 0.2010, 0.1970));

    public Normalisation {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.isEmpty() || mean.size() != deviation.size()) {
            throw new IllegalArgumentException("Normalisation: need as many deviations as means, and at least one, got "
                    + mean.size() + " means and " + deviation.size() + " deviations");
        }
        for (int c = 0; c < mean.size(); c++) {
            boolean usable = Double.isFinite(mean.get(c)) && deviation.get(c) > 0 && Double.isFinite(deviation.get(c));
            if (!usable) {
                throw new IllegalArgumentException("Normalisation: need a finite mean and a positive deviation, got "
                        + mean.get(c) + " and " + deviation.get(c) + " for channel " + c);
            }
        }
    }

    /** How many channels an image must have. */
    public int channels() {
        return mean.size();
    }

    /** The number that a value 0 to 255 of a channel becomes. */
    public float of(int channel, int value) {
        return (float) ((value / 255.0 - mean.get(channel)) / deviation.get(channel));
    }

    /**
     * The given rows as numbers.
     *
     * @param images images of {@link #channels} channels
     * @param rows which, in the order of the batch
     * @return float32 [rows.length, c, h, w], in the open scope
     */
    public Tensor batch(Images images, int... rows) {
        check(images);
        int size = images.size();
        byte[] pixels = new byte[size];
        float[][] table = table();
        float[] values = new float[Math.multiplyExact(rows.length, size)];
        for (int i = 0; i < rows.length; i++) {
            images.copy(rows[i], pixels, 0);
            write(pixels, table, values, i * size);
        }
        return Tensors.of(values, rows.length, images.channels(), images.height(), images.width());
    }

    /** All images as numbers: float32 [n, c, h, w]. */
    public Tensor batch(Images images) {
        int[] rows = new int[images.count()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        return batch(images, rows);
    }

    void check(Images images) {
        if (images.channels() != channels()) {
            throw new IllegalArgumentException(
                    "Normalisation: need images of " + channels() + " channels, got " + images.channels());
        }
    }

    /** A channel's 256 numbers. */
    float[][] table() {
        float[][] table = new float[channels()][256];
        for (int c = 0; c < table.length; c++) {
            for (int v = 0; v < 256; v++) {
                table[c][v] = of(c, v);
            }
        }
        return table;
    }

    private static void write(byte[] pixels, float[][] table, float[] values, int at) {
        int plane = pixels.length / table.length;
        for (int c = 0; c < table.length; c++) {
            float[] numbers = table[c];
            for (int p = c * plane; p < (c + 1) * plane; p++) {
                values[at + p] = numbers[pixels[p] & 255];
            }
        }
    }
}
