package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Memory of a training step against the depth of its solve, each measurement in a process of its own.
 *
 * @param depths at least two different ones, ascending
 * @param adjoints at least one
 * @param network whose step it is
 * @param batch rows a step
 * @param repetitions of each measurement; the median counts
 */
public record MemoryBench(
        List<Integer> depths, List<DepthAdjoint> adjoints, DepthNetwork network, int batch, int repetitions) {
    /** What "does not grow with depth" means: at most this share of what a taped step takes. */
    public static final double LIMIT = 0.01;

    /** The measured network is small; its arrays fit many times. */
    private static final long HEAP = 512L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Checks that a slope can be had. */
    public MemoryBench {
        depths = depths.stream().sorted().distinct().toList();
        adjoints = adjoints.stream().distinct().toList();
        if (depths.size() < 2 || depths.get(0) < 1) {
            throw new IllegalArgumentException(
                    "MemoryBench: need at least two different depths, all >= 1, got " + depths);
        }
        if (adjoints.isEmpty() || repetitions < 1) {
            throw new IllegalArgumentException("MemoryBench: need at least one adjoint and one repetition, got "
                    + adjoints + " and " + repetitions);
        }
    }

    /** How many processes it starts. */
    public int measurements() {
        return depths.size() * adjoints.size() * repetitions;
    }

    /**
     * Measures.
     *
     * @param progress gets a line after each measurement
     * @throws MeasurementException if a process fails, or the system does not tell its memory
     */
    public Result run(Consumer<String> progress) {
        Map<DepthAdjoint, List<List<Long>>> peaks = new EnumMap<>(DepthAdjoint.class);
        for (DepthAdjoint adjoint : adjoints) {
            List<List<Long>> rows = new ArrayList<>();
            depths.forEach(depth -> rows.add(new ArrayList<>()));
            peaks.put(adjoint, rows);
        }
        ChildJvm jvm = ChildJvm.quiet(HEAP);
        for (int repetition = 0; repetition < repetitions; repetition++) {
            for (int i = 0; i < depths.size(); i++) {
                for (DepthAdjoint adjoint : adjoints) {
                    ObjectNode result =
                            jvm.run(new DepthJob(adjoint, depths.get(i), network, batch).toJson(), message -> {});
                    if (!result.path("peakBytes").isNumber()) {
                        throw new MeasurementException(
                                "bench memory: need a system with /proc/self/status (Linux), got one without");
                    }
                    long peak = result.path("peakBytes").asLong();
                    peaks.getOrDefault(adjoint, List.of()).get(i).add(peak);
                    progress.accept(adjoint.text() + " at depth " + depths.get(i) + ": " + peak / 1024 + " kB");
                }
            }
        }
        List<Line> lines = new ArrayList<>();
        peaks.forEach((adjoint, rows) -> lines.add(new Line(adjoint, depths, rows)));
        return new Result(this, lines);
    }

    /**
     * One adjoint's measurements.
     *
     * @param adjoint which
     * @param depths as measured
     * @param peaks bytes, a list of repetitions a depth
     */
    public record Line(DepthAdjoint adjoint, List<Integer> depths, List<List<Long>> peaks) {
        /** The median bytes at each depth. */
        public double[] medians() {
            return peaks.stream()
                    .mapToDouble(all -> Statistics.median(
                            all.stream().mapToDouble(Long::doubleValue).toArray()))
                    .toArray();
        }

        /** Bytes a step: the slope of the line nearest to the medians in the sense of least squares. */
        public double slope() {
            return Statistics.slope(
                    depths.stream().mapToDouble(Integer::doubleValue).toArray(), medians());
        }
    }

    /**
     * All measurements.
     *
     * @param bench what was asked for
     * @param lines one an adjoint
     */
    public record Result(MemoryBench bench, List<Line> lines) {
        /** A slope over that of the unrolled solve; empty where that was not measured. */
        public Optional<Double> ratio(Line line) {
            return lines.stream()
                    .filter(each -> each.adjoint() == DepthAdjoint.UNROLLED)
                    .findFirst()
                    .map(unrolled -> line.slope() / unrolled.slope());
        }

        /** The adjoints that should not grow with depth, and do. NaN counts as growth. */
        public List<Line> growing() {
            return lines.stream()
                    .filter(line -> line.adjoint() != DepthAdjoint.UNROLLED)
                    .filter(line -> ratio(line).map(ratio -> !(ratio <= LIMIT)).orElse(false))
                    .toList();
        }

        /** {grid or network, batch, repetitions, depths, limit, adjoints: [{adjoint, peakBytes, medianBytes, bytesPerStep, ofUnrolled}]}. */
        public ObjectNode toJson() {
            ObjectNode node = JSON.createObjectNode();
            bench.network().put(node);
            node.put("batch", bench.batch()).put("repetitions", bench.repetitions());
            bench.depths().forEach(node.putArray("depths")::add);
            node.put("limit", LIMIT);
            ArrayNode all = node.putArray("adjoints");
            for (Line line : lines) {
                ObjectNode entry = all.addObject().put("adjoint", line.adjoint().text());
                ArrayNode peaks = entry.putArray("peakBytes");
                line.peaks().forEach(repetitions -> repetitions.forEach(peaks.addArray()::add));
                Arrays.stream(line.medians()).forEach(entry.putArray("medianBytes")::add);
                TrainedRun.put(entry, "bytesPerStep", line.slope());
                TrainedRun.put(entry, "ofUnrolled", ratio(line).orElse(Double.NaN));
            }
            return node;
        }
    }
}
