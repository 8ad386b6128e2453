package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.GradientProbe;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.lang.management.ManagementFactory;
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
     * @return {run, history, provenance, data, probeRows}
     */
    ObjectNode measure(Consumer<ObjectNode> progress) {
        Application named = Application.named(application);
        Settings all = Settings.of(named.settings(), settings);
        TrainingRun run = TrainingRun.create(named, all, folder, threads);
        ResidentMemory.forgetPeak();
        OptionalLong before = ResidentMemory.now();
        long[] peak = {-1};
        double[] cpu = {cpuSeconds(), Double.NaN};
        TrainingRun.Outcome outcome = run.train(new TrainingListener() {
            @Override
            public void onEpoch(Epoch epoch) {
                peak[0] = ResidentMemory.peak().orElse(-1);
                cpu[1] = cpuSeconds();
                progress.accept(JSON.createObjectNode()
                        .put("epoch", epoch.epoch())
                        .put("loss", epoch.loss())
                        .put("seconds", epoch.seconds()));
            }
        });
        OptionalLong memory = before.isPresent() && peak[0] >= 0
                ? OptionalLong.of(Math.max(0, peak[0] - before.getAsLong()))
                : OptionalLong.empty();
        String adjoint = all.texts().getOrDefault("adjoint", "");
        GradientProbe trained = probe(run.experiment());
        GradientProbe initial = probe(named.prepare(all));
        TrainedRun measured = new TrainedRun(
                adjoint,
                Long.parseLong(all.texts().getOrDefault("seed", "0")),
                outcome.evaluation().metrics(),
                outcome.seconds(),
                cpu[1] - cpu[0],
                outcome.epochs(),
                outcome.bestEpoch(),
                memory,
                cosine(initial, Adjoints.parse(adjoint)),
                cosine(trained, Adjoints.parse(adjoint)),
                run.folder().epochs());
        ObjectNode stored = run.folder().readRun();
        ObjectNode result = JSON.createObjectNode().put("probeRows", trained.rows());
        result.set("run", measured.toJson());
        result.set("history", measured.historyJson());
        result.set("provenance", stored.get("provenance"));
        result.set("data", stored.get("data"));
        return result;
    }

    /** Processor time of this process, NaN where Java does not tell. */
    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                        && system.getProcessCpuTime() >= 0
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    private static GradientProbe probe(Experiment experiment) {
        return experiment
                .probe()
                .orElseThrow(() -> new IllegalArgumentException(
                        "compare --adjoints: need a model that is differentiated by an adjoint, got one that is not"));
    }

    private static double cosine(GradientProbe probe, Adjoints.Choice adjoint) {
        return GradientProbe.cosine(probe.gradient(adjoint), probe.exact());
    }
}
