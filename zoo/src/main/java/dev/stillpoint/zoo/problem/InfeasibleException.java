package dev.stillpoint.zoo.problem;

/** A row without a decision: nothing is feasible, or nothing has the least cost. The message says why, in the user's names. */
public final class InfeasibleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says why. */
    public InfeasibleException(String message) {
        super(message);
    }
}
