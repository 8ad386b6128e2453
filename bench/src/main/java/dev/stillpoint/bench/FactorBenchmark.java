package dev.stillpoint.bench;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.zoo.paths.Grid;
import java.util.concurrent.TimeUnit;
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

/** Ordering and factoring AAᵀ of a grid's incidence matrix. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class FactorBenchmark {
    /** Nodes on a side. */
    @Param({"5", "10", "20", "30", "50", "100"})
    public int k;

    private SparseMatrix a = new Grid(2).incidence();

    /** For JMH. */
    public FactorBenchmark() {}

    /** Makes A. */
    @Setup
    public void prepare() {
        a = new Grid(k).incidence();
    }

    /** From A alone. */
    @Benchmark
    public AffineFactor factor() {
        return AffineFactor.of(a);
    }
}
