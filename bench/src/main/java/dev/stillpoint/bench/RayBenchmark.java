package dev.stillpoint.bench;

import dev.stillpoint.kernel.LaneMatrix;
import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.kernel.SparseTiles;
import dev.stillpoint.kernel.Workers;
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

/** The ray transform of 30 angles and its adjoint on a training batch of 16 images. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RayBenchmark {
    private static final int ANGLES = 30;
    private static final int BATCH = 16;

    /** On a side. */
    @Param("128")
    public int pixels;

    /** At most; no more run than there are cores. */
    @Param({"1", "2", "4"})
    public int threads;

    /** Which twin. */
    @Param({"SIMD", "PLAIN"})
    public Arithmetic arithmetic = Arithmetic.PLAIN;

    private SparseTiles forward = tiles(SparseMatrix.of(new double[1][1]));
    private SparseTiles backward = forward;
    private FloatBuffer images = FloatBuffer.allocate(0);
    private FloatBuffer data = FloatBuffer.allocate(0);

    /** For JMH. */
    public RayBenchmark() {}

    /** Builds A, and fills a batch at random. */
    @Setup
    public void prepare() {
        Workers.limit(threads);
        SparseMatrix a = ParallelBeam.of(pixels, ANGLES).strips();
        forward = tiles(a);
        backward = tiles(a.transpose());
        images = random(BATCH * a.columns());
        data = random(BATCH * a.rows());
    }

    private SparseTiles tiles(SparseMatrix a) {
        return new SparseTiles(arithmetic.lanes(), LaneMatrix.of(a));
    }

    private static FloatBuffer random(int count) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(Float.BYTES * count)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(count);
        for (int i = 0; i < count; i++) {
            buffer.put(i, random.nextFloat());
        }
        return buffer;
    }

    /** Ax. */
    @Benchmark
    public FloatBuffer forward() {
        forward.run(BATCH, images, data);
        return data;
    }

    /** Aᵀy. */
    @Benchmark
    public FloatBuffer adjoint() {
        backward.run(BATCH, data, images);
        return images;
    }
}
