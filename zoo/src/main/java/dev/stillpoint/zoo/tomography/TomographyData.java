package dev.stillpoint.zoo.tomography;

import dev.stillpoint.kernel.ParallelBeam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What all methods are trained, chosen and judged on. Training images are seeded looks at the training patients' slices and random
 * ellipses, in turns; validation and test images are the slices of patients that training has not seen.
 *
 * @param scanner A
 * @param train to train
 * @param validate to choose by
 * @param test to report on
 * @param parts the slices behind them
 */
public record TomographyData(Scanner scanner, Scans train, Scans validate, Scans test, ChestSlices.Parts parts) {
    private static final int TRAIN_PATIENTS = 26;
    private static final int VALIDATE_PATIENTS = 4;
    private static final int TEST_PATIENTS = 10;
    /** Every fifth training image is one of ellipses. */
    private static final int ELLIPSES = 5;

    /**
     * The setting.
     *
     * @param pixels on a side, a divisor of 256
     * @param angles of the scan
     * @param noise of a beam, relative
     * @param images to train
     * @param seed of split, looks, ellipses and errors
     */
    public record Options(int pixels, int angles, double noise, int images, long seed) {
        /** Checks the numbers. */
        public Options {
            if (pixels < 8 || ChestSlices.SIDE % pixels != 0) {
                throw new IllegalArgumentException(
                        "TomographyData: need pixels >= 8 that divide " + ChestSlices.SIDE + ", got " + pixels);
            }
            if (images < 0) {
                throw new IllegalArgumentException("TomographyData: need images >= 0, got " + images);
            }
        }

        /** The published setting on other images: 128 x 128, 30 angles, 1.5 % noise. */
        public static Options sparse(int images, long seed) {
            return new Options(128, 30, 0.015, images, seed);
        }

        /** The same with few pixels, to settle the method. */
        public static Options pilot(int images, long seed) {
            return new Options(64, 30, 0.015, images, seed);
        }

        /** An easier setting: three times the angles, a third of the noise. */
        public static Options dense(int images, long seed) {
            return new Options(128, 90, 0.005, images, seed);
        }
    }

    /**
     * Generates everything from the slices.
     *
     * @param options the setting
     * @param slices the real images
     */
    public static TomographyData of(Options options, ChestSlices slices) {
        Scanner scanner = new Scanner(ParallelBeam.of(options.pixels(), options.angles()));
        ChestSlices.Parts parts = slices.split(TRAIN_PATIENTS, VALIDATE_PATIENTS, TEST_PATIENTS, options.seed());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(options.seed());
        // Drawn first: validation and test stay the same whatever is trained on.
        long validateSeed = random.nextLong();
        long testSeed = random.nextLong();
        long trainSeed = random.nextLong();
        List<float[]> looks = new ArrayList<>();
        Augmentation augmentation = Augmentation.standard();
        for (int i = 0; i < options.images(); i++) {
            if (i % ELLIPSES == ELLIPSES - 1) {
                looks.add(Ellipse.draw(Ellipse.random(random), options.pixels()));
            } else {
                int slice = parts.train()[random.nextInt(parts.train().length)];
                looks.add(augmentation.look(slices.image(slice), options.pixels(), random));
            }
        }
        return new TomographyData(
                scanner,
                Scans.of(scanner, looks, options.noise(), trainSeed),
                Scans.of(scanner, reduced(slices, parts.validate(), options), options.noise(), validateSeed),
                Scans.of(scanner, reduced(slices, parts.test(), options), options.noise(), testSeed),
                parts);
    }

    private static List<float[]> reduced(ChestSlices slices, int[] which, Options options) {
        return Arrays.stream(which)
                .mapToObj(slice -> slices.reduced(slice, options.pixels()))
                .toList();
    }
}
