package dev.stillpoint.bench;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.zoo.paths.Grid;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One tile on one core: a Davis-Yin step, and its solve alone. Times are of a tile, which holds as many samples as the lanes are wide. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class TileBenchmark {
    private static final double STEP = 0.5;
    private static final double GAMMA = 0.5;

    /** Nodes on a side. */
    @Param({"5", "10", "20", "30", "50", "100"})
    public int k;

    /** Which twin. */
    @Param({"SIMD", "PLAIN"})
    public Arithmetic arithmetic = Arithmetic.PLAIN;

    /** Of a batch: the lanes are as narrow as they can be. */
    @Param({"32", "1"})
    public int samples;

    private Lanes lanes = Arithmetic.PLAIN.lanes();
    private LaneFactor factor = AffineFactor.of(new Grid(2).incidence()).lanes();
    private Bounds box = new Bounds(new float[0], new float[0]);
    private float[] scaledCost = {};
    private float[] b = {};
    private float[] sums = {};
    private float[] z = {};
    private float[] next = {};
    private float[] y = {};
    private float[] v = {};
    private float[] right = {};
    private float[] solved = {};

    /** For JMH. */
    public TileBenchmark() {}

    /** Fills a tile: z₀ and w at random, the source sends one unit to the sink. */
    @Setup
    public void prepare() {
        Grid grid = new Grid(k);
        AffineFactor affine = AffineFactor.of(grid.incidence());
        lanes = arithmetic.lanes(samples);
        factor = affine.lanes();
        int n = factor.columns() * lanes.width();
        int m = factor.rank() * lanes.width();
        float[] upper = new float[factor.columns()];
        Arrays.fill(upper, Float.POSITIVE_INFINITY);
        box = new Bounds(new float[upper.length], upper);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(k);
        scaledCost = random(random, n, (float) STEP);
        z = random(random, n, 1);
        right = random(random, m, 1);
        next = new float[n];
        y = new float[m];
        solved = new float[m];
        sums = new float[2 * lanes.width()];
        b = new float[m];
        double[] kept = affine.kept(grid.supply());
        for (int i = 0; i < m; i++) {
            b[i] = (float) kept[i / lanes.width()];
        }
        v = new float[n];
    }

    private static float[] random(RandomGenerator random, int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * random.nextFloat();
        }
        return values;
    }

    /** Residual, solve and sweep. */
    @Benchmark
    public float[] step() {
        lanes.residual(factor, v, b, y);
        lanes.solve(factor, y);
        lanes.sweep(factor, box, (float) (1 - STEP * GAMMA), scaledCost, z, next, y, v, sums);
        float[] before = z;
        z = next;
        next = before;
        return sums;
    }

    /** (AAᵀ)⁻¹ of the same right-hand sides each time. */
    @Benchmark
    public float[] solve() {
        System.arraycopy(right, 0, solved, 0, right.length);
        lanes.solve(factor, solved);
        return solved;
    }
}
