package dev.stillpoint.solver;

/** How a sample's solve ended. */
public enum Status {
    /** ‖T(z) − z‖₂ ≤ absTol·√m + relTol·‖z‖₂. */
    CONVERGED("nothing to do"),
    /** The residual was still above the tolerance after the last allowed step. */
    MAX_STEPS_REACHED("allow more steps, a looser tolerance or a step size nearer to its upper bound"),
    /** The residual stands still above the tolerance, at the rounding of z in its precision: more steps will not help. */
    PRECISION_REACHED("compute in float64, or ask for a tolerance above what this precision reaches"),
    /** The residual was still above the tolerance when the time was up. */
    DEADLINE("allow more time, a looser tolerance, or start nearer to the solution"),
    /** The residual grew beyond all bounds: T is not a contraction here. */
    DIVERGED("shrink the step size, or control the Lipschitz constant of the learned part"),
    /** An iterate holds NaN or infinity. */
    NON_FINITE("check this sample's input for NaN, infinity and extreme values, and the weights for overflow");

    private final String advice;

    Status(String advice) {
        this.advice = advice;
    }

    /** What to try next. */
    public String advice() {
        return advice;
    }

    /** Whether the iterate may be used in a training loss: it is finite and not running away. */
    public boolean usable() {
        return this != DIVERGED && this != NON_FINITE;
    }
}
