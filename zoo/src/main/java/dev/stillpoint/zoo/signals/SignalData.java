package dev.stillpoint.zoo.signals;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Signals x = Ms with sparse s and their measurements d = Ax: s has {@value #ATOMS} numbers, each 0 with probability 0.9 and
 * standard normal otherwise, M and A are standard normal, and A's columns have norm one.
 *
 * <p>Reference: Heaton and Wu Fung 2023, section 3.3, arXiv 2204.14174; the generator is Java's own, so the numbers are others.
 *
 * @param measurement A, [{@value #MEASUREMENTS}][{@value #LENGTH}]
 * @param signals x, a row each
 * @param measured d, a row each
 */
record SignalData(double[][] measurement, float[][] signals, float[][] measured) {
    /** Numbers of a signal. */
    static final int LENGTH = 250;
    /** Numbers of d. */
    static final int MEASUREMENTS = 100;
    /** Numbers of s. */
    static final int ATOMS = 50;

    private static final double SHARE = 0.1;

    static SignalData generate(int count, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        double[][] dictionary = normal(LENGTH, ATOMS, random);
        double[][] a = normal(MEASUREMENTS, LENGTH, random);
        for (int j = 0; j < LENGTH; j++) {
            double sum = 0;
            for (double[] row : a) {
                sum += row[j] * row[j];
            }
            for (double[] row : a) {
                row[j] /= Math.sqrt(sum);
            }
        }
        float[][] signals = new float[count][LENGTH];
        float[][] measured = new float[count][MEASUREMENTS];
        double[] x = new double[LENGTH];
        for (int i = 0; i < count; i++) {
            java.util.Arrays.fill(x, 0);
            for (int k = 0; k < ATOMS; k++) {
                double s = random.nextDouble() < SHARE ? random.nextGaussian() : 0;
                for (int j = 0; j < LENGTH && s != 0; j++) {
                    x[j] += dictionary[j][k] * s;
                }
            }
            for (int j = 0; j < LENGTH; j++) {
                signals[i][j] = (float) x[j];
            }
            measured[i] = measure(a, x);
        }
        return new SignalData(a, signals, measured);
    }

    /** The rows from {@code from} to before {@code to}. */
    SignalData rows(int from, int to) {
        return new SignalData(
                measurement,
                java.util.Arrays.copyOfRange(signals, from, to),
                java.util.Arrays.copyOfRange(measured, from, to));
    }

    int size() {
        return signals.length;
    }

    private static float[] measure(double[][] a, double[] x) {
        float[] d = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                sum += a[i][j] * x[j];
            }
            d[i] = (float) sum;
        }
        return d;
    }

    private static double[][] normal(int rows, int columns, RandomGenerator random) {
        double[][] a = new double[rows][columns];
        for (double[] row : a) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return a;
    }
}
