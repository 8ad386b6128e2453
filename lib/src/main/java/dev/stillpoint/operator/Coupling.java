package dev.stillpoint.operator;

/** Whether one sample's step depends on the others in its batch. */
public enum Coupling {
    /** Every sample is a problem of its own: it may stop, and leave the batch, on its own. */
    PER_SAMPLE,
    /** Samples share statistics (batch norm while training): none may leave before all have converged. */
    BATCH
}
