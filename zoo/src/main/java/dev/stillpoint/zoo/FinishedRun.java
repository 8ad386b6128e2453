package dev.stillpoint.zoo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.train.Epoch;
import java.nio.file.Path;
import java.util.List;

/**
 * A run that is done, as {@link Application#sideBySide} takes it.
 *
 * @param path its folder
 * @param settings what it was trained with
 * @param predictor the trained model
 * @param run the content of run.json
 * @param epochs its training
 */
public record FinishedRun(Path path, Settings settings, Predictor predictor, ObjectNode run, List<Epoch> epochs) {
    /**
     * Loads a run.
     *
     * @throws DataException if it is no finished run of that application, or a file is damaged
     */
    public static FinishedRun load(Path path, Application application) {
        RunFolder folder = RunFolder.open(path);
        ObjectNode run = folder.readRun();
        String name = Model.application(folder, run).name();
        if (!name.equals(application.name())) {
            throw new DataException(path, "need a run of " + application.name() + ", got one of " + name);
        }
        folder.requireTrained();
        Settings settings = Model.settings(folder, application, run);
        try (TensorScope scope = TensorScope.open()) {
            Predictor predictor = application.restore(
                    settings, SafeTensors.readOwn(folder.model()), Model.certificates(folder, application, settings));
            return new FinishedRun(path, settings, predictor, run, folder.epochs());
        } catch (IllegalArgumentException e) {
            throw new DataException(folder.model(), String.valueOf(e.getMessage()), e);
        }
    }
}
