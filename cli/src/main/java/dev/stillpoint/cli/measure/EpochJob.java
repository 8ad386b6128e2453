package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A training of shortest paths by one epoch, at default settings but for these.
 *
 * @param grid nodes on a side
 * @param samples to train
 * @param threads of one native operation and of the kernels
 */
record EpochJob(int grid, int samples, int threads) {
    static final String KIND = "epoch";

    private static final ObjectMapper JSON = new ObjectMapper();

    static EpochJob of(ObjectNode job) {
        return new EpochJob(
                job.path("grid").asInt(),
                job.path("samples").asInt(),
                job.path("threads").asInt());
    }

    ObjectNode toJson() {
        return JSON.createObjectNode()
                .put("job", KIND)
                .put("grid", grid)
                .put("samples", samples)
                .put("threads", threads);
    }

    /**
     * Trains, certifies, evaluates and stores.
     *
     * @return {seconds, peakBytes}: of the epoch with its validation; the most that this process took from its start on, null
     *     where the system does not tell
     */
    ObjectNode measure() {
        Application paths = Application.named("paths");
        Settings settings = Settings.of(
                paths.settings(),
                Map.of(
                        "grid",
                        Integer.toString(grid),
                        "samples",
                        Integer.toString(samples),
                        // One for all grids, so that their seconds and megabytes can be compared.
                        "batch",
                        "256",
                        "epochs",
                        "1"));
        try {
            Path folder = Files.createTempDirectory("stillpoint-epoch");
            try {
                TrainingRun run = TrainingRun.create(paths, settings, folder, threads);
                double[] seconds = {Double.NaN};
                run.train(new TrainingListener() {
                    @Override
                    public void onEpoch(Epoch epoch) {
                        seconds[0] = epoch.seconds();
                    }
                });
                ObjectNode result = JSON.createObjectNode();
                TrainedRun.put(result, "seconds", seconds[0]);
                TrainedRun.put(result, "peakBytes", ResidentMemory.peak());
                return result;
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
