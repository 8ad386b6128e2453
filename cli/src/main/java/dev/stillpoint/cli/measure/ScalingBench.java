package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.PathsLine.Figure;
import dev.stillpoint.zoo.paths.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Time and memory of shortest-path networks against the number of variables: the kernels in this process, a training of one
 * epoch in a process of its own.
 *
 * @param grids nodes on a side, each at least 2
 * @param repetitions of the kernels' measurements
 * @param samples to train; 400 more validate and test
 * @param threads of the kernels and of libtorch
 */
public record ScalingBench(List<Integer> grids, int repetitions, int samples, int threads) {
    /** The grids whose figures tell how the largest ones grow: fixed costs hide in the small ones' growth. */
    public static final int LARGEST = 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Lines of progress. */
    public int parts() {
        return 2 * grids.size();
    }

    /**
     * Measures.
     *
     * @param progress gets {@link #parts} lines
     * @throws MeasurementException where a training fails for another reason than memory
     */
    public Result run(Consumer<String> progress) {
        List<ScalingLine> lines = new ArrayList<>();
        for (int k : grids.stream().sorted().toList()) {
            Grid grid = new Grid(k);
            KernelLine kernel = new KernelBench(threads, repetitions, KernelBench.samples(grid)).measure(grid);
            progress.accept(PathsLine.title(grid) + ": kernel " + kernel.summary());
            ScalingLine line = train(kernel);
            lines.add(line);
            progress.accept(line.title() + ": training "
                    + (line.failure().isEmpty() ? String.format("%.3g s", line.epochSeconds()) : line.failure()));
        }
        return new Result(this, lines);
    }

    private ScalingLine train(KernelLine kernel) {
        EpochJob job = new EpochJob(kernel.grid().k(), samples, threads);
        try {
            ObjectNode result =
                    ChildJvm.growing(Runtime.getRuntime().maxMemory()).run(job.toJson(), message -> {});
            return new ScalingLine(
                    kernel,
                    result.path("seconds").asDouble(Double.NaN),
                    result.path("peakBytes").asDouble(Double.NaN),
                    "");
        } catch (MeasurementException e) {
            return new ScalingLine(kernel, Double.NaN, Double.NaN, outOfMemory(e));
        }
    }

    /** "does not fit: ..." where memory was what failed; anything else is thrown on. */
    static String outOfMemory(MeasurementException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("OutOfMemory") || message.contains("signal 9")) {
            return "does not fit: " + message;
        }
        throw e;
    }

    /**
     * All measurements.
     *
     * @param bench what was asked for
     * @param lines one a grid, ascending
     */
    public record Result(ScalingBench bench, List<ScalingLine> lines) {
        /**
         * The exponent e of the curve c·nᵉ that is nearest to a figure, in logarithms; NaN where fewer than two grids have it.
         *
         * @param index in {@link ScalingLine#figures}
         */
        public double exponent(int index) {
            return exponent(index, lines);
        }

        /** The same over the {@link #LARGEST} largest grids that have the figure. */
        public double exponentOfLargest(int index) {
            List<ScalingLine> measured = lines.stream()
                    .filter(line -> Double.isFinite(line.figures().get(index).value()))
                    .toList();
            return exponent(index, measured.subList(Math.max(0, measured.size() - LARGEST), measured.size()));
        }

        private static double exponent(int index, List<ScalingLine> lines) {
            return Statistics.exponent(
                    lines.stream().mapToDouble(ScalingLine::variables).toArray(),
                    lines.stream()
                            .mapToDouble(line -> line.figures().get(index).value())
                            .toArray());
        }

        /** What was asked for, exponents by the figures' names, and the grids. */
        public ObjectNode toJson() {
            ObjectNode node = JSON.createObjectNode()
                    .put("repetitions", bench.repetitions())
                    .put("samples", bench.samples())
                    .put("threads", bench.threads())
                    .put("kernelFlops", KernelLine.FLOPS);
            ObjectNode growth = node.putObject("exponents");
            ObjectNode largest = node.putObject("exponentsOfLargest");
            List<Figure> figures = lines.get(0).figures();
            for (int i = 0; i < figures.size(); i++) {
                TrainedRun.put(growth, figures.get(i).name(), exponent(i));
                TrainedRun.put(largest, figures.get(i).name(), exponentOfLargest(i));
            }
            ArrayNode all = node.putArray("grids");
            lines.forEach(line -> all.add(line.toJson()));
            return node;
        }
    }
}
