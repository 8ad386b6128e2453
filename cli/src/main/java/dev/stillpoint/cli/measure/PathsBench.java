package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A training epoch of shortest-path networks by Stillpoint and by {@link PublishedDysNet}, in turns in one process.
 *
 * @param grids nodes on a side, each at least 2
 * @param repetitions of each measurement
 * @param samples of an epoch
 * @param batch samples of a training step
 * @param seed of data, cold start and initial weights
 * @param threads of the kernels, and the most of libtorch to try
 * @param extrapolateFrom the smallest grid on which the published algorithm is not run to its end in its first epoch
 */
public record PathsBench(
        List<Integer> grids, int repetitions, int samples, int batch, long seed, int threads, int extrapolateFrom) {
    /** Steps a batch that stand for all steps of the published algorithm on large grids. */
    public static final int TIMED_STEPS = 20;

    /** From this grid on, or the smaller one that was asked for, all but its first epoch is extrapolated. */
    public static final int EXTRAPOLATE_FURTHER_FROM = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Lines of progress. */
    public int parts() {
        return grids.size() * (repetitions + 2);
    }

    /**
     * Measures.
     *
     * @param progress gets {@link #parts} lines
     * @throws MeasurementException where the two sides come to different answers
     */
    public Result run(Consumer<String> progress) {
        List<PathsLine> lines = new ArrayList<>();
        for (int k : grids) {
            try (TensorScope scope = TensorScope.open()) {
                lines.add(new PathsMeasurement(this, k, PathsMeasurement.free(), progress).measure());
            }
        }
        return new Result(this, lines);
    }

    /**
     * All measurements.
     *
     * @param bench what was asked for
     * @param lines one a grid
     */
    public record Result(PathsBench bench, List<PathsLine> lines) {
        /**
         * How a figure grows: the exponent e of the curve c·nᵉ in the variables n that is nearest to it, in logarithms; NaN
         * where fewer than two grids have it.
         *
         * @param index in {@link PathsLine#figures}
         */
        public double exponent(int index) {
            return Statistics.exponent(
                    lines.stream().mapToDouble(line -> line.grid().arcs()).toArray(),
                    lines.stream()
                            .mapToDouble(line -> line.figures().get(index).value())
                            .toArray());
        }

        /** What was asked for, the constants of both sides, exponents by the figures' names, and the grids. */
        public ObjectNode toJson() {
            ObjectNode node = JSON.createObjectNode()
                    .put("seed", bench.seed())
                    .put("repetitions", bench.repetitions())
                    .put("samples", bench.samples())
                    .put("batch", bench.batch())
                    .put("alpha", PublishedDysNet.ALPHA)
                    .put("gamma", PublishedDysNet.GAMMA)
                    .put("tunedAlpha", PathsMeasurement.TUNED_ALPHA)
                    .put("tunedGamma", PathsMeasurement.TUNED_GAMMA)
                    .put("residual", PublishedDysNet.Stop.RESIDUAL)
                    .put("frobenius", PublishedDysNet.Stop.FROBENIUS)
                    .put("timedSteps", TIMED_STEPS)
                    .put("extrapolateFrom", bench.extrapolateFrom())
                    .put("extrapolateFurtherFrom", EXTRAPOLATE_FURTHER_FROM)
                    .put("kernelThreads", bench.threads())
                    .put("kernelFlops", KernelLine.FLOPS);
            ObjectNode growth = node.putObject("exponents");
            List<PathsLine.Figure> figures = lines.get(0).figures();
            for (int i = 0; i < figures.size(); i++) {
                TrainedRun.put(growth, figures.get(i).name(), exponent(i));
            }
            ArrayNode all = node.putArray("grids");
            lines.forEach(line -> all.add(line.toJson()));
            return node;
        }
    }
}
