package dev.stillpoint.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.AdjointStats.Gradient;
import dev.stillpoint.adjoint.AdjointStats.Verdict;
import dev.stillpoint.solver.Status;
import org.junit.jupiter.api.Test;

class AdjointStatsTest {
    private static AdjointStats stats(double[] residual, double[] threshold, Status... status) {
        return new AdjointStats(Gradient.IMPLICIT, 7, residual, threshold, status, Double.NaN);
    }

    @Test
    void everySampleWithinItsThresholdIsSolved() {
        AdjointStats stats = stats(new double[] {1e-5, 1e-4}, new double[] {1e-4, 1e-4}, ok(2));
        assertThat(stats.verdict()).isEqualTo(Verdict.SOLVED);
        assertThat(stats.inexact()).isZero();
        assertThat(stats.message()).isEqualTo("adjoint residual within what was asked for in all of 2 samples");
        assertThat(stats(new double[0], new double[0]).verdict())
                .as("empty batch")
                .isEqualTo(Verdict.SOLVED);
    }

    @Test
    void theWorstSampleIsNamedAgainstItsOwnThreshold() {
        AdjointStats stats = stats(
                new double[] {0.5, 3.14e-2, 1e-5, 2e-3},
                new double[] {0.4, 1e-4, 1e-4, 1e-3},
                Status.DIVERGED,
                Status.MAX_STEPS_REACHED,
                Status.CONVERGED,
                Status.MAX_STEPS_REACHED);
        assertThat(stats.verdict()).isEqualTo(Verdict.INEXACT);
        assertThat(stats.inexact()).isEqualTo(3);
        assertThat(stats.message())
                .isEqualTo(
                        "adjoint residual 3.1e-02 above the 1.0e-04 asked for in 3 of 4 samples (MAX_STEPS_REACHED): "
                                + "allow more steps, a longer restart or a looser tolerance, or another linear solver");
    }

    @Test
    void nanIsTheWorst() {
        AdjointStats stats =
                stats(new double[] {9, Double.NaN}, new double[] {1e-9, 1}, Status.DIVERGED, Status.NON_FINITE);
        assertThat(stats.inexact()).isEqualTo(2);
        assertThat(stats.message()).contains("residual NaN", "2 of 2", "(NON_FINITE)", "look for NaN");
        AdjointStats diverged = stats(new double[] {9}, new double[] {1e-9}, Status.DIVERGED);
        assertThat(diverged.message()).contains("no contraction");
    }

    @Test
    void whatDoesNotSolveTheEquationSaysSo() {
        for (Gradient gradient : new Gradient[] {Gradient.JACOBIAN_FREE, Gradient.NEUMANN, Gradient.UNROLLED}) {
            AdjointStats stats = AdjointStats.without(gradient, 3);
            assertThat(stats.verdict()).isEqualTo(Verdict.NOT_SOLVED_FOR);
            assertThat(stats.message()).endsWith("the adjoint equation was not solved");
            assertThat(stats.inexact()).isZero();
            assertThat(stats.cosine()).isNaN();
        }
    }

    @Test
    void arraysOfDifferentLengthsAreRefused() {
        assertThatThrownBy(() -> stats(new double[1], new double[2], ok(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("AdjointStats: need residual, threshold and status a sample, got 1, 2 and 2");
    }

    private static Status[] ok(int count) {
        Status[] status = new Status[count];
        java.util.Arrays.fill(status, Status.CONVERGED);
        return status;
    }
}
