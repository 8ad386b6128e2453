package dev.stillpoint.solver;

/**
 * When a sample has converged: ‖T(z) − z‖₂ ≤ absTol·√m + relTol·‖z‖₂ for an iterate of m numbers, written so that NaN
 * never passes.
 *
 * @param absTol per number, ≥ 0
 * @param relTol relative to the iterate, ≥ 0; not both tolerances 0
 * @param maxSteps applications of T, ≥ 1
 * @param checkEvery steps between two looks at the residual, ≥ 1; the last step is always looked at
 */
public record StoppingRule(double absTol, double relTol, int maxSteps, int checkEvery) {
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
    }

    /** An absolute tolerance per number, 10,000 steps at most, checked at every step. */
    public static StoppingRule tolerance(double absTol) {
        return new StoppingRule(absTol, 0, 10_000, 1);
    }

    /** The same rule with another relative tolerance. */
    public StoppingRule withRelTol(double relTol) {
        return new StoppingRule(absTol, relTol, maxSteps, checkEvery);
    }

    /** The same rule with another step limit. */
    public StoppingRule withMaxSteps(int maxSteps) {
        return new StoppingRule(absTol, relTol, maxSteps, checkEvery);
    }

    /** The same rule, looked at less often: cheaper steps, up to {@code checkEvery} − 1 of them too many. */
    public StoppingRule withCheckEvery(int checkEvery) {
        return new StoppingRule(absTol, relTol, maxSteps, checkEvery);
    }

    /** The largest residual that passes for an iterate of {@code m} numbers and norm {@code size}. */
    public double threshold(long m, double size) {
        return absTol * Math.sqrt((double) m) + relTol * size;
    }
}
