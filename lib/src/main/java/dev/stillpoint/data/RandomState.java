package dev.stillpoint.data;

/**
 * numpy's {@code RandomState(seed)}: the Mersenne Twister MT19937 and the legacy draws on top of it, so that published
 * data sets and splits can be generated again, draw for draw. Uniform and integer draws equal numpy's bit for bit;
 * normal draws to a few units in the last place (numpy takes the system's logarithm), the same on every machine here.
 * Not for concurrent use.
 *
 * <p>Reference: Matsumoto and Nishimura 1998, "Mersenne twister", ACM TOMACS 8(1).
 */
public final class RandomState {
    private static final int WORDS = 624;
    private static final int OFFSET = 397;
    private static final int UPPER = 0x80000000;
    private static final int LOWER = 0x7fffffff;
    private static final int TWIST = 0x9908b0df;
    private static final long MAX_SEED = 0xffffffffL;

    private final int[] state = new int[WORDS];
    private int position = WORDS;
    private double spare;
    private boolean hasSpare;

    /**
     * Seeds the generator as numpy does from one integer.
     *
     * @param seed 0 to 2³²−1
     * @throws IllegalArgumentException for a seed outside that range
     */
    public RandomState(long seed) {
        if (seed < 0 || seed > MAX_SEED) {
            throw new IllegalArgumentException("RandomState: need 0 <= seed <= " + MAX_SEED + ", got " + seed);
        }
        state[0] = (int) seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /**
     * numpy's {@code random_sample()}: uniform on [0, 1), a multiple of 2⁻⁵³, from two 32-bit draws.
     *
     * @return the draw
     */
    public double randomSample() {
        int high = nextBits() >>> 5;
        int low = nextBits() >>> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /**
     * numpy's {@code uniform(low, high)}: low + (high − low)·U with U on [0, 1).
     *
     * @param low finite
     * @param high finite, with a finite distance from low
     * @return the draw
     * @throws IllegalArgumentException where high − low is not finite
     */
    public double uniform(double low, double high) {
        double width = high - low;
        if (!Double.isFinite(width)) {
            throw new IllegalArgumentException("uniform: need a finite range, got " + low + " to " + high);
        }
        return low + width * randomSample();
    }

    /**
     * numpy's {@code binomial(1, 0.5)}: a fair coin, 1 where U &gt; 0.5.
     *
     * @return 0 or 1
     */
    public int coin() {
        return randomSample() > 0.5 ? 1 : 0;
    }

    /**
     * numpy's {@code standard_normal()} by Marsaglia's polar method: two draws at a time, the second one kept.
     *
     * @return the draw
     */
    public double normal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double x;
        double y;
        double squared;
        do {
            x = 2.0 * randomSample() - 1.0;
            y = 2.0 * randomSample() - 1.0;
            squared = x * x + y * y;
        } while (squared >= 1.0 || squared == 0.0);
        double scale = StrictMath.sqrt(-2.0 * StrictMath.log(squared) / squared);
        spare = scale * x;
        hasSpare = true;
        return scale * y;
    }

    /**
     * numpy's {@code normal(mean, deviation)}: mean + deviation·normal().
     *
     * @param mean the mean
     * @param deviation the standard deviation, at least 0
     * @return the draw
     * @throws IllegalArgumentException for a negative deviation or NaN
     */
    public double normal(double mean, double deviation) {
        if (!(deviation >= 0)) {
            throw new IllegalArgumentException("normal: need deviation >= 0, got " + deviation);
        }
        return mean + deviation * normal();
    }

    /**
     * numpy's {@code choice(range(low, high))} and {@code randint(low, high)}: 32-bit draws, masked to the smallest
     * power of two, rejected above high − 1. A range of one value draws nothing.
     *
     * @param low the smallest value
     * @param high one more than the greatest value
     * @return the draw
     * @throws IllegalArgumentException unless low &lt; high
     */
    public int choice(int low, int high) {
        if (low >= high) {
            throw new IllegalArgumentException("choice: need low < high, got " + low + " and " + high);
        }
        return (int) (low + upTo((long) high - 1 - low));
    }

    /**
     * numpy's {@code permutation(n)}: 0 to n−1, shuffled from the end (Fisher-Yates). O(n).
     *
     * @param n at least 0
     * @return the n numbers
     * @throws IllegalArgumentException for negative n
     */
    public int[] permutation(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("permutation: need n >= 0, got " + n);
        }
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = (int) upTo(i);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** Uniform on 0 to max, for max of at most 32 bits; numpy's random_interval. */
    private long upTo(long max) {
        if (max == 0) {
            return 0;
        }
        long mask = -1L >>> Long.numberOfLeadingZeros(max);
        long value;
        do {
            value = nextBits() & mask;
        } while (value > max);
        return value;
    }

    private int nextBits() {
        if (position == WORDS) {
            twist();
            position = 0;
        }
        int y = state[position++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int y = (state[i] & UPPER) | (state[i + 1 < WORDS ? i + 1 : 0] & LOWER);
            int far = state[i < WORDS - OFFSET ? i + OFFSET : i + OFFSET - WORDS];
            // Without a branch on a random bit, and without divisions: half of the time of a draw.
            state[i] = far ^ (y >>> 1) ^ (-(y & 1) & TWIST);
        }
    }
}
