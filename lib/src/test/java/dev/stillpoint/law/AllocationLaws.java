package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.DavisYinTiles;
import dev.stillpoint.kernel.Judge;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.Verdict;
import dev.stillpoint.kernel.Workers;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Steps of tiles allocate nothing: what a run allocates, it does before its first step. */
public final class AllocationLaws {
    private static final int FEW_STEPS = 100;
    private static final int MANY_STEPS = 1_100;
    /** Bytes, of Java's own: less than one a step. */
    private static final long NOISE = 999;
    /** Vectors are objects until the compiler has seen enough, and the compiler takes its time. */
    private static final int ROUNDS = 500;

    private static final int SAMPLES = 23;
    private static final int N = 101;

    private AllocationLaws() {}

    /**
     * A run of 1,100 steps a sample allocates what one of 100 does, once it has been compiled. Sets
     * {@link Workers#limit(int)} on the way.
     *
     * @param lanes the lanes
     * @throws AssertionError where no round does without
     */
    public static void check(Lanes lanes) {
        check(lanes, ROUNDS);
    }

    static void check(Lanes lanes, int rounds) {
        int limit = Workers.limit();
        Workers.limit(1);
        try {
            Runs runs = new Runs(lanes, Cases.random(1));
            long least = Long.MAX_VALUE;
            for (int round = 0; round < rounds && least > NOISE; round++) {
                long few = runs.allocated(FEW_STEPS);
                assertThat(few).as("counted at all: a tile's arrays").isGreaterThan(4L * N * lanes.width());
                least = Math.min(least, Math.abs(runs.allocated(MANY_STEPS) - few));
            }
            assertThat(least)
                    .as("bytes of 1,000 steps of " + SAMPLES + " samples")
                    .isLessThanOrEqualTo(NOISE);
        } finally {
            Workers.limit(limit);
        }
    }

    private static final class Runs implements Judge {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final DavisYinTiles tiles;
        private final DavisYinTiles.Samples samples;
        private int steps;

        Runs(Lanes lanes, RandomGenerator random) {
            AffineFactor factor = AffineFactor.of(SparseInstances.sparse(N, random));
            float[] upper = new float[N];
            Arrays.fill(upper, 1.1f);
            tiles = new DavisYinTiles(lanes, factor, new Bounds(new float[N], upper), 1, 1);
            float[] cost = new float[SAMPLES * N];
            for (int i = 0; i < cost.length; i++) {
                cost[i] = (float) random.nextGaussian();
            }
            samples = new DavisYinTiles.Samples(
                    SAMPLES,
                    FloatBuffer.allocate(cost.length),
                    FloatBuffer.wrap(cost),
                    new double[1][factor.rank()],
                    FloatBuffer.allocate(cost.length));
        }

        long allocated(int stepsASample) {
            steps = stepsASample;
            long before = threads.getCurrentThreadAllocatedBytes();
            tiles.run(samples, this);
            return threads.getCurrentThreadAllocatedBytes() - before;
        }

        @Override
        public Verdict look(int sample, int step, double residual, double size) {
            if (step >= steps) {
                return Verdict.END;
            }
            return step % 32 == 0 ? Verdict.MEASURE : Verdict.GO_ON;
        }

        @Override
        public Verdict moved(int sample, double distance) {
            return Verdict.GO_ON;
        }
    }
}
