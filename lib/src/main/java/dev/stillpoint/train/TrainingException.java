package dev.stillpoint.train;

/** A training run that cannot go on; the message says why and what to try. */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A run that ended for this reason. */
    public TrainingException(String message) {
        super(message);
    }
}
