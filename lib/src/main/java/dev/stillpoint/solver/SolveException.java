package dev.stillpoint.solver;

/** Thrown on request by {@link Solution#orThrow()}; the message is the advice. */
public final class SolveException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Native tensors do not survive serialisation. */
    private final transient Solution solution;

    SolveException(Solution solution) {
        super(describe(solution));
        this.solution = solution;
    }

    /** What was reached. */
    public Solution solution() {
        return solution;
    }

    private static String describe(Solution solution) {
        Status[] status = solution.status();
        int first = 0;
        while (status[first] == Status.CONVERGED) {
            first++;
        }
        int failed = status.length - solution.count(Status.CONVERGED);
        return failed + " of " + status.length + " samples did not converge; sample " + first + ": " + status[first]
                + " after " + solution.stats().steps()[first] + " steps, residual "
                + solution.stats().residual()[first] + " where "
                + solution.stats().threshold()[first] + " was asked for; " + status[first].advice();
    }
}
