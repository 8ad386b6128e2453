package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.law.Distances;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.time.Duration;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** The time that a solve may take. Nothing here asks how fast the machine is: either no step fits, or none is left to fit. */
class DeadlineTest {
    /** Over before the first step is. */
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private static final Duration SOON = Duration.ofMillis(50);
    private static final int N = 5;
    private static final StoppingRule RULE = StoppingRule.tolerance(1e-8);
    private static final StoppingRule ENDLESS = RULE.withMaxSteps(Integer.MAX_VALUE);

    @Test
    void oneStepIsAlwaysDone() {
        try (TensorScope scope = TensorScope.open()) {
            // The second sample stands still from the start, the third and fourth are lost.
            Contractions c = Contractions.of(Cases.random(1), N, 0.9, 0, Double.NaN, 0.5);
            Tensor z0 = torch.zeros_like(c.b());
            z0.select(0, 1).copy_(c.b().select(0, 1));
            Solution solution = FixedPointSolver.of(RULE.withDeadline(AT_ONCE)).solve(Contractions.OPERATOR, z0, c);
            assertThat(solution.status())
                    .containsExactly(Status.DEADLINE, Status.CONVERGED, Status.NON_FINITE, Status.DEADLINE);
            assertThat(solution.stats().steps()).containsOnly(1);
            assertThat(solution.stats().batchSteps()).isEqualTo(1);
            // At z = 0 the residual is ‖b‖.
            double[] b = Distances.row(Tensors.doubles(c.b()), 0, N);
            assertThat(solution.stats().residual()[0]).isEqualTo(Distances.norm(b));
            assertThat(solution.status()[0].usable()).isTrue();
            assertThatThrownBy(solution::orThrow)
                    .isInstanceOf(SolveException.class)
                    .hasMessageContaining(Status.DEADLINE.advice());
        }
    }

    @Test
    void whatNeverConvergesEnds() {
        // Norms are kept: a quarter turn never comes nearer.
        Tensor turn = Tensors.of(new double[] {0, 1, -1, 0}, 2, 2);
        Operator<Contractions> t = (z, c) -> z.matmul(turn);
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(2), 2, 0.5, 0.5, 0.5);
            // Looked at once in 2³¹ − 1 steps: the deadline makes a look of its own.
            for (int checkEvery : new int[] {1, Integer.MAX_VALUE}) {
                Solution solution = FixedPointSolver.of(
                                ENDLESS.withCheckEvery(checkEvery).withDeadline(SOON))
                        .solve(t, c.b(), c);
                assertThat(solution.status()).containsOnly(Status.DEADLINE);
                assertThat(solution.stats().steps())
                        .containsOnly(solution.stats().batchSteps());
                double[] z = Tensors.doubles(solution.z());
                for (int i = 0; i < 3; i++) {
                    double residual = Math.sqrt(2) * Distances.norm(Distances.row(z, i, 2));
                    assertThat(solution.stats().residual()[i])
                            .as("measured at the returned iterate")
                            .isCloseTo(residual, org.assertj.core.data.Percentage.withPercentage(1e-10));
                }
            }
        }
    }

    @Test
    void coupledSamplesAreJudgedApartWhenTheTimeIsUp() {
        Operator<Contractions> coupled = new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Contractions c) {
                return Contractions.OPERATOR.apply(z, c);
            }

            @Override
            public Coupling coupling() {
                return Coupling.BATCH;
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(3), N, 0, -1);
            Solution solution = FixedPointSolver.of(ENDLESS.withDeadline(SOON)).solve(coupled, c.b(), c);
            assertThat(solution.status()).containsExactly(Status.CONVERGED, Status.DEADLINE);
        }
    }

    @Test
    void krylovSolversKeepIt() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor g = Tensors.of(Cases.normal(Cases.random(4), 2 * N, 1), 2, N);
            g.select(0, 1).zero_();
            Tensor d = Tensors.of(new double[] {0.9, 0.5, 0.1, -0.5, -3}, N);
            LinearMap m = LinearMap.symmetric(v -> v.mul(d));
            StoppingRule atOnce = RULE.withDeadline(AT_ONCE);
            for (LinearSolver solver :
                    List.of(new Gmres(atOnce, N), new Gmres(atOnce, 1), new ConjugateGradientNormal(atOnce))) {
                Solution v = solver.solve(m, g);
                assertThat(v.status()).as(solver.toString()).containsExactly(Status.DEADLINE, Status.CONVERGED);
                assertThat(v.stats().steps()).containsExactly(1, 0);
                double before = Distances.norm(Distances.row(Tensors.doubles(g), 0, N));
                assertThat(v.stats().residual()[0]).isPositive().isLessThan(before);
            }
            // One direction a restart and an I − M with eigenvalues of both signs: it creeps on for ever, or stalls.
            LinearMap slow =
                    LinearMap.symmetric(v -> v.mul(new Scalar(1 - 1e-3)).add(v.mul(d), new Scalar(1e-3)));
            Solution v = new Gmres(ENDLESS.withDeadline(Duration.ofSeconds(20)), N).solve(slow, g);
            v.orThrow();
        }
    }

    @Test
    void noDeadlineNeverComes() {
        assertThat(RULE.deadline()).isEqualTo(StoppingRule.NO_DEADLINE);
        assertThat(new StoppingRule(1e-8, 0, 10_000, 1)).isEqualTo(RULE);
        // Longer than nanoseconds can count.
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(5), N, 0.5);
            for (Duration long292 : List.of(StoppingRule.NO_DEADLINE, Duration.ofSeconds(Long.MAX_VALUE))) {
                FixedPointSolver.of(RULE.withDeadline(long292))
                        .solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c)
                        .orThrow();
            }
        }
    }

    @Test
    void otherSettingsKeepTheDeadline() {
        StoppingRule rule = RULE.withDeadline(SOON);
        assertThat(rule.withRelTol(1).withMaxSteps(7).withCheckEvery(3))
                .isEqualTo(new StoppingRule(1e-8, 1, 7, 3, SOON));
    }

    @Test
    void badDeadlinesAreRefused() {
        assertThatThrownBy(() -> RULE.withDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("StoppingRule: need deadline > 0, got PT0S");
        assertThatThrownBy(() -> RULE.withDeadline(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
