package dev.stillpoint.zoo;

import java.util.List;

/** A trained model that decides. Thread-safe. */
public interface Predictor {
    /** The names of a context's features, in order. */
    List<String> inputs();

    /**
     * Decides for some contexts at once. A context with NaN gets a decision whose status says so, and harms no other.
     *
     * @param contexts rows of {@link #inputs()}
     */
    List<Decision> infer(float[][] contexts);
}
