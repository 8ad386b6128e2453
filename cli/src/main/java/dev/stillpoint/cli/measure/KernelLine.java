package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.PathsLine.Spread;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.zoo.paths.Grid;
import java.util.Locale;

/**
 * The kernels alone on one grid, by {@link KernelBench}.
 *
 * @param grid the graph
 * @param lanes the arithmetic, by name
 * @param factorSeconds to order and factor AAᵀ
 * @param matrixNonZeros of A without dependent rows
 * @param rank rows of A that do not depend on others
 * @param nonZeros of L below its diagonal
 * @param factorBytes of what the tiles read
 * @param tileBytes of one thread's tile
 * @param samples of a run
 * @param steps of a sample in a run
 * @param seconds of a run on one thread
 * @param peak floating-point operations a second that one core can do
 * @param threads of the parallel run
 * @param speedUp of the parallel run
 */
public record KernelLine(
        Grid grid,
        String lanes,
        Spread factorSeconds,
        int matrixNonZeros,
        int rank,
        long nonZeros,
        long factorBytes,
        long tileBytes,
        int samples,
        int steps,
        Spread seconds,
        double peak,
        int threads,
        Spread speedUp) {
    /** How {@link #flops} are counted. */
    public static final String FLOPS = "4 nnz(L) + rank + 4 nnz(A) + 10 n, comparisons not counted";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Floating-point operations of a step of a sample: a multiply-add for each nonzero of L in either solve, and of A in
     * either product; the pivots; z⁺ (2), the sums of squares (5) and v⁺ (3) for each variable.
     */
    public long flops() {
        return 4 * nonZeros + rank + 4L * matrixNonZeros + 10L * grid.arcs();
    }

    /** Bytes of a tile of some width: z, z⁺, v and αw of all variables, b and y of all rows, a sample. */
    static long tileBytes(LaneFactor factor, int width) {
        return 4L * (width * (4L * factor.columns() + 2L * factor.rank()) + factor.columns());
    }

    /** Of one core, with loading and storing the samples. */
    public double microseconds() {
        return 1e6 * seconds.median() / samples / steps;
    }

    /** Floating-point operations a second of one core. */
    public double rate() {
        return flops() / (1e-6 * microseconds());
    }

    /** Of {@link #peak}. */
    public double share() {
        return rate() / peak;
    }

    /** Speed-up a thread. */
    public double efficiency() {
        return speedUp.median() / threads;
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%.3g us a sample and step, %.1f %% of peak, %.2fx on %d threads",
                microseconds(),
                100 * share(),
                speedUp.median(),
                threads);
    }

    /** All numbers. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode()
                .put("lanes", lanes)
                .put("matrixNonZeros", matrixNonZeros)
                .put("rank", rank)
                .put("nonZeros", nonZeros)
                .put("factorBytes", factorBytes)
                .put("tileBytes", tileBytes)
                .put("samples", samples)
                .put("steps", steps)
                .put("microsecondsPerSampleAndStep", microseconds())
                .put("flopsPerStep", flops())
                .put("gigaflops", 1e-9 * rate())
                .put("peakGigaflops", 1e-9 * peak)
                .put("shareOfPeak", share())
                .put("threads", threads)
                .put("efficiency", efficiency());
        node.set("factorSeconds", factorSeconds.toJson());
        node.set("seconds", seconds.toJson());
        node.set("speedUp", speedUp.toJson());
        return node;
    }
}
