package dev.stillpoint.cli.measure;

import dev.stillpoint.cli.measure.PathsLine.Spread;
import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.DavisYinTiles;
import dev.stillpoint.kernel.Judge;
import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.Verdict;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.zoo.paths.Grid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Times the kernels alone: the factor, and Davis-Yin steps of a fixed number for every sample, on one thread and on several
 * in turns.
 *
 * @param threads of the parallel runs
 * @param repetitions of everything
 * @param samples of a run
 */
record KernelBench(int threads, int repetitions, int samples) {
    /** Steps that spread what loading and storing a sample takes. */
    private static final int FEWEST_STEPS = 40;

    private static final int MOST_STEPS = 20_000;
    /** Of a run on one thread: long beside the start of threads. */
    private static final double RUN_SECONDS = 0.4;
    /** Of runs before the first that counts, so that hot methods are compiled. */
    private static final double WARM_UP_SECONDS = 1.5;
    /** Where the compiler's thread waits for a processor, it takes longer: until so many runs are no faster. */
    private static final int SETTLED_RUNS = 3;

    private static final double SETTLED_SHARE = 0.9;
    private static final double MOST_WARM_UP_SECONDS = 20;

    private static final double FACTOR_WARM_UP_SECONDS = 0.5;
    /** Some ten milliseconds a run. */
    private static final int PEAK_ROUNDS = 1 << 20;

    private static final int PEAK_RUNS = 20;
    private static final int FEWEST_SAMPLES = 256;
    private static final int MOST_SAMPLES = 2_048;
    private static final int BUFFER = 1 << 26;
    private static final double STEP = 0.5;
    private static final double GAMMA = 0.5;

    /** Ends every sample after the same number of steps. */
    private record Fixed(int steps) implements Judge {
        @Override
        public Verdict look(int sample, int step, double residual, double size) {
            return step >= steps ? Verdict.END : Verdict.GO_ON;
        }

        @Override
        public Verdict moved(int sample, double distance) {
            return Verdict.GO_ON;
        }
    }

    /** As many as take 256 MB, at most so many that no thread waits long for the last tile. */
    static int samples(Grid grid) {
        return Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, BUFFER / grid.arcs()));
    }

    KernelLine measure(Grid grid) {
        Lanes lanes = LaneChoice.current().lanes();
        for (double spent = 0; spent < FACTOR_WARM_UP_SECONDS; ) {
            spent += seconds(() -> AffineFactor.of(grid.incidence()));
        }
        double[] factoring = new double[repetitions];
        for (int r = 0; r < repetitions; r++) {
            factoring[r] = seconds(() -> AffineFactor.of(grid.incidence()));
        }
        AffineFactor factor = AffineFactor.of(grid.incidence());
        float[] upper = new float[grid.arcs()];
        Arrays.fill(upper, Float.POSITIVE_INFINITY);
        DavisYinTiles tiles = new DavisYinTiles(lanes, factor, new Bounds(new float[grid.arcs()], upper), STEP, GAMMA);
        FloatBuffer random = random(samples * grid.arcs());
        DavisYinTiles.Samples all = new DavisYinTiles.Samples(
                samples, random, random, new double[][] {factor.kept(grid.supply())}, direct(samples * grid.arcs()));
        int before = Workers.limit();
        try {
            Workers.limit(1);
            int steps = steps(tiles, all);
            double[] one = new double[repetitions];
            double[] ratio = new double[repetitions];
            seconds(threads, tiles, all, steps);
            for (int r = 0; r < repetitions; r++) {
                one[r] = seconds(1, tiles, all, steps);
                ratio[r] = one[r] / seconds(threads, tiles, all, steps);
            }
            return new KernelLine(
                    grid,
                    lanes.name(),
                    Spread.of(factoring),
                    factor.lanes().matrixValues().length,
                    factor.rank(),
                    factor.nonZeros(),
                    factor.lanes().bytes(),
                    KernelLine.tileBytes(factor.lanes(), lanes.width()),
                    samples,
                    steps,
                    Spread.of(one),
                    peak(lanes),
                    threads,
                    Spread.of(ratio));
        } finally {
            Workers.limit(before);
        }
    }

    /** Warms up, and finds how many steps take {@link #RUN_SECONDS}. */
    private static int steps(DavisYinTiles tiles, DavisYinTiles.Samples samples) {
        double spent = 0;
        double best = Double.POSITIVE_INFINITY;
        int since = 0;
        while (spent < WARM_UP_SECONDS || (since < SETTLED_RUNS && spent < MOST_WARM_UP_SECONDS)) {
            double seconds = seconds(1, tiles, samples, FEWEST_STEPS);
            since = seconds < SETTLED_SHARE * best ? 0 : since + 1;
            best = Math.min(best, seconds);
            spent += seconds;
        }
        return (int) Math.max(FEWEST_STEPS, Math.min(MOST_STEPS, FEWEST_STEPS * RUN_SECONDS / best));
    }

    private static double seconds(int threads, DavisYinTiles tiles, DavisYinTiles.Samples samples, int steps) {
        Workers.limit(threads);
        return seconds(() -> tiles.run(samples, new Fixed(steps)));
    }

    private static double seconds(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Floating-point operations a second, the fastest of some runs: a peak. */
    static double peak(Lanes lanes) {
        float[] result = new float[lanes.width()];
        double best = 0;
        for (int run = 0; run < PEAK_RUNS; run++) {
            long begin = System.nanoTime();
            long done = lanes.multiplyAdds(PEAK_ROUNDS, result);
            best = Math.max(best, done / ((System.nanoTime() - begin) / 1e9));
        }
        return best;
    }

    private static FloatBuffer random(int count) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(0);
        FloatBuffer buffer = direct(count);
        for (int i = 0; i < count; i++) {
            buffer.put(i, random.nextFloat());
        }
        return buffer;
    }

    private static FloatBuffer direct(int count) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
