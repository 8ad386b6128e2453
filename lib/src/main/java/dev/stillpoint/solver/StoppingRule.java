package dev.stillpoint.solver;

import java.time.Duration;

/**
 * When a sample has converged: ‖T(z) − z‖₂ ≤ absTol·√m + relTol·‖z‖₂ for an iterate of m numbers, written so that NaN
 * never passes; and when the solve ends without.
 *
 * @param absTol per number, ≥ 0
 * @param relTol relative to the iterate, ≥ 0; not both tolerances 0
 * @param maxSteps applications of T, ≥ 1
 * @param checkEvery steps between two looks at the residual, ≥ 1; the last step is always looked at
 * @param deadline wall-clock time from the start of the solve, &gt; 0: the first step that ends later is the last. At least one
 *     step is done, and none is cut short
 */
public record StoppingRule(double absTol, double relTol, int maxSteps, int checkEvery, Duration deadline) {
    /** A deadline that never comes: 292 years. */
    public static final Duration NO_DEADLINE = Duration.ofNanos(Long.MAX_VALUE);

    /** Checks the numbers. */
    public StoppingRule {
        if (!(absTol >= 0) || !(relTol >= 0) || !(absTol + relTol > 0) || Double.isInfinite(absTol + relTol)) {
            throw new IllegalArgumentException("StoppingRule: need tolerances >= 0, finite and not both 0, got absTol "
                    + absTol + ", relTol " + relTol);
        }
        if (maxSteps < 1) {
            throw new IllegalArgumentException("StoppingRule: need maxSteps >= 1, got " + maxSteps);
        }
        if (checkEvery < 1) {
            throw new IllegalArgumentException("StoppingRule: need checkEvery >= 1, got " + checkEvery);
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("StoppingRule: need deadline > 0, got " + deadline);
        }
    }

    /** The rule without a deadline. */
    public StoppingRule(double absTol, double relTol, int maxSteps, int checkEvery) {
        this(absTol, relTol, maxSteps, checkEvery, NO_DEADLINE);
    }

    /** An absolute tolerance per number, 10,000 steps at most, checked at every step, without a deadline. */
    public static StoppingRule tolerance(double absTol) {
        return new StoppingRule(absTol, 0, 10_000, 1);
    }

    /** The same rule with another relative tolerance. */
    public StoppingRule withRelTol(double relTol) {
        return new StoppingRule(absTol, relTol, maxSteps, checkEvery, deadline);
    }

    /** The same rule with another step limit. */
    public StoppingRule withMaxSteps(int maxSteps) {
        return new StoppingRule(absTol, relTol, maxSteps, checkEvery, deadline);
    }

    /** The same rule, looked at less often: cheaper steps, up to {@code checkEvery} − 1 of them too many. */
    public StoppingRule withCheckEvery(int checkEvery) {
        return new StoppingRule(absTol, relTol, maxSteps, checkEvery, deadline);
    }

    /** The same rule with another deadline, or {@link #NO_DEADLINE}. What is solved then depends on the machine's speed. */
    public StoppingRule withDeadline(Duration deadline) {
        return new StoppingRule(absTol, relTol, maxSteps, checkEvery, deadline);
    }

    /** The largest residual that passes for an iterate of {@code m} numbers and norm {@code size}. */
    public double threshold(long m, double size) {
        return absTol * Math.sqrt((double) m) + relTol * size;
    }

    @Override
    public String toString() {
        return "StoppingRule[absTol=" + absTol + ", relTol=" + relTol + ", maxSteps=" + maxSteps + ", checkEvery="
                + checkEvery + (deadline.equals(NO_DEADLINE) ? "]" : ", deadline=" + deadline + "]");
    }
}
