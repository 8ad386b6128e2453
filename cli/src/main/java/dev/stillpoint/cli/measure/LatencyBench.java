package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long one decision takes, and what memory a hundred thousand of them leave behind: a shortest-path network is trained,
 * and served in a process of its own whose Java heap has a fixed size.
 *
 * @param grid nodes on a side, at least 2
 * @param epochs of training
 * @param threads that ask at the same time
 * @param warmUp calls that do not count
 * @param calls that count
 * @param seed of the contexts
 */
public record LatencyBench(int grid, int epochs, int threads, int warmUp, int calls, long seed) {
    /** Readings of memory may differ by this much without being a leak: 20 bytes a call in 100,000 calls. */
    public static final long FLAT = 2L << 20;

    private static final long HEAP = 256L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What was found.
     *
     * @param bench what was asked for
     * @param measured as {@link LatencyJob} measured it
     */
    public record Result(LatencyBench bench, ObjectNode measured) {
        /** Milliseconds within which 99 of 100 calls came back. */
        public double p99() {
            return measured.path("p99").asDouble(Double.NaN);
        }

        /** The most resident bytes in the later half of the readings above the most in the first half; 0 where none are. */
        public long growth() {
            List<Long> bytes = new ArrayList<>();
            for (JsonNode reading : measured.path("residentBytes")) {
                bytes.add(reading.asLong());
            }
            int half = bytes.size() / 2;
            long before =
                    bytes.subList(0, half).stream().mapToLong(b -> b).max().orElse(0);
            long after = bytes.subList(half, bytes.size()).stream()
                    .mapToLong(b -> b)
                    .max()
                    .orElse(0);
            return after - before;
        }

        /** Native objects that the calls left behind. */
        public long objects() {
            JsonNode counted = measured.path("nativeObjects");
            return counted.path(1).asLong() - counted.path(0).asLong();
        }

        /** All of it. */
        public ObjectNode toJson() {
            ObjectNode node = JSON.createObjectNode()
                    .put("grid", bench.grid())
                    .put("epochs", bench.epochs())
                    .put("threads", bench.threads())
                    .put("processors", Runtime.getRuntime().availableProcessors())
                    .put("warmUp", bench.warmUp())
                    .put("calls", bench.calls())
                    .put("seed", bench.seed());
            node.setAll(measured);
            return node.put("growthBytes", growth()).put("growthObjects", objects());
        }
    }

    /** Trains and measures. */
    public Result run() {
        Application paths = Application.named("paths");
        Settings settings = Settings.of(
                paths.settings(), Map.of("grid", Integer.toString(grid), "epochs", Integer.toString(epochs)));
        List<Result> results = new ArrayList<>();
        Scratch.in(folder -> {
            Path run = folder.resolve("run");
            TrainingRun.create(paths, settings, run, 1).train(TrainingListener.NONE);
            LatencyJob job = new LatencyJob(run.toString(), threads, warmUp, calls, seed);
            results.add(new Result(this, ChildJvm.timed(HEAP).run(job.toJson(), message -> {})));
        });
        return results.get(0);
    }
}
