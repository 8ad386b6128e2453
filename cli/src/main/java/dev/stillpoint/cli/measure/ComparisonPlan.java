package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trainings to compare: every adjoint with every seed.
 *
 * @param command as typed
 * @param application by name
 * @param settings as text, without "adjoint" and "seed"
 * @param adjoints as in the setting "adjoint", at least one
 * @param seeds at least one
 * @param threads of one native operation, 0 for the application's choice
 */
public record ComparisonPlan(
        String command,
        String application,
        Map<String, String> settings,
        List<String> adjoints,
        List<Long> seeds,
        int threads) {
    /** Watches a comparison. */
    public interface Listener {
        /** An epoch of some training is done. */
        void onEpoch(String adjoint, long seed, double loss);

        /** A training is done. */
        void onRun(TrainedRun run);
    }

    /** Checks that there is something to compare. */
    public ComparisonPlan {
        if (adjoints.isEmpty() || seeds.isEmpty()) {
            throw new IllegalArgumentException(
                    "ComparisonPlan: need adjoints and seeds, got " + adjoints + " and " + seeds);
        }
    }

    /**
     * Trains, each run in a process of its own. All adjoints take their turn with one seed before the next seed begins, so
     * that a machine that grows slower does so for all.
     *
     * @throws MeasurementException that names the run which failed, with its message
     */
    public Comparison run(Listener listener) {
        ChildJvm jvm = ChildJvm.timed(Runtime.getRuntime().maxMemory());
        List<TrainedRun> runs = new ArrayList<>();
        List<ObjectNode> results = new ArrayList<>();
        Path work = temporary();
        try {
            for (long seed : seeds) {
                for (String adjoint : adjoints) {
                    Map<String, String> all = new LinkedHashMap<>(settings);
                    all.put("adjoint", adjoint);
                    all.put("seed", Long.toString(seed));
                    Path folder = work.resolve(Integer.toString(runs.size()));
                    ObjectNode result;
                    try {
                        result = jvm.run(
                                new TrainingJob(application, all, threads, folder).toJson(),
                                message -> listener.onEpoch(
                                        adjoint, seed, message.path("loss").asDouble()));
                    } catch (MeasurementException e) {
                        throw new MeasurementException(adjoint + ", seed " + seed + ": " + e.getMessage());
                    }
                    runs.add(TrainedRun.of(result.path("run"), result.path("history")));
                    results.add(result);
                    delete(folder);
                    listener.onRun(runs.get(runs.size() - 1));
                }
            }
        } finally {
            delete(work);
        }
        return new Comparison(this, origin(results), runs);
    }

    private static Comparison.Origin origin(List<ObjectNode> results) {
        JsonNode data = MissingNode.getInstance();
        for (ObjectNode result : results) {
            if (!data.isMissingNode() && !data.equals(result.path("data"))) {
                throw new MeasurementException(
                        "need the same data in every run, got " + data + " and " + result.path("data"));
            }
            data = result.path("data");
        }
        ObjectNode first = results.get(0);
        return new Comparison.Origin(
                first.path("provenance"), data, first.path("probeRows").asInt());
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("stillpoint-compare");
        } catch (IOException e) {
            throw new UncheckedIOException("need a temporary folder, got " + e.getMessage(), e);
        }
    }

    /** With all that is in it. */
    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": need to delete it, got " + e.getMessage(), e);
        }
    }
}
