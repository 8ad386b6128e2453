package dev.stillpoint.zoo;

import java.util.function.Consumer;

/** Contexts that a predictor has read and checked, to be decided. */
public interface Inquiry {
    /** How many contexts there are, at least 1. */
    int size();

    /**
     * Decides for all of them and hands the decisions over one by one, in order: on large problems all of them together would
     * not fit into memory.
     *
     * @param taker gets a decision a context
     */
    void answer(Consumer<Decision> taker);
}
