package dev.stillpoint.network;

/** What layers whose behaviour differs between training and use shall do: batch norm and dropout. */
public enum Mode {
    /** In use: batch norm by running statistics, no dropout; a sample's output depends on that sample alone. */
    EVAL,
    /**
     * While training: batch norm by the batch's own statistics, and dropout. Running statistics move with each pass on the
     * tape, and stay through passes off it: an implicit network's solve leaves them as they are, and its one taped step
     * moves them once.
     */
    TRAIN
}
