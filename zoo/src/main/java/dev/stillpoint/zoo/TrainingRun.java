package dev.stillpoint.zoo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.Provenance;
import dev.stillpoint.train.Training;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.train.TrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** One application's run in its folder: trained, resumed, evaluated. */
public final class TrainingRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunFolder folder;
    private final Application application;
    private final Settings settings;
    private final ObjectNode run;
    private final Experiment experiment;

    private TrainingRun(
            RunFolder folder, Application application, Settings settings, Experiment experiment, ObjectNode run) {
        this.folder = folder;
        this.application = application;
        this.settings = settings;
        this.experiment = experiment;
        this.run = run;
    }

    /**
     * Begins a run: prepares data and model, and writes run.json.
     *
     * @param path a folder that does not exist yet or is empty
     * @param threads of one native operation and of the kernels, 0 for the application's choice
     */
    public static TrainingRun create(Application application, Settings settings, Path path, int threads) {
        return create(application, settings, path, threads, JSON.createObjectNode(), experiment -> {});
    }

    private static TrainingRun create(
            Application application,
            Settings settings,
            Path path,
            int threads,
            ObjectNode further,
            Consumer<Experiment> preparation) {
        ObjectNode run = JSON.createObjectNode();
        run.put("application", application.name());
        settings.without(application.unused(settings)).forEach(run.putObject("settings")::put);
        Engine.threads(threads > 0 ? threads : application.threads(settings));
        kernelThreads(threads);
        // Settings that do not go together are found here, before anything is written.
        Experiment experiment = application.prepare(settings);
        preparation.accept(experiment);
        run.set("provenance", JSON.valueToTree(Provenance.capture()));
        experiment.data().forEach(run.putObject("data")::put);
        run.setAll(further);
        RunFolder folder = RunFolder.create(path);
        folder.writeRun(run);
        return new TrainingRun(folder, application, settings, experiment, run);
    }

    /**
     * A finished run with weights that were trained elsewhere: certified and evaluated as if they had been trained here.
     *
     * @param weights a safetensors file with the names of {@link Experiment#weights}, and no others
     * @param path a folder that does not exist yet or is empty
     * @param threads of one native operation and of the kernels, 0 for the application's choice
     * @throws DataException if a tensor is missing, unknown or of another shape
     */
    public static TrainingRun adopt(Application application, Settings settings, Path weights, Path path, int threads) {
        ObjectNode origin = JSON.createObjectNode();
        origin.putObject("weights")
                .put("file", String.valueOf(weights.getFileName()))
                .put("sha256", SafeTensors.fileSha256(weights));
        TrainingRun run =
                create(application, settings, path, threads, origin, experiment -> take(weights, experiment.weights()));
        run.store(0, 0, 0);
        return run;
    }

    private static void take(Path file, Learnable into) {
        try (TensorScope scope = TensorScope.open()) {
            SafeTensors given = SafeTensors.read(file);
            Map<String, Tensor> own = into.state();
            for (Map.Entry<String, Tensor> tensor : given.tensors().entrySet()) {
                if (!own.containsKey(tensor.getKey())) {
                    throw new DataException(
                            file,
                            "need no tensor beside " + own.keySet() + ", got '" + tensor.getKey() + "' of shape "
                                    + Arrays.toString(tensor.getValue().shape()));
                }
            }
            given.copyInto("", own);
        } catch (IllegalArgumentException e) {
            throw new DataException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** The kernels' results do not depend on it, so they take all processors unless told otherwise. */
    private static void kernelThreads(int asked) {
        Workers.limit(asked > 0 ? asked : Runtime.getRuntime().availableProcessors());
    }

    /**
     * An existing run, to resume or to evaluate.
     *
     * @param threads of one native operation and of the kernels, 0 for as many as the run began with
     * @throws DataException if the folder is not a run's, or the data is no longer what it was trained on
     */
    public static TrainingRun open(Path path, int threads) {
        RunFolder folder = RunFolder.open(path);
        ObjectNode run = folder.readRun();
        Application application = Model.application(folder, run);
        Settings settings = Model.settings(folder, application, run);
        int began = run.path("provenance").path("threads").asInt(0);
        int wanted = threads > 0 ? threads : began;
        Engine.threads(wanted > 0 ? wanted : application.threads(settings));
        kernelThreads(threads);
        Experiment experiment = application.prepare(settings);
        experiment.data().forEach((name, sha256) -> {
            String trained = run.path("data").path(name).asText();
            if (!trained.equals(sha256)) {
                throw new DataException(
                        folder.run(), "need data '" + name + "' with SHA-256 " + trained + ", got " + sha256);
            }
        });
        return new TrainingRun(folder, application, settings, experiment, run);
    }

    /** The folder. */
    public RunFolder folder() {
        return folder;
    }

    /** The application with its data, at the present weights: trained ones after {@link #train}. */
    public Experiment experiment() {
        return experiment;
    }

    /** How it trains. */
    public TrainingOptions options() {
        return experiment.training();
    }

    /** Trains from the start, or from the checkpoint where there is one; then certifies, evaluates and stores everything. */
    public Outcome train(TrainingListener listener) {
        Training training = new Training(experiment.task(), experiment.training(), new TrainingListener() {
            @Override
            public void onBatch(int epoch, int rowsDone, int rows, double loss) {
                listener.onBatch(epoch, rowsDone, rows, loss);
            }

            @Override
            public void onEpoch(Epoch epoch) {
                folder.append(epoch);
                listener.onEpoch(epoch);
            }
        });
        if (Files.exists(folder.checkpoint())) {
            training.resume(folder.checkpoint());
        }
        folder.truncate(training.epochs());
        training.run(folder.checkpoint());
        listener.onTrained();
        return store(training.epochs(), training.bestEpoch(), training.seconds());
    }

    /** Certifies and evaluates the present weights, and writes everything. */
    private Outcome store(int epochs, int bestEpoch, double seconds) {
        Certificates certificates = experiment.certify();
        Evaluation evaluation = experiment.evaluate(certificates);
        folder.writeCertificates(certificates);
        Outcome outcome = new Outcome(evaluation, epochs, bestEpoch, seconds);
        run.set("result", outcome.toJson());
        folder.writeRun(run);
        // Last, since it marks the run as finished: a run that is killed before says how to go on.
        Map<String, String> texts = new LinkedHashMap<>(experiment.texts());
        texts.put("application", application.name());
        new SafeTensors(experiment.stored().state(), texts).write(folder.model());
        return outcome;
    }

    /**
     * The application with its data at the stored weights.
     *
     * @throws DataException if training has not finished, or a file is damaged
     */
    public Experiment trained() {
        folder.requireTrained();
        try (TensorScope scope = TensorScope.open()) {
            SafeTensors.readOwn(folder.model()).copyInto("", experiment.stored().state());
        } catch (IllegalArgumentException e) {
            throw new DataException(folder.model(), String.valueOf(e.getMessage()), e);
        }
        return experiment;
    }

    /**
     * Test results of the stored model, computed again.
     *
     * @throws DataException if training has not finished, or a file is damaged
     */
    public Outcome evaluate() {
        Evaluation evaluation = trained().evaluate(Model.certificates(folder, application, settings));
        return new Outcome(
                evaluation,
                run.path("result").path("epochs").asInt(),
                run.path("result").path("bestEpoch").asInt(),
                run.path("result").path("seconds").asDouble());
    }

    /**
     * What a run came to.
     *
     * @param evaluation on the test rows
     * @param epochs done
     * @param bestEpoch whose weights were kept
     * @param seconds of training, validation included
     */
    public record Outcome(Evaluation evaluation, int epochs, int bestEpoch, double seconds) {
        /** {test: {...}, certificates: {...}, seconds, epochs, bestEpoch}. */
        public ObjectNode toJson() {
            ObjectNode node = JSON.createObjectNode();
            ObjectNode test = node.putObject("test");
            evaluation.metrics().forEach((name, value) -> RunFolder.put(test, name, value));
            ObjectNode labels = node.putObject("certificates");
            labelCounts().forEach((name, counts) -> {
                ObjectNode count = labels.putObject(name);
                counts.forEach((label, n) -> count.put(label.name(), n));
            });
            node.put("seconds", seconds).put("epochs", epochs).put("bestEpoch", bestEpoch);
            return node;
        }

        /** How many test inferences got each label, by check. */
        public Map<String, Map<Label, Integer>> labelCounts() {
            Map<String, Map<Label, Integer>> counts = new LinkedHashMap<>();
            for (List<Certificate> row : evaluation.certificates()) {
                for (Certificate c : row) {
                    counts.computeIfAbsent(c.name(), name -> zeros()).merge(c.label(), 1, Integer::sum);
                }
            }
            return counts;
        }

        private static Map<Label, Integer> zeros() {
            Map<Label, Integer> zeros = new EnumMap<>(Label.class);
            for (Label label : Label.values()) {
                zeros.put(label, 0);
            }
            return zeros;
        }
    }
}
