package dev.stillpoint.adjoint;

import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import java.util.Locale;

/**
 * The backward pass of one batch: what it cost, and how well the adjoint equation v = g + Jᵀv holds.
 *
 * <p>The arrays have an entry a sample, and none where no equation was solved.
 *
 * @param gradient what went on to c and Θ in place of (I − Jᵀ)⁻¹g
 * @param products products with Jᵀ, and with J where the adjoint asks for them, for the batch
 * @param residual ‖g + Jᵀv − v‖₂
 * @param threshold the residual that was asked for
 * @param status how the solve ended
 * @param cosine of the Jacobian-free gradient of the parameters with the implicit one, in [−1, 1]; NaN where it was not
 *     measured, see {@link Switching}
 */
public record AdjointStats(
        Gradient gradient, int products, double[] residual, double[] threshold, Status[] status, double cosine) {
    /** Checks that the arrays belong together. */
    public AdjointStats {
        if (residual.length != status.length || threshold.length != status.length) {
            throw new IllegalArgumentException("AdjointStats: need residual, threshold and status a sample, got "
                    + residual.length + ", " + threshold.length + " and " + status.length);
        }
    }

    /** What takes the place of (I − Jᵀ)⁻¹g. */
    public enum Gradient {
        /** g itself. */
        JACOBIAN_FREE("Jacobian-free backpropagation"),
        /** Finitely many terms of Neumann's series. */
        NEUMANN("a truncated Neumann series"),
        /** The derivative of the last iterate. */
        UNROLLED("backpropagation through the iterations"),
        /** v of the adjoint equation. */
        IMPLICIT("implicit differentiation");

        private final String words;

        Gradient(String words) {
            this.words = words;
        }
    }

    /** What is known of the adjoint equation. */
    public enum Verdict {
        /** It holds to the tolerance asked for, in every sample. */
        SOLVED,
        /** It does not in some sample: the gradient is an approximation whose error is not controlled. */
        INEXACT,
        /** It was not solved, by the adjoint's nature: the gradient is another than the true one, by an unknown amount. */
        NOT_SOLVED_FOR
    }

    static AdjointStats without(Gradient gradient, int products) {
        return new AdjointStats(gradient, products, new double[0], new double[0], new Status[0], Double.NaN);
    }

    static AdjointStats of(Solution v) {
        return new AdjointStats(
                Gradient.IMPLICIT,
                v.stats().batchSteps(),
                v.stats().residual(),
                v.stats().threshold(),
                v.status(),
                Double.NaN);
    }

    AdjointStats measured(Gradient gradient, double cosine) {
        return new AdjointStats(gradient, products, residual, threshold, status, cosine);
    }

    /** What is known of the adjoint equation, over all samples. */
    public Verdict verdict() {
        if (status.length == 0 && gradient != Gradient.IMPLICIT) {
            return Verdict.NOT_SOLVED_FOR;
        }
        return inexact() == 0 ? Verdict.SOLVED : Verdict.INEXACT;
    }

    /** The number of samples whose residual is above what was asked for, or NaN. */
    public int inexact() {
        int count = 0;
        for (int i = 0; i < status.length; i++) {
            count += exact(i) ? 0 : 1;
        }
        return count;
    }

    /** The verdict in words, with what to try: for a log. */
    public String message() {
        Verdict verdict = verdict();
        if (verdict == Verdict.NOT_SOLVED_FOR) {
            return gradient.words + ": the adjoint equation was not solved";
        }
        if (verdict == Verdict.SOLVED) {
            return "adjoint residual within what was asked for in all of " + status.length + " samples";
        }
        int worst = worst();
        return String.format(
                Locale.ROOT,
                "adjoint residual %.1e above the %.1e asked for in %d of %d samples (%s): %s",
                residual[worst],
                threshold[worst],
                inexact(),
                status.length,
                status[worst],
                advice(status[worst]));
    }

    /** The sample that misses its threshold by the largest factor; NaN misses it by more than any. */
    private int worst() {
        int worst = 0;
        double most = -1;
        for (int i = 0; i < status.length; i++) {
            double factor = Double.isNaN(residual[i]) ? Double.POSITIVE_INFINITY : residual[i] / threshold[i];
            if (!exact(i) && factor > most) {
                worst = i;
                most = factor;
            }
        }
        return worst;
    }

    /** Written so that NaN is not. */
    private boolean exact(int i) {
        return residual[i] <= threshold[i];
    }

    private static String advice(Status status) {
        return switch (status) {
            case DIVERGED -> "the iteration with Jᵀ is no contraction here; use GMRES or conjugate gradients";
            case NON_FINITE -> "look for NaN and infinity in the loss's gradient and in the derivative of T at z*";
            default -> "allow more steps, a longer restart or a looser tolerance, or another linear solver";
        };
    }
}
