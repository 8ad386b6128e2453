package dev.stillpoint.data;

import dev.stillpoint.tensor.Tensors;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/**
 * Images changed at random for training: mirrored, then cut out of a frame around them, then partly erased. What becomes of an
 * image is a function of seed, epoch and the image's row alone, so a resumed run and any order of the batches see the same.
 *
 * <p>Reference: Fung et al. 2022, JFB (the released code's transforms for CIFAR-10); erasing is that of Zhong et al. 2020, Random
 * Erasing, as torchvision has it.
 *
 * @param mirror probability that left and right change places, in [0, 1]
 * @param padding width of the frame, from which an image of the old size is cut out at a uniform place; 0 leaves it in place
 * @param fill value of the frame, in [0, 1] as of a pixel
 * @param erasing of a rectangle
 */
public record Augmentation(double mirror, int padding, double fill, Erasing erasing) {
    /** Every image as it is. */
    public static final Augmentation NONE = new Augmentation(0, 0, 0, Erasing.NEVER);

    /** What the JFB paper's code does to CIFAR-10. */
    public static final Augmentation CIFAR10 = new Augmentation(0.5, 2, 0.449, new Erasing(0.95, 0.1, 0.25, 0.2, 5));

    public Augmentation {
        if (!(mirror >= 0 && mirror <= 1) || padding < 0 || !(fill >= 0 && fill <= 1)) {
            throw new IllegalArgumentException("Augmentation: need mirror and fill in [0, 1] and a padding >= 0, got "
                    + mirror + ", " + fill + " and " + padding);
        }
    }

    /**
     * A rectangle of the image takes the mean of the normalisation, which is 0 in the network's numbers.
     *
     * @param probability that there is one, in [0, 1]
     * @param leastShare of the image's area
     * @param mostShare of the image's area, drawn uniformly between both
     * @param leastAspect height over width
     * @param mostAspect height over width, its logarithm drawn uniformly between both
     */
    public record Erasing(
            double probability, double leastShare, double mostShare, double leastAspect, double mostAspect) {
        /** None. */
        public static final Erasing NEVER = new Erasing(0, 0.1, 0.1, 1, 1);

        /** Draws until a rectangle fits into the image; after so many without one, nothing is erased. */
        private static final int ATTEMPTS = 10;

        public Erasing {
            boolean shares = leastShare > 0 && leastShare <= mostShare && mostShare <= 1;
            boolean aspects = leastAspect > 0 && leastAspect <= mostAspect && Double.isFinite(mostAspect);
            if (!(probability >= 0 && probability <= 1) || !shares || !aspects) {
                throw new IllegalArgumentException(
                        "Erasing: need a probability in [0, 1], shares in (0, 1] and aspects > 0,"
                                + " in order, got " + probability + ", " + leastShare + " to " + mostShare + " and "
                                + leastAspect
                                + " to " + mostAspect);
            }
        }
    }

    /**
     * The given rows, changed, as numbers, in plain Java.
     *
     * @param images to draw from
     * @param normalisation to the network's numbers
     * @param seed of the run
     * @param epoch of the run
     * @param rows which, in the order of the batch
     * @return float32 [rows.length, c, h, w], in the open scope
     */
    public Tensor batch(Images images, Normalisation normalisation, long seed, int epoch, int... rows) {
        normalisation.check(images);
        int size = images.size();
        float[][] table = normalisation.table();
        float[] frame = new float[table.length];
        for (int c = 0; c < frame.length; c++) {
            frame[c] = (float) ((fill - normalisation.mean().get(c))
                    / normalisation.deviation().get(c));
        }
        byte[] pixels = new byte[size];
        float[] values = new float[Math.multiplyExact(rows.length, size)];
        for (int i = 0; i < rows.length; i++) {
            images.copy(rows[i], pixels, 0);
            Change change = draw(seed, epoch, rows[i], images.height(), images.width());
            change.write(pixels, table, frame, values, i * size, images.height(), images.width());
        }
        return Tensors.of(values, rows.length, images.channels(), images.height(), images.width());
    }

    /** What becomes of one image. All numbers are drawn in the same order whatever is switched off. */
    Change draw(long seed, int epoch, int image, int height, int width) {
        SplittableRandom random = new SplittableRandom(mixed(mixed(mixed(seed) + epoch) + image));
        boolean mirrored = random.nextDouble() < mirror;
        int down = random.nextInt(2 * padding + 1) - padding;
        int right = random.nextInt(2 * padding + 1) - padding;
        if (random.nextDouble() >= erasing.probability()) {
            return new Change(mirrored, down, right, 0, 0, 0, 0);
        }
        for (int attempt = 0; attempt < Erasing.ATTEMPTS; attempt++) {
            double area = height * width * between(random, erasing.leastShare(), erasing.mostShare());
            double aspect = Math.exp(between(random, Math.log(erasing.leastAspect()), Math.log(erasing.mostAspect())));
            int h = (int) Math.rint(Math.sqrt(area * aspect));
            int w = (int) Math.rint(Math.sqrt(area / aspect));
            if (h > 0 && w > 0 && h < height && w < width) {
                int top = random.nextInt(height - h + 1);
                int left = random.nextInt(width - w + 1);
                return new Change(mirrored, down, right, top, left, h, w);
            }
        }
        return new Change(mirrored, down, right, 0, 0, 0, 0);
    }

    private static double between(SplittableRandom random, double least, double most) {
        return least + (most - least) * random.nextDouble();
    }

    /** Neighbouring seeds, epochs and rows must not give neighbouring generators. Reference: Stafford's mix 13, as in SplitMix64. */
    private static long mixed(long z) {
        long x = z + 0x9e3779b97f4a7c15L;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }

    /**
     * What becomes of one image: mirrored or not, then moved, then erased.
     *
     * @param mirrored left and right change places
     * @param down the window's place in the frame, -padding to padding: row y shows row y + down
     * @param right column x shows column x + right
     * @param top first row erased
     * @param left first column erased
     * @param height rows erased, 0 for none
     * @param width columns erased
     */
    record Change(boolean mirrored, int down, int right, int top, int left, int height, int width) {
        void write(byte[] pixels, float[][] table, float[] frame, float[] values, int at, int h, int w) {
            for (int c = 0; c < table.length; c++) {
                float[] numbers = table[c];
                for (int y = 0; y < h; y++) {
                    int source = y + down;
                    boolean inside = source >= 0 && source < h;
                    int from = (c * h + source) * w;
                    int to = at + (c * h + y) * w;
                    boolean erased = y >= top && y < top + height;
                    for (int x = 0; x < w; x++) {
                        int column = x + right;
                        if (erased && x >= left && x < left + width) {
                            values[to + x] = 0;
                        } else if (inside && column >= 0 && column < w) {
                            values[to + x] = numbers[pixels[from + (mirrored ? w - 1 - column : column)] & 255];
                        } else {
                            values[to + x] = frame[c];
                        }
                    }
                }
            }
        }
    }
}
