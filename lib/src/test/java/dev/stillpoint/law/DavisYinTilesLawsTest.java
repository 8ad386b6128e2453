package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.kernel.ScalarLanes;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.law.DavisYinTilesLaws.Data;
import dev.stillpoint.law.DavisYinTilesLaws.Instance;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link DavisYinTilesLaws} on plain Java, and tiles against the generic loop and an independent solver. */
class DavisYinTilesLawsTest {
    /** A residual of 1e-5 a number over 1 less the factor by which T contracts: 2e-4 was seen. ojAlgo stops near 1e-9. */
    private static final double SAME_SOLUTION = 1e-3;

    private static final double NONE = Double.POSITIVE_INFINITY;

    /** Lanes, sizes and batches of which none divides the other; more samples than lanes, and fewer. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 7, 17",
        "7, 16, 1",
        "7, 17, 16",
        "7, 101, 7",
        "16, 1, 17",
        "16, 7, 1021",
        "16, 17, 33",
        "17, 16, 16"
    })
    void plainJavaKeepsThem(int width, int n, int batch) {
        RandomGenerator random = Cases.random(width + 31L * n + 1021L * batch);
        for (SparseMatrix a :
                new SparseMatrix[] {SparseInstances.sparse(n, random), SparseInstances.incidence(n, random)}) {
            for (double upper : new double[] {1.1, NONE}) {
                for (boolean shared : new boolean[] {true, false}) {
                    DavisYinTilesLaws.check(new ScalarLanes(width), Instance.on(a, upper, batch, shared, random));
                }
            }
        }
    }

    @Test
    void largeOnesStepByStep() {
        RandomGenerator random = Cases.random(1);
        for (SparseMatrix a :
                new SparseMatrix[] {SparseInstances.sparse(1021, random), SparseInstances.incidence(1021, random)}) {
            Instance instance = Instance.on(a, 1.1, 3, false, random);
            DavisYinTilesLaws.stepByStep(instance.on(new ScalarLanes(17)), instance);
        }
    }

    /** Tiles, the generic loop in float32 and in float64, and a solver that shares nothing with them. */
    @ParameterizedTest
    @CsvSource({"1, 3", "7, 17", "16, 7", "17, 16", "101, 3"})
    void solutionsAreTheIndependentSolvers(int n, int batch) {
        RandomGenerator random = Cases.random(n);
        for (SparseMatrix a :
                new SparseMatrix[] {SparseInstances.sparse(n, random), SparseInstances.incidence(n, random)}) {
            for (double upper : new double[] {1.1, NONE}) {
                Instance instance = Instance.on(a, upper, batch, upper > 2, random);
                double[] expected = independent(instance);
                double[] found = solution(instance.on(new ScalarLanes(7)), instance, ScalarType.Float);
                assertThat(apart(found, expected)).as("tiles").isLessThan(SAME_SOLUTION);
                assertThat(apart(solution(instance.operator(), instance, ScalarType.Double), expected))
                        .as("float64")
                        .isLessThan(SAME_SOLUTION);
                if (n >= 7) {
                    // Saboteurs: half the curvature, and bounds that are not there or are tighter.
                    Instance flat = new Instance(a, upper, instance.w(), instance.b(), 0.5, 1);
                    assertThat(apart(solution(flat.on(new ScalarLanes(7)), flat, ScalarType.Float), expected))
                            .isGreaterThan(10 * SAME_SOLUTION);
                    // On the smallest no x comes near 1.01.
                    boolean binds = upper < 2 || n >= 17;
                    Instance other = new Instance(a, upper > 2 ? 1.01 : NONE, instance.w(), instance.b(), 1, 1);
                    if (binds) {
                        assertThat(apart(solution(other.on(new ScalarLanes(7)), other, ScalarType.Float), expected))
                                .isGreaterThan(10 * SAME_SOLUTION);
                    }
                }
            }
        }
    }

    @Test
    void statusesAreThoseOfTheGenericLoop() {
        RandomGenerator random = Cases.random(3);
        Instance instance = Instance.on(SparseInstances.incidence(101, random), 1.1, 9, false, random);
        try (TensorScope scope = TensorScope.open()) {
            Data c = instance.data(ScalarType.Float);
            c.w().select(0, 4).fill_(new Scalar(Double.NaN));
            c.w().select(0, 5).fill_(new Scalar(Double.POSITIVE_INFINITY));
            // Costs of different sizes end after different numbers of steps: some by themselves, some not.
            c.w().select(0, 7).mul_(new Scalar(100.0));
            StoppingRule rule = StoppingRule.tolerance(1e-4);
            int enough = FixedPointSolver.of(rule)
                    .solve(instance.on(new ScalarLanes(7)), torch.zeros_like(c.w()), c)
                    .stats()
                    .steps()[0];
            for (int steps : new int[] {1, enough, 10_000}) {
                FixedPointSolver solver = FixedPointSolver.of(rule.withMaxSteps(steps));
                Solution tiles = solver.solve(instance.on(new ScalarLanes(7)), torch.zeros_like(c.w()), c);
                Solution generic = solver.solve(instance.operator().unfused(), torch.zeros_like(c.w()), c);
                assertThat(tiles.status()).isEqualTo(generic.status());
                assertThat(tiles.status()[4]).isEqualTo(Status.NON_FINITE);
                assertThat(tiles.status()[0]).isEqualTo(steps == 1 ? Status.MAX_STEPS_REACHED : Status.CONVERGED);
                for (int i = 0; i < c.size(); i++) {
                    // A residual at the tolerance to within rounding may pass a step earlier.
                    assertThat(Math.abs(
                                    tiles.stats().steps()[i] - generic.stats().steps()[i]))
                            .as("steps")
                            .isLessThanOrEqualTo(1);
                }
            }
        }
    }

    /** A tolerance that float32 does not reach: said so long before the limit. */
    @Test
    void roundingIsNoticedOnALargeGrid() {
        PolytopeProblem grid = PolytopeProblem.grid(30, 0.5, 0.5);
        int limit = 20_000;
        try (TensorScope scope = TensorScope.open()) {
            double[] w = Cases.normal(Cases.random(1), 3 * grid.n(), 1);
            Costs c = new Costs(Tensors.of(w, 3, grid.n()).to(ScalarType.Float));
            Solution solution = FixedPointSolver.of(
                            StoppingRule.tolerance(1e-18).withMaxSteps(limit))
                    .solve(grid.operator(), torch.zeros_like(c.w()), c);
            assertThat(grid.operator().loop(torch.zeros_like(c.w()), c))
                    .as("tiles ran")
                    .isPresent();
            assertThat(solution.status()).containsOnly(Status.PRECISION_REACHED);
            assertThat(solution.stats().maxSteps()).isLessThan(limit / 2);
        }
    }

    private static double[] solution(Fused<Data> t, Instance instance, ScalarType type) {
        try (TensorScope scope = TensorScope.open()) {
            Data c = instance.data(type);
            StoppingRule rule = StoppingRule.tolerance(1e-5).withRelTol(1e-5).withMaxSteps(100_000);
            Solution solution = FixedPointSolver.of(rule)
                    .solve(t, torch.zeros_like(c.w()), c)
                    .orThrow();
            return Tensors.doubles(t.solution(solution.z(), c));
        }
    }

    private static double apart(double[] found, double[] expected) {
        double worst = 0;
        for (int i = 0; i < found.length; i++) {
            worst = Math.max(worst, Math.abs(found[i] - expected[i]));
        }
        return worst;
    }

    private static double[] independent(Instance instance) {
        int n = instance.n();
        double[] x = new double[instance.batch() * n];
        for (int i = 0; i < instance.batch(); i++) {
            System.arraycopy(QuadraticProgram.of(instance, i).solve(), 0, x, i * n, n);
        }
        return x;
    }
}
