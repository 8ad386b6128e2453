package dev.stillpoint.law;

import dev.stillpoint.kernel.LaneMatrix;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.kernel.SparseTiles;
import dev.stillpoint.kernel.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What {@link SparseTiles} promise on any {@link Lanes}: products within what the roundings of float32 explain, and a
 * sample's numbers the same bit for bit alone, beside others of any size, and at any number of threads.
 */
public final class SparseTilesLaws {
    /** What one operation rounds by, relative to its result. */
    private static final double ROUNDING = 0x1p-24;
    /** Roundings besides those of a sum's terms: of A to float32. */
    private static final int BESIDES = 2;

    /** Around the widths of lanes, and several tiles. */
    private static final int[] BATCHES = {0, 1, 3, 15, 16, 17, 33, 70};

    private SparseTilesLaws() {}

    /**
     * On {@link SparseInstances}, on a matrix of zeros, and on one large enough for several threads. Sets
     * {@link Workers#limit(int)} on the way.
     *
     * @throws AssertionError naming the law that does not hold
     */
    public static void check(Lanes lanes, RandomGenerator random) {
        check(lanes, SparseMatrix.of(new double[2][3]), random);
        check(lanes, SparseInstances.sparse(101, random), random);
        check(lanes, SparseInstances.incidence(1021, random).transpose(), random);
        check(lanes, large(random), random);
    }

    /** 60,000 nonzeros: more than the work that is worth a thread, at any width of lanes above 8. */
    private static SparseMatrix large(RandomGenerator random) {
        int[] row = new int[60_000];
        int[] column = new int[row.length];
        double[] value = new double[row.length];
        for (int t = 0; t < row.length; t++) {
            row[t] = random.nextInt(997);
            column[t] = random.nextInt(1_500);
            value[t] = random.nextGaussian();
        }
        return SparseMatrix.ofTriplets(997, 1_500, row, column, value);
    }

    private static void check(Lanes lanes, SparseMatrix a, RandomGenerator random) {
        int most = BATCHES[BATCHES.length - 1];
        int n = a.columns();
        int m = a.rows();
        float[] x = new float[most * n];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * Math.pow(100, i / n % 3 - 1));
        }
        SparseMatrix sizes = SparseInstances.absolute(a);
        float[] expected = run(lanes, a, 1, most, x);
        for (int i = 0; i < most; i++) {
            double[] own = row(x, i, n);
            double[] exact = a.multiply(own);
            double[] size = sizes.multiply(Arrays.stream(own).map(Math::abs).toArray());
            for (int j = 0; j < m; j++) {
                double allowed = (a.pointers()[j + 1] - a.pointers()[j] + BESIDES) * ROUNDING * size[j];
                // Written so that NaN fails.
                if (!(Math.abs(expected[i * m + j] - exact[j]) <= allowed)) {
                    throw new AssertionError(
                            "product: need " + exact[j] + " up to " + allowed + ", got " + expected[i * m + j]);
                }
            }
        }
        for (int threads : new int[] {1, 3}) {
            for (int batch : BATCHES) {
                float[] beside = x.clone();
                if (batch > 1) {
                    Arrays.fill(beside, 0, n, batch % 2 == 0 ? Float.NaN : 3e20f);
                }
                float[] result = run(lanes, a, threads, batch, beside);
                for (int i = batch > 1 ? m : 0; i < result.length; i++) {
                    LaneRun.same(batch + " samples on " + threads + " threads", result[i], expected[i]);
                }
            }
        }
    }

    private static float[] run(Lanes lanes, SparseMatrix a, int threads, int batch, float[] x) {
        int before = Workers.limit();
        Workers.limit(threads);
        try {
            float[] given = Arrays.copyOf(x, batch * a.columns());
            float[] y = new float[batch * a.rows()];
            Arrays.fill(y, Float.NaN);
            float[] left = given.clone();
            new SparseTiles(lanes, LaneMatrix.of(a)).run(batch, FloatBuffer.wrap(given), FloatBuffer.wrap(y));
            LaneRun.same("x left as it is", given, left);
            return y;
        } finally {
            Workers.limit(before);
        }
    }

    private static double[] row(float[] x, int i, int n) {
        double[] row = new double[n];
        for (int j = 0; j < n; j++) {
            row[j] = x[i * n + j];
        }
        return row;
    }
}
