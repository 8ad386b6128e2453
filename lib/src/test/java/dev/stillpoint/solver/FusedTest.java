package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.law.Distances;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FusedContractions.Fault;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator's own loop ends every sample where the solver's would, with the same to say of it. */
class FusedTest {
    /** Below what either precision reaches, so that samples stand still, or converge where T(z) is z. */
    private static final double BEYOND = 1e-17;
    /** Some rounds of kinds, and far more than all the lanes. */
    private static final int BATCH = 41;

    private static final int N = 9;
    /** Ten windows of the rounding floor. */
    private static final int STEPS = 320;

    private static final StoppingRule RULE = StoppingRule.tolerance(BEYOND).withMaxSteps(STEPS);
    private static final Fused<Contractions> FUSED = new FusedContractions(1, Fault.NONE);

    @ParameterizedTest
    @CsvSource({
        "Double, 1, 320, 1e-17, 0",
        "Double, 5, 317, 1e-17, 0",
        // A look at which x is asked for is the last one allowed: 1, 5, 10, ..., 315 are two windows.
        "Double, 5, 315, 1e-17, 0",
        "Double, 1, 320, 1e-8, 1e-6",
        "Double, 5, 320, 1e-8, 1e-6",
        "Double, 2147483647, 50, 1e-8, 0",
        "Double, 1, 1, 1e-8, 0",
        "Double, 7, 2, 1e-8, 0",
        "Float, 1, 320, 1e-17, 0",
        "Float, 5, 315, 1e-17, 0",
        "Float, 5, 320, 1e-3, 0"
    })
    void sameAsTheGenericLoop(ScalarType type, int checkEvery, int maxSteps, double absTol, double relTol) {
        StoppingRule rule = new StoppingRule(absTol, relTol, maxSteps, checkEvery);
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = FusedContractions.kinds(BATCH, N, type);
            Tensor z0 = FusedContractions.start(c);
            double[] before = Tensors.doubles(z0);
            Solution expected = FixedPointSolver.of(rule).solve(FUSED.unfused(), z0, c);
            for (long order = 0; order < 2; order++) {
                Solution own = FixedPointSolver.of(rule).solve(new FusedContractions(order, Fault.NONE), z0, c);
                assertSame(own, expected);
            }
            assertThat(Tensors.doubles(z0)).isEqualTo(before);
        }
    }

    /** What the equalities above are about: each status is met with, and is that of its kind. */
    @ParameterizedTest
    @CsvSource({"Double, 1, 64", "Double, 5, 315", "Float, 1, 64"})
    void kindsHaveEveryStatus(ScalarType type, int checkEvery, int atRounding) {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = FusedContractions.kinds(BATCH, N, type);
            Solution solution =
                    FixedPointSolver.of(RULE.withCheckEvery(checkEvery)).solve(FUSED, FusedContractions.start(c), c);
            assertThat(solution.status()[0]).isEqualTo(Status.CONVERGED);
            assertThat(solution.status()[3]).isEqualTo(Status.PRECISION_REACHED);
            assertThat(solution.stats().steps()[3]).isEqualTo(atRounding);
            assertThat(solution.status()[5]).isEqualTo(Status.DIVERGED);
            assertThat(solution.status()[6]).isEqualTo(Status.NON_FINITE);
            assertThat(Distances.row(Tensors.doubles(solution.z()), 6, N)).containsOnly(Double.NaN);
            assertThat(solution.status()[7]).isEqualTo(Status.MAX_STEPS_REACHED);
            assertThat(solution.status()[9]).as("slow, and near rounding").isEqualTo(Status.MAX_STEPS_REACHED);
            assertThat(solution.stats().batchSteps()).isEqualTo(STEPS);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "RETURNS_NEXT",
                "NEVER_MEASURES",
                "SAYS_THAT_X_STANDS_STILL",
                "COUNTS_THE_STEPS_OF_A_LANE",
                "HALVES_THE_RESIDUAL",
                "FORGETS_THE_SIZE"
            })
    void saboteursAreCaught(Fault fault) {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = FusedContractions.kinds(BATCH, N, ScalarType.Double);
            Tensor z0 = FusedContractions.start(c);
            Solution expected = FixedPointSolver.of(RULE).solve(FUSED.unfused(), z0, c);
            Solution own = FixedPointSolver.of(RULE).solve(new FusedContractions(1, fault), z0, c);
            assertThatThrownBy(() -> assertSame(own, expected)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void whatIsNoResultIsRefused() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = FusedContractions.kinds(BATCH, N, ScalarType.Double);
            Tensor z0 = FusedContractions.start(c);
            FixedPointSolver solver = FixedPointSolver.of(RULE);
            assertThatThrownBy(() -> solver.solve(new FusedContractions(1, Fault.FORGETS_ONE), z0, c))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("need every sample to end");
            assertThatThrownBy(() -> solver.solve(new FusedContractions(1, Fault.DROPS_A_ROW), z0, c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Fused.Loop: z: expected [41, 9], got [40, 9]");
        }
    }

    @Test
    void deadlineThatHasPassedLeavesOneStep() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = FusedContractions.kinds(BATCH, N, ScalarType.Double);
            Tensor z0 = FusedContractions.start(c);
            for (int checkEvery : new int[] {1, 5}) {
                FixedPointSolver solver = FixedPointSolver.of(
                        RULE.withDeadline(Duration.ofNanos(1)).withCheckEvery(checkEvery));
                Solution own = solver.solve(FUSED, z0, c);
                assertThat(own.status()).contains(Status.DEADLINE, Status.NON_FINITE);
                assertThat(own.stats().steps()).containsOnly(1);
                assertSame(own, solver.solve(FUSED.unfused(), z0, c));
            }
        }
    }

    @Test
    void deadlineEndsWhatNeverConverges() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = new Contractions(
                    torch.ones(BATCH, 1).to(ScalarType.Double).neg(),
                    torch.ones(BATCH, N).to(ScalarType.Double));
            Tensor z0 = torch.zeros_like(c.b());
            for (int checkEvery : new int[] {1, Integer.MAX_VALUE}) {
                StoppingRule endless = RULE.withMaxSteps(Integer.MAX_VALUE).withCheckEvery(checkEvery);
                Solution own = FixedPointSolver.of(endless.withDeadline(Duration.ofMillis(50)))
                        .solve(FUSED, z0, c);
                assertThat(own.status()).containsOnly(Status.DEADLINE);
                assertThat(own.stats().batchSteps()).isGreaterThan(1);
                for (int i = 0; i < BATCH; i++) {
                    // 0, 1, 0, 1, ...
                    double z = (own.stats().steps()[i] + 1) % 2;
                    assertThat(Distances.row(Tensors.doubles(own.z()), i, N)).containsOnly(z);
                    assertThat(own.stats().residual()[i]).isEqualTo(Math.sqrt(N));
                }
            }
        }
    }

    /** A loop that may not be asked for: what does not fit it takes the generic one. */
    @Test
    void otherSolvesAreGeneric() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(1), N, 0.5, 0.9, 0.1);
            Tensor z0 = torch.zeros_like(c.b());
            FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-8));
            Operator<Contractions> refusing = new Refusing(Coupling.PER_SAMPLE);
            assertThatThrownBy(() -> solver.solve(refusing, z0, c)).hasMessage("asked for");
            for (FixedPointSolver other :
                    List.of(solver.withAcceleration(Anderson.of(3)), solver.withListener(look -> {}))) {
                assertSame(other.solve(refusing, z0, c), other.solve(Contractions.OPERATOR, z0, c));
            }
            Solution coupled = solver.solve(new Refusing(Coupling.BATCH), z0, c);
            assertThat(coupled.stats().steps())
                    .containsOnly(coupled.stats().batchSteps())
                    .doesNotContain(1);

            Fused<Contractions> without = new Fused<>() {
                @Override
                public Tensor apply(Tensor z, Contractions k) {
                    return Contractions.OPERATOR.apply(z, k);
                }

                @Override
                public Optional<Loop> loop(Tensor start, Contractions k) {
                    return Optional.empty();
                }
            };
            assertSame(solver.solve(without, z0, c), solver.solve(Contractions.OPERATOR, z0, c));

            Contractions none = c.select(Tensors.of());
            Solution empty = solver.solve(refusing, none.b(), none);
            assertThat(empty.status()).isEmpty();
            assertThat(empty.z().shape()).containsExactly(0, N);
        }
    }

    @Test
    void startOnTheTapeStaysThere() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(2), N, 0.5);
            Tensor z0 = torch.zeros_like(c.b()).requires_grad_(true);
            Solution solution =
                    FixedPointSolver.of(StoppingRule.tolerance(1e-8)).solve(FUSED, z0.mul(new Scalar(1.0)), c);
            assertThat(solution.orThrow().z().requires_grad()).isFalse();
        }
    }

    private static void assertSame(Solution own, Solution expected) {
        assertThat(own.status()).isEqualTo(expected.status());
        // NaN is NaN, and every other number the same to its last bit.
        assertThat(own.stats())
                .usingRecursiveComparison()
                .withEqualsForType(Double::equals, Double.class)
                .isEqualTo(expected.stats());
        assertThat(Tensors.type(own.z())).isEqualTo(Tensors.type(expected.z()));
        assertThat(own.z().shape()).isEqualTo(expected.z().shape());
        assertThat(Tensors.doubles(own.z())).isEqualTo(Tensors.doubles(expected.z()));
    }

    private record Refusing(Coupling coupling) implements Fused<Contractions> {
        @Override
        public Tensor apply(Tensor z, Contractions c) {
            return Contractions.OPERATOR.apply(z, c);
        }

        @Override
        public Optional<Loop> loop(Tensor z0, Contractions c) {
            throw new AssertionError("asked for");
        }
    }
}
