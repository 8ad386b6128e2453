package dev.stillpoint.solver;

import java.time.Duration;

/** A moment on the monotonic clock: setting the computer's date neither brings it nearer nor puts it off. */
final class Deadline {
    private final long start = System.nanoTime();
    private final long budget;

    private Deadline(long budget) {
        this.budget = budget;
    }

    /** The moment that is {@code budget} from now; one of more than 292 years never comes. */
    static Deadline in(Duration budget) {
        return new Deadline(budget.compareTo(StoppingRule.NO_DEADLINE) < 0 ? budget.toNanos() : Long.MAX_VALUE);
    }

    /** Whether there is one at all. */
    boolean comes() {
        return budget < Long.MAX_VALUE;
    }

    boolean passed() {
        // A difference of two readings is right even where the clock itself overflows.
        return System.nanoTime() - start >= budget;
    }
}
