package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.PolytopeProblem;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of the one loop for a batch as a whole; {@link PerSampleTest} has what holds for each sample. */
class FixedPointSolverTest {
    /** Rounding of a norm of some ten float64 numbers. */
    private static final double ROUNDING = 1e-14;

    private static final int N = 5;
    private static final StoppingRule RULE = StoppingRule.tolerance(1e-8).withMaxSteps(100);
    private static final FixedPointSolver SOLVER = FixedPointSolver.of(RULE);

    /** The factor that leads to each status within 100 steps: 2ᵏ passes 10¹⁰ at k = 34; NaN spoils the first step. */
    private static double factor(Status wanted) {
        return switch (wanted) {
            case CONVERGED -> 0.5;
            case MAX_STEPS_REACHED -> 0.9999;
            case DIVERGED -> 2;
            case NON_FINITE -> Double.NaN;
            case PRECISION_REACHED, DEADLINE -> throw new AssertionError("these have tests of their own");
        };
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PRECISION_REACHED", "DEADLINE"})
    void everyStatusIsReportedWithItsAdvice(Status wanted) {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(1), N, 0.5, factor(wanted));
            Solution solution = SOLVER.solve(Contractions.OPERATOR, zeros(c), c);
            assertThat(solution.status()).containsExactly(Status.CONVERGED, wanted);
            assertThat(wanted.usable()).isEqualTo(wanted == Status.CONVERGED || wanted == Status.MAX_STEPS_REACHED);
            if (wanted == Status.CONVERGED) {
                assertThat(solution.orThrow()).isSameAs(solution);
                return;
            }
            assertThat(solution.count(wanted)).isEqualTo(1);
            assertThatThrownBy(solution::orThrow)
                    .isInstanceOfSatisfying(
                            SolveException.class, e -> assertThat(e.solution()).isSameAs(solution))
                    .hasMessage("1 of 2 samples did not converge; sample 1: " + wanted + " after "
                            + solution.stats().steps()[1] + " steps, residual "
                            + solution.stats().residual()[1] + " where "
                            + solution.stats().threshold()[1] + " was asked for; " + wanted.advice());
        }
    }

    @Test
    void residualAndThresholdAreThoseOfTheReturnedIterate() {
        StoppingRule rule = new StoppingRule(1e-6, 1e-5, 40, 1);
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(2), N, 0.5, 0.9, 0.999, 0.1);
            Solution solution = FixedPointSolver.of(rule).solve(Contractions.OPERATOR, zeros(c), c);
            assertThat(solution.status()).contains(Status.CONVERGED, Status.MAX_STEPS_REACHED);
            double[] a = Tensors.doubles(c.a());
            double[] b = Tensors.doubles(c.b());
            for (int i = 0; i < a.length; i++) {
                double[] z = Distances.row(Tensors.doubles(solution.z()), i, N);
                double[] tz = new double[N];
                for (int j = 0; j < N; j++) {
                    tz[j] = a[i] * z[j] + b[i * N + j];
                }
                double residual = Distances.between(tz, z);
                double threshold = 1e-6 * Math.sqrt(N) + 1e-5 * Distances.norm(z);
                assertThat(solution.stats().residual()[i]).isCloseTo(residual, within(ROUNDING));
                assertThat(solution.stats().threshold()[i]).isCloseTo(threshold, within(ROUNDING));
                assertThat(solution.status()[i] == Status.CONVERGED).isEqualTo(residual <= threshold);
            }
        }
    }

    @Test
    void residualIsLookedAtOnlyEverySoOften() {
        try (TensorScope scope = TensorScope.open()) {
            double[] factors = {0.3, 0.6, 0.8, 0.9999};
            Contractions c = Contractions.of(Cases.random(3), N, factors);
            int[] each =
                    SOLVER.solve(Contractions.OPERATOR, zeros(c), c).stats().steps();
            int[] seventh = SOLVER.withStop(RULE.withCheckEvery(7))
                    .solve(Contractions.OPERATOR, zeros(c), c)
                    .stats()
                    .steps();
            for (int i = 0; i < 3; i++) {
                assertThat(seventh[i]).isEqualTo((each[i] + 6) / 7 * 7);
            }
            // 100 is no multiple of 7: the last step is looked at all the same.
            assertThat(seventh[3]).isEqualTo(100);
        }
    }

    @Test
    void warmStartAtTheSolutionTakesOneStep() {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem problem = PolytopeProblem.grid(5, 0.5, 0.5);
            PolytopeProblem.Costs c = costs(problem, 3);
            FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-9));
            Solution cold = solver.solve(problem.operator(), torch.zeros_like(c.w()), c);
            Solution warm = solver.solve(problem.operator(), cold.z(), c);
            assertThat(cold.stats().maxSteps()).isGreaterThan(20);
            assertThat(warm.stats().steps()).containsOnly(1);
            assertThat(warm.stats().meanSteps()).isEqualTo(1);
            assertThat(Tensors.doubles(warm.z())).isEqualTo(Tensors.doubles(cold.z()));
            assertThat(warm.stats().residual()).isEqualTo(cold.stats().residual());
        }
    }

    @Test
    void emptyBatchIsSolvedByDoingNothing() {
        Operator<Contractions> never = (z, c) -> {
            throw new AssertionError("nothing to apply T to");
        };
        try (TensorScope scope = TensorScope.open()) {
            Contractions none = Contractions.of(Cases.random(0), N);
            Solution solution = SOLVER.solve(never, Tensors.zeros(ScalarType.Double, 0, N), none)
                    .orThrow();
            assertThat(solution.z().shape()).containsExactly(0, N);
            assertThat(solution.status()).isEmpty();
            assertThat(solution.stats().batchSteps()).isZero();
            assertThat(solution.stats().maxSteps()).isZero();
            assertThat(solution.stats().meanSteps()).isZero();
        }
    }

    @Test
    void iteratesOfAnyRankAreSolved() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions flat = Contractions.of(Cases.random(4), 6, 0.5, 0.8);
            double[] expected = Tensors.doubles(
                    SOLVER.solve(Contractions.OPERATOR, zeros(flat), flat).z());
            Operator<Contractions> reshaped =
                    (z, c) -> z.mul(c.a().reshape(-1, 1, 1)).add(c.b().reshape(-1, 2, 3));
            Solution solution = SOLVER.solve(reshaped, Tensors.zeros(ScalarType.Double, 2, 2, 3), flat);
            assertThat(solution.z().shape()).containsExactly(2, 2, 3);
            assertThat(Tensors.doubles(solution.z())).isEqualTo(expected);
            Operator<Contractions> scalars = (z, c) -> z.mul(c.a().reshape(-1)).add(c.b().select(1, 0));
            Solution single = SOLVER.solve(scalars, Tensors.zeros(ScalarType.Double, 2), flat)
                    .orThrow();
            assertThat(single.z().shape()).containsExactly(2);
        }
    }

    @Test
    void wrongShapesAreRefused() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(5), N, 0.5, 0.5);
            assertThatThrownBy(() -> SOLVER.solve(Contractions.OPERATOR, Tensors.zeros(ScalarType.Double, 3, N), c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("FixedPointSolver: need z0 with a row a sample (2), got shape [3, 5]");
            assertThatThrownBy(() -> SOLVER.solve(Contractions.OPERATOR, Tensors.scalar(0), c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("FixedPointSolver: need z0 with a row a sample (2), got shape []");
            Operator<Contractions> narrows = (z, k) -> z.narrow(1, 0, N - 1);
            assertThatThrownBy(() -> SOLVER.solve(narrows, zeros(c), c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Operator: T(z): expected [2, 5], got [2, 4]");
        }
    }

    @Test
    void startIsLeftAsItWas() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(6), N, 0.5, 0.9);
            Tensor z0 = Tensors.of(Cases.normal(Cases.random(7), 2 * N, 1), 2, N);
            double[] before = Tensors.doubles(z0);
            Solution solution = SOLVER.solve(Contractions.OPERATOR, z0, c);
            // Even an operator that breaks its promise and writes into z harms only its own solve.
            SOLVER.solve((z, k) -> z.mul_(k.a()), z0, c);
            solution.z().zero_();
            assertThat(Tensors.doubles(z0)).isEqualTo(before);
        }
    }

    @Test
    void tapeIsOffInsideAndAsItWasAfterwards() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(8), N, 0.5);
            Tensor leaf = Tensors.zeros(ScalarType.Double, 1, N).requires_grad_(true);
            Operator<Contractions> taped = (z, k) -> {
                Tensor tz = z.mul(k.a()).add(leaf);
                assertThat(tz.requires_grad()).isFalse();
                return tz;
            };
            assertThat(SOLVER.solve(taped, leaf, c).z().requires_grad()).isFalse();
            assertThat(taping(leaf)).isTrue();

            IllegalStateException planted = new IllegalStateException("planted");
            Operator<Contractions> throwing = (z, k) -> {
                throw planted;
            };
            assertThatThrownBy(() -> SOLVER.solve(throwing, zeros(c), c)).isSameAs(planted);
            assertThat(taping(leaf)).isTrue();
            assertThat(TensorScope.current()).as("inner scopes closed").isSameAs(scope);
        }
    }

    @Test
    void badRulesAreRefused() {
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 0}) {
            assertThatThrownBy(() -> StoppingRule.tolerance(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got absTol " + bad + ", relTol 0.0");
            if (bad != 0) {
                assertThatThrownBy(() -> RULE.withRelTol(bad)).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThatThrownBy(() -> RULE.withMaxSteps(0)).hasMessage("StoppingRule: need maxSteps >= 1, got 0");
        assertThatThrownBy(() -> RULE.withCheckEvery(0)).hasMessage("StoppingRule: need checkEvery >= 1, got 0");
        assertThat(new StoppingRule(1, 2, 1, 1).threshold(9, 5)).isEqualTo(13);
    }

    static PolytopeProblem.Costs costs(PolytopeProblem problem, int batch) {
        RandomGenerator random = Cases.random(batch);
        return new PolytopeProblem.Costs(
                Tensors.of(Cases.normal(random, batch * problem.n(), 0.5), batch, problem.n()));
    }

    private static Tensor zeros(Contractions c) {
        return torch.zeros_like(c.b());
    }

    private static boolean taping(Tensor leaf) {
        return leaf.mul(new Scalar(2.0)).requires_grad();
    }
}
