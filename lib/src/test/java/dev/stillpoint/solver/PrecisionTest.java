package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.PolytopeProblem;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples that stand still at the rounding of their iterate end, and no others. */
class PrecisionTest {
    /** Below what float32 reaches, and what float64 does. */
    private static final double BEYOND = 1e-18;
    /** Of a grid's solution in float32: some tens of roundings, with room for its condition. */
    private static final double SINGLE = 1e-4;

    /** ojAlgo stops near 1e-9. */
    private static final double INDEPENDENT = 1e-6;

    private static final int BATCH = 7;
    private static final int MAX_STEPS = 10_000;
    private static final StoppingRule RULE = StoppingRule.tolerance(BEYOND).withMaxSteps(MAX_STEPS);

    @ParameterizedTest
    @CsvSource({
        "5, Float, 1",
        "5, Double, 1",
        "12, Float, 1",
        "12, Float, 10",
        "12, Double, 1",
        "20, Float, 1",
        "20, Double, 3"
    })
    void gridsEndAtTheirRounding(int k, ScalarType type, int checkEvery) {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem grid = PolytopeProblem.grid(k, 0.5, 0.5);
            Costs c = costs(grid, type);
            for (Acceleration acceleration : List.of(new Picard(), Anderson.of(5))) {
                Solution solution = FixedPointSolver.of(RULE.withCheckEvery(checkEvery))
                        .withAcceleration(acceleration)
                        .solve(grid.operator(), torch.zeros_like(c.w()), c);
                assertThat(solution.count(Status.PRECISION_REACHED) + solution.count(Status.CONVERGED))
                        .as(acceleration + " " + solution.count(Status.MAX_STEPS_REACHED))
                        .isEqualTo(BATCH);
                assertThat(solution.stats().maxSteps()).isLessThan(MAX_STEPS / 2);
                Tensor x = grid.operator().solution(solution.z(), c);
                for (int i = 0; i < BATCH; i++) {
                    double[] w = Distances.row(Tensors.doubles(c.w()), i, grid.n());
                    double[] xi = Distances.row(Tensors.doubles(x), i, grid.n());
                    if (k == 5) {
                        assertThat(Distances.relative(xi, grid.independentSolution(w)))
                                .isLessThan(type == ScalarType.Float ? SINGLE : INDEPENDENT);
                    }
                }
            }
        }
    }

    @Test
    void whatIsSaidOfIt() {
        assertThat(Status.PRECISION_REACHED.usable()).isTrue();
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem grid = PolytopeProblem.grid(5, 0.5, 0.5);
            Costs c = costs(grid, ScalarType.Float);
            Solution solution = FixedPointSolver.of(RULE).solve(grid.operator(), torch.zeros_like(c.w()), c);
            assertThat(solution.count(Status.PRECISION_REACHED)).isPositive();
            assertThatThrownBy(solution::orThrow).hasMessageContaining("float64");
        }
    }

    /** A contraction by 1 − 10⁻⁶ whose residual is some nine roundings of its iterate from the start: it gets nearer at each step. */
    @ParameterizedTest
    @CsvSource({"Double, 1e-6, 2e-9", "Double, 1e-4, 2e-11", "Float, 1e-4, 1e-2", "Float, 1e-3, 1e-3"})
    void slowConvergenceIsNone(ScalarType type, double gap, double away) {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = single(Contractions.of(Cases.random(1), 101, 1 - gap), type);
            Tensor fixed = c.b().div(c.a().neg().add(new Scalar(1.0)));
            Tensor z0 = fixed.mul(new Scalar(1 + away));
            // It would have converged to `type` roundings after some 1/gap steps: a tenth of them is well before.
            int steps = (int) Math.min(20_000, 0.1 / gap);
            Solution solution = FixedPointSolver.of(RULE.withMaxSteps(steps)).solve(Contractions.OPERATOR, z0, c);
            assertThat(solution.status()).containsOnly(Status.MAX_STEPS_REACHED);
            double relative = solution.stats().residual()[0] / Distances.norm(Tensors.doubles(solution.z()));
            assertThat(relative)
                    .as("as small as rounding: the size of the residual alone says nothing")
                    .isLessThan(64 * Tensors.rounding(type));
        }
    }

    /** Cycles far above rounding, and a shrinking residual that passes through it. */
    @Test
    void cyclesAreNone() {
        try (TensorScope scope = TensorScope.open()) {
            for (double size : new double[] {1, 1e-4, 1e-9}) {
                // z ↦ 1 ± size, in turns about a point far from 0.
                Contractions c = Contractions.of(Cases.random(2), 9, -1);
                c.b().fill_(new Scalar(2.0));
                Tensor z0 = torch.ones_like(c.b()).add(new Scalar(size));
                Solution solution =
                        FixedPointSolver.of(RULE.withMaxSteps(1_000)).solve(Contractions.OPERATOR, z0, c);
                assertThat(solution.status()).containsOnly(Status.MAX_STEPS_REACHED);
            }
            Contractions fast = Contractions.of(Cases.random(3), 9, 0, 0.5, -0.5, 0.9);
            FixedPointSolver.of(StoppingRule.tolerance(1e-15))
                    .solve(Contractions.OPERATOR, torch.zeros_like(fast.b()), fast)
                    .orThrow();
        }
    }

    /** A cycle of one rounding is what the status is for; samples that leave take nothing of it along. */
    @ParameterizedTest
    @CsvSource({"OFF", "HALVING"})
    void cycleOfOneRoundingEndsWhereverItsRowIs(Compaction compaction) {
        try (TensorScope scope = TensorScope.open()) {
            // The first samples converge, so that the others' rows move; the last goes on for longer.
            Contractions c = Contractions.of(Cases.random(4), 9, 0, 0.1, 0.2, 0.3, -1, -1, 0.999);
            c.b().select(0, 4).fill_(new Scalar(2.0));
            c.b().select(0, 5).fill_(new Scalar(2.0));
            Tensor z0 = torch.zeros_like(c.b());
            z0.select(0, 4).fill_(new Scalar(1 + 2 * Math.ulp(1.0)));
            z0.select(0, 5).fill_(new Scalar(1.5));
            Solution solution = FixedPointSolver.of(
                            StoppingRule.tolerance(1e-17).withMaxSteps(200))
                    .withCompaction(compaction)
                    .solve(Contractions.OPERATOR, z0, c);
            assertThat(solution.status()[4]).isEqualTo(Status.PRECISION_REACHED);
            assertThat(solution.stats().steps()[4]).isEqualTo(64);
            assertThat(solution.status()[5]).isEqualTo(Status.MAX_STEPS_REACHED);
            assertThat(solution.status()[6]).isEqualTo(Status.MAX_STEPS_REACHED);
        }
    }

    /** Whether x is known from the looks before is a sample's own affair: a neighbour at its rounding hastens nothing. */
    @Test
    void sampleBesideOneAtItsRoundingEndsAsItWouldAlone() {
        // u cycles by some roundings; k counts to 32, so that the first looks are above rounding to their last.
        Operator<Contractions> t = new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Contractions c) {
                Tensor u = z.select(1, 0).neg().add(new Scalar(2.0));
                Tensor k = z.select(1, 1).add(new Scalar(1.0)).clamp_max(new Scalar(32.0));
                return torch.stack(new TensorVector(u, k), 1);
            }

            @Override
            public Tensor solution(Tensor z, Contractions c) {
                return z.narrow(1, 0, 1);
            }
        };
        double u = 1 + 2 * Math.ulp(1.0);
        try (TensorScope scope = TensorScope.open()) {
            Contractions two = Contractions.of(Cases.random(8), 2, 0, 0);
            Tensor z0 = Tensors.of(new double[] {u, 32, u, 0}, 2, 2);
            FixedPointSolver solver = FixedPointSolver.of(RULE);
            Solution together = solver.solve(t, z0, two);
            Solution alone = solver.solve(t, z0.narrow(0, 1, 1), two.select(Tensors.of(1L)));
            assertThat(together.status()).containsOnly(Status.PRECISION_REACHED);
            assertThat(together.stats().steps()).containsExactly(64, 96);
            assertThat(alone.stats().steps()).containsExactly(96);
        }
    }

    @Test
    void coupledSamplesEndTogetherOnceEachHasItsVerdict() {
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
            Contractions c = Contractions.of(Cases.random(5), 9, 0.7, -1);
            c.b().select(0, 1).fill_(new Scalar(2.0));
            Tensor z0 = torch.zeros_like(c.b());
            z0.select(0, 1).fill_(new Scalar(1 + 2 * Math.ulp(1.0)));
            Solution solution =
                    FixedPointSolver.of(StoppingRule.tolerance(1e-17)).solve(coupled, z0, c);
            assertThat(solution.status()).containsExactly(Status.CONVERGED, Status.PRECISION_REACHED);
            // 0.5ᵏ takes longer than some looks, and 0.7ᵏ than the 64 that the other needs, which then waits.
            assertThat(solution.stats().steps()[0]).isGreaterThan(64);
            assertThat(solution.stats().steps()[1]).isEqualTo(solution.stats().steps()[0]);
        }
    }

    @ParameterizedTest
    @CsvSource({"Float", "Double"})
    void krylovSolversSayIt(ScalarType type) {
        try (TensorScope scope = TensorScope.open()) {
            int n = 31;
            Tensor m =
                    Tensors.of(Cases.normal(Cases.random(6), n * n, 0.3), n, n).to(type);
            Tensor g = Tensors.of(Cases.normal(Cases.random(7), 3 * n, 1), 3, n).to(type);
            g.select(0, 1).zero_();
            LinearMap map = LinearMap.of(v -> v.matmul(m), v -> v.matmul(m.t()));
            for (LinearSolver solver : List.of(new Gmres(RULE, n), new ConjugateGradientNormal(RULE))) {
                Solution v = solver.solve(map, g);
                assertThat(v.status())
                        .as(solver.toString())
                        .containsExactly(Status.PRECISION_REACHED, Status.CONVERGED, Status.PRECISION_REACHED);
                assertThat(v.stats().maxSteps()).isLessThan(MAX_STEPS / 2);
            }
        }
    }

    private static Contractions single(Contractions c, ScalarType type) {
        return new Contractions(c.a().to(type), c.b().to(type));
    }

    private static Costs costs(PolytopeProblem problem, ScalarType type) {
        double[] w = Cases.normal(Cases.random(problem.n()), BATCH * problem.n(), 1);
        return new Costs(Tensors.of(w, BATCH, problem.n()).to(type));
    }
}
