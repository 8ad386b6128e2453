package dev.stillpoint.bench;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.ProjectionTiles;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.zoo.paths.Grid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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

/** The projection of a training batch onto {x : Ax = b} and its pullback, the projection onto {x : Ax = 0}; one core. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class ProjectionBenchmark {
    private static final int BATCH = 256;

    /** Nodes on a side. */
    @Param({"5", "10", "20", "30", "50", "100"})
    public int k;

    /** Which twin. */
    @Param({"SIMD", "PLAIN"})
    public Arithmetic arithmetic = Arithmetic.PLAIN;

    private ProjectionTiles tiles =
            new ProjectionTiles(Arithmetic.PLAIN.lanes(), AffineFactor.of(new Grid(2).incidence()));
    private double[][] b = {};
    private double[][] zero = {};
    private FloatBuffer x = FloatBuffer.allocate(0);
    private FloatBuffer result = FloatBuffer.allocate(0);

    /** For JMH. */
    public ProjectionBenchmark() {}

    /** Fills a batch at random. */
    @Setup
    public void prepare() {
        Workers.limit(1);
        Grid grid = new Grid(k);
        AffineFactor factor = AffineFactor.of(grid.incidence());
        tiles = new ProjectionTiles(arithmetic.lanes(), factor);
        b = new double[][] {factor.kept(grid.supply())};
        zero = new double[1][factor.rank()];
        x = direct(BATCH * grid.arcs());
        result = direct(BATCH * grid.arcs());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(k);
        for (int i = 0; i < x.capacity(); i++) {
            x.put(i, random.nextFloat());
        }
    }

    private static FloatBuffer direct(int count) {
        return ByteBuffer.allocateDirect(Float.BYTES * count)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** P(x). */
    @Benchmark
    public FloatBuffer forward() {
        tiles.run(BATCH, x, b, result);
        return result;
    }

    /** (I − A⁺A)g. */
    @Benchmark
    public FloatBuffer pullback() {
        tiles.run(BATCH, x, zero, result);
        return result;
    }
}
