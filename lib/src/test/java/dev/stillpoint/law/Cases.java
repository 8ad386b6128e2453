package dev.stillpoint.law;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Runs a property over seeded random cases; a failure names its seed. */
public final class Cases {
    private Cases() {}

    /** A property of one random case. */
    public interface Property {
        void check(RandomGenerator random);
    }

    /** Checks {@code property} for seeds 0 to count − 1. */
    public static void forSeeds(int count, Property property) {
        for (long seed = 0; seed < count; seed++) {
            try {
                property.check(random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** A generator whose sequence is specified, the same on every JDK. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Standard normal numbers times {@code scale}. */
    public static double[] normal(RandomGenerator random, int n, double scale) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = scale * random.nextGaussian();
        }
        return values;
    }
}
