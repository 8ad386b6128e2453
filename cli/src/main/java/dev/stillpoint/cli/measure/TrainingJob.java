package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.GradientProbe;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One training, measured.
 *
 * @param application by name
 * @param settings as text, by name
 * @param threads of one native operation, 0 for the application's choice
 * @param folder of the run, new or empty
 */
record TrainingJob(String application, Map<String, String> settings, int threads, Path folder) {
    static final String KIND = "train";

    private static final ObjectMapper JSON = new ObjectMapper();

    static TrainingJob of(ObjectNode job) {
        Map<String, String> settings = new LinkedHashMap<>();
        job.path("settings")
                .properties()
                .forEach(e -> settings.put(e.getKey(), e.getValue().asText()));
        return new TrainingJob(
                job.path("application").asText(),
                settings,
                job.path("threads").asInt(),
                Path.of(job.path("folder").asText()));
    }

    ObjectNode toJson() {
        ObjectNode job = JSON.createObjectNode()
                .put("job", KIND)
                .put("application", application)
                .put("threads", threads)
                .put("folder", folder.toString());
        settings.forEach(job.putObject("settings")::put);
        return job;
    }

    /**
     * Trains, evaluates and compares gradients, in this order: what comes after training must not count as its memory.
     *
     * @param progress gets {epoch, loss, seconds} after each epoch
     */
    TrainedRun measure(Consumer<ObjectNode> progress) {
        Application named = Application.named(application);
        Settings all = Settings.of(named.settings(), settings);
        TrainingRun run = TrainingRun.create(named, all, folder, threads);
        ResidentMemory.forgetPeak();
        OptionalLong before = ResidentMemory.now();
        long[] peak = {-1};
        TrainingRun.Outcome outcome = run.train(new TrainingListener() {
            @Override
            public void onEpoch(Epoch epoch) {
                peak[0] = ResidentMemory.peak().orElse(-1);
                progress.accept(JSON.createObjectNode()
                        .put("epoch", epoch.epoch())
                        .put("loss", epoch.loss())
                        .put("seconds", epoch.seconds()));
            }
        });
        OptionalLong memory = before.isPresent() && peak[0] >= 0
                ? OptionalLong.of(Math.max(0, peak[0] - before.getAsLong()))
                : OptionalLong.empty();
        Adjoint adjoint = Adjoints.parse(all.texts().getOrDefault("adjoint", ""));
        double trained = cosine(run.experiment(), adjoint);
        double initial = cosine(named.prepare(all), adjoint);
        return new TrainedRun(
                all.texts().getOrDefault("adjoint", ""),
                Long.parseLong(all.texts().getOrDefault("seed", "0")),
                outcome.evaluation().metrics(),
                outcome.seconds(),
                outcome.epochs(),
                outcome.bestEpoch(),
                memory,
                initial,
                trained,
                run.folder().epochs());
    }

    private static double cosine(Experiment experiment, Adjoint adjoint) {
        GradientProbe probe = experiment
                .probe()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "compare --adjoints: need an application whose model is a fixed point, got one without adjoints"));
        return GradientProbe.cosine(probe.gradient(adjoint), probe.exact());
    }
}
