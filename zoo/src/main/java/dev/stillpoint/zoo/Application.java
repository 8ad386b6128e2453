package dev.stillpoint.zoo;

import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.SafeTensors;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A kind of problem that the command can train, evaluate and infer. Implementations are listed in
 * {@code META-INF/services}, so that a new one needs no change elsewhere.
 */
public interface Application {
    /** As on the command line: "paths". */
    String name();

    /** One line for the help. */
    String summary();

    /**
     * What can be set, in the order of the help. "seed" moves the initial weights and the shuffling, and "adjoint" says how a
     * fixed point is differentiated: {@code compare} sets both.
     */
    List<Setting<?>> settings();

    /** Settings that have no effect beside these, and are not stored with the run. */
    default List<Setting<?>> unused(Settings settings) {
        return List.of();
    }

    /** The names of the checks that a model with these settings is certified by, in order. */
    List<String> checks(Settings settings);

    /** The threads of one native operation that suit these settings best. */
    int threads(Settings settings);

    /** The data and an untrained model. */
    Experiment prepare(Settings settings);

    /**
     * A trained model, ready to infer, from what a run stored.
     *
     * @param model tensors by name, of the open scope: copied
     * @throws IllegalArgumentException if they are not those of this application and settings
     */
    Predictor restore(Settings settings, SafeTensors model, Certificates certificates);

    /** All applications on the class path, by name. */
    static List<Application> all() {
        return ServiceLoader.load(Application.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(java.util.Comparator.comparing(Application::name))
                .toList();
    }

    /**
     * The application of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Application named(String name) {
        List<Application> all = all();
        for (Application application : all) {
            if (application.name().equals(name)) {
                return application;
            }
        }
        throw new IllegalArgumentException("application: need one of "
                + all.stream().map(Application::name).toList() + ", got '" + name + "'");
    }
}
