package dev.stillpoint.kernel;

/** What {@link Judge} says of a sample after a step. */
public enum Verdict {
    /** T(z) is the sample's next iterate. */
    GO_ON,
    /** Undecided: {@link Judge#moved} must be told how far x went. */
    MEASURE,
    /** The sample ends, and z, not T(z), is its result. It is not to be judged again. */
    END
}
