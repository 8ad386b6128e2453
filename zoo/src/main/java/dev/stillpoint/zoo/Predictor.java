package dev.stillpoint.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A trained model that decides. Thread-safe. */
public interface Predictor {
    /** The names of a context's features, in order. */
    List<String> inputs();

    /**
     * Decides for some contexts at once and hands the decisions over one by one, in order: on large problems all of them
     * together would not fit into memory. A context with NaN gets a decision whose status says so, and harms no other.
     *
     * @param contexts rows of {@link #inputs()}
     * @param taker gets a decision a row
     */
    void infer(float[][] contexts, Consumer<Decision> taker);

    /**
     * The same, with all decisions at the end.
     *
     * @param contexts rows of {@link #inputs()}
     */
    default List<Decision> infer(float[][] contexts) {
        List<Decision> decisions = new ArrayList<>(contexts.length);
        infer(contexts, decisions::add);
        return decisions;
    }
}
