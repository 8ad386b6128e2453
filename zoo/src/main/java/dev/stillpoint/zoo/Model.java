package dev.stillpoint.zoo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Check;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A trained run, serving decisions: {@code Model.load(runFolder).infer(context)}. Thread-safe; native memory is freed
 * before every call returns.
 */
public final class Model implements Predictor {
    private final Application application;
    private final Predictor predictor;

    private Model(Application application, Predictor predictor) {
        this.application = application;
        this.predictor = predictor;
    }

    /**
     * Loads what a run stored, and sets the process's native threads to what suits it: libtorch's default can stall a small
     * model a hundredfold. Call {@link Engine#threads(int)} afterwards for another number.
     *
     * @param runFolder the folder that {@code train} wrote
     * @throws DataException if it is not a run folder, training has not finished, or a file is damaged
     */
    public static Model load(Path runFolder) {
        RunFolder folder = RunFolder.open(runFolder);
        ObjectNode run = folder.readRun();
        Application application = application(folder, run);
        folder.requireTrained();
        Settings settings = settings(folder, application, run);
        Engine.threads(application.threads(settings));
        try (TensorScope scope = TensorScope.open()) {
            Predictor predictor = application.restore(
                    settings, SafeTensors.readOwn(folder.model()), certificates(folder, application, settings));
            return new Model(application, predictor);
        } catch (IllegalArgumentException e) {
            throw new DataException(folder.model(), String.valueOf(e.getMessage()), e);
        }
    }

    static Application application(RunFolder folder, ObjectNode run) {
        try {
            return Application.named(run.path("application").asText());
        } catch (IllegalArgumentException e) {
            throw new DataException(folder.run(), String.valueOf(e.getMessage()), e);
        }
    }

    static Settings settings(RunFolder folder, Application application, ObjectNode run) {
        Map<String, String> texts = new LinkedHashMap<>();
        run.path("settings")
                .properties()
                .forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
        try {
            return Settings.of(application.settings(), texts);
        } catch (IllegalArgumentException e) {
            throw new DataException(folder.run(), "settings: " + e.getMessage(), e);
        }
    }

    static Certificates certificates(RunFolder folder, Application application, Settings settings) {
        Certificates stored = folder.readCertificates();
        List<String> needed = application.checks(settings);
        List<String> found = stored.checks().stream().map(Check::name).toList();
        if (!found.equals(needed)) {
            throw new DataException(folder.certificates(), "need checks " + needed + ", got " + found);
        }
        return stored;
    }

    /** What was trained. */
    public Application application() {
        return application;
    }

    @Override
    public List<String> inputs() {
        return predictor.inputs();
    }

    /** Decides for one context: the features in the order of {@link #inputs()}. */
    public Decision infer(float... context) {
        return infer(new float[][] {context}).get(0);
    }

    /**
     * Decides for one context, by the names of {@link #inputs()}: {@code infer(Map.of("temperature", 12.5, "day", "Mon"))}.
     *
     * @throws IllegalArgumentException if a value is missing or of the wrong kind
     */
    public Decision infer(Map<String, ?> context) {
        List<Decision> decisions = new ArrayList<>(1);
        predictor.inquire(List.of(context)).answer(decisions::add);
        return decisions.get(0);
    }

    @Override
    public void infer(float[][] contexts, Consumer<Decision> taker) {
        int features = inputs().size();
        for (int i = 0; i < contexts.length; i++) {
            if (contexts[i].length != features) {
                throw new IllegalArgumentException("Model: need " + features + " features " + inputs() + ", got "
                        + contexts[i].length + " in row " + i);
            }
        }
        predictor.infer(contexts, taker);
    }

    @Override
    public Inquiry read(Path input) {
        return predictor.read(input);
    }

    @Override
    public Inquiry inquire(List<? extends Map<String, ?>> contexts) {
        return predictor.inquire(contexts);
    }

    @Override
    public Model withBest(int count) {
        return new Model(application, predictor.withBest(count));
    }
}
