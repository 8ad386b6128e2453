package dev.stillpoint.adjoint;

/** Thrown on request by {@link GradientReport#orThrow()}; the message has the parameter and both numbers. */
public final class GradientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Not meant to be serialised. */
    private final transient GradientReport report;

    GradientException(GradientReport report, String message) {
        super(message);
        this.report = report;
    }

    /** The whole report. */
    public GradientReport report() {
        return report;
    }
}
