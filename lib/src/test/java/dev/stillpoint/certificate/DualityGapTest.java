package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.PolytopeProblem;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** The bound against solutions of ojAlgo, which knows nothing of operators. */
class DualityGapTest {
    /** ojAlgo stops near 1e-9. */
    private static final double SOLUTION = 1e-7;

    /** √(64 float64 roundings · forces and sizes of some 10⁴ · 2/γ). */
    private static final double NEAR = 1e-4;

    private static final double GAMMA = 0.5;

    private static final int K = 4;

    /** Any path of the grid is feasible. */
    @Test
    void holdsForPathFlowsAtEveryIterate() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                PolytopeProblem grid = PolytopeProblem.grid(K, GAMMA, 0.5 + random.nextDouble());
                double[] w = Cases.normal(random, grid.n(), 1 + 10 * random.nextDouble());
                double[] solution = grid.independentSolution(w);
                Costs c = new Costs(Tensors.of(w, 1, w.length));
                DavisYin<Costs> t = grid.operator();
                Tensor z = Tensors.of(Cases.normal(random, w.length, 1), 1, w.length);
                for (int step = 0; step < 30; step++) {
                    double[] y = path(grid, random);
                    holds(DualityGap.of(t, z, Tensors.of(y, 1, y.length), c), y, solution, w);
                    z = t.apply(z, c);
                }
            }
        });
    }

    /** Convex combinations of a feasible point and the solution, which Dykstra's or any projection would not give. */
    @Test
    void holdsBetweenAFeasiblePointAndTheSolution() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                PolytopeProblem problem = PolytopeProblem.random(random, 8, 24, GAMMA, 1);
                double[] w = Cases.normal(random, problem.n(), 3);
                double[] solution = problem.independentSolution(w);
                double[] other = problem.independentSolution(Cases.normal(random, problem.n(), 3));
                Costs c = new Costs(Tensors.of(w, 1, w.length));
                DavisYin<Costs> t = problem.operator();
                Tensor z = FixedPointSolver.of(StoppingRule.tolerance(1e-12).withMaxSteps(100_000))
                        .solve(t, torch.zeros_like(c.w()), c)
                        .z();
                for (double share : new double[] {0, 0.5, 0.9, 1}) {
                    double[] y = cleaned(mixed(other, solution, share), problem);
                    DualityGap gap = DualityGap.of(t, z, Tensors.of(y, 1, y.length), c);
                    holds(gap, y, solution, w);
                    double rise = objective(y, w) - objective(solution, w);
                    // At a fixed point D is f(x*): the gap is what y costs more, but for rounding.
                    assertThat(gap.gap()[0]).isCloseTo(rise, within(1e-6 * (1 + Math.abs(objective(y, w)))));
                }
            }
        });
    }

    @Test
    void isSmallNearTheSolutionAndLargeFarAway() {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem grid = PolytopeProblem.grid(K, GAMMA, 1);
            // Dear arcs but for one path: the solution is that path, feasible to the last bit.
            RandomGenerator random = Cases.random(1);
            double[] y = path(grid, random);
            double[] w = new double[y.length];
            for (int j = 0; j < w.length; j++) {
                w[j] = y[j] > 0 ? 1 : 10 + random.nextDouble();
            }
            assertThat(Distances.between(grid.independentSolution(w), y)).isLessThan(SOLUTION);
            Costs c = new Costs(Tensors.of(w, 1, w.length));
            DavisYin<Costs> t = grid.operator();
            Tensor feasible = Tensors.of(y, 1, y.length);
            Tensor z0 = torch.zeros_like(c.w());
            double before = DualityGap.of(t, z0, feasible, c).bound()[0];
            for (int steps : new int[] {20, 200, 2_000}) {
                Tensor z = FixedPointSolver.of(StoppingRule.tolerance(1e-14).withMaxSteps(steps))
                        .solve(t, z0, c)
                        .z();
                double bound = DualityGap.of(t, z, feasible, c).bound()[0];
                assertThat(bound).as("after %s steps", steps).isLessThanOrEqualTo(before);
                before = bound;
            }
            assertThat(before).isPositive().isLessThan(NEAR);
        }
    }

    @Test
    void infeasiblePointsHaveNone() {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem grid = PolytopeProblem.grid(K, GAMMA, 1);
            double[] y = path(grid, Cases.random(2));
            double[] rows = new double[5 * y.length];
            for (int i = 0; i < 5; i++) {
                System.arraycopy(y, 0, rows, i * y.length, y.length);
            }
            // Negative flow round a square, flow that comes from nowhere, NaN, and rounding.
            rows[y.length] -= 1e-6;
            rows[2 * y.length + 3] += 1e-6;
            rows[3 * y.length] = Double.NaN;
            rows[4 * y.length] += 1e-16;
            Costs c = new Costs(Tensors.of(Cases.normal(Cases.random(3), rows.length, 1), 5, y.length));
            DualityGap gap = DualityGap.of(grid.operator(), torch.zeros_like(c.w()), Tensors.of(rows, 5, y.length), c);
            for (int i = 0; i < 5; i++) {
                assertThat(Double.isFinite(gap.gap()[i])).as("sample " + i).isEqualTo(i == 0 || i == 4);
                assertThat(Double.isFinite(gap.bound()[i])).as("sample " + i).isEqualTo(i == 0 || i == 4);
            }
            Tensor lost = torch.zeros_like(c.w()).fill_(new Scalar(Double.NaN));
            assertThat(DualityGap.of(grid.operator(), lost, Tensors.of(rows, 5, y.length), c)
                            .bound())
                    .containsOnly(Double.NaN);
        }
    }

    /** A set that projects onto a smaller one than it says: the lower bound is that of another problem, and seen to be false. */
    @Test
    void saboteurBreaksIt() {
        ConvexSet<Costs> smaller = new ConvexSet<>() {
            private final NonNegative<Costs> honest = new NonNegative<>();

            @Override
            public Tensor project(Tensor x, Costs c) {
                return honest.project(x.sub(new Scalar(0.1)), c).add(new Scalar(0.1));
            }

            @Override
            public Tensor violation(Tensor x, Costs c) {
                return honest.violation(x, c);
            }
        };
        assertThatThrownBy(() -> Cases.forSeeds(5, random -> {
                    try (TensorScope scope = TensorScope.open()) {
                        PolytopeProblem grid = PolytopeProblem.grid(K, GAMMA, 1);
                        double[] w = Cases.normal(random, grid.n(), 3);
                        Costs c = new Costs(Tensors.of(w, 1, w.length));
                        DavisYin<Costs> t = new DavisYin<>(
                                new Quadratic<>(Costs::w, GAMMA), smaller, AffineSet.of(grid.a(), grid.b()), 1);
                        Tensor z = torch.zeros_like(c.w());
                        for (int step = 0; step < 30; step++) {
                            double[] y = path(grid, random);
                            holds(
                                    DualityGap.of(t, z, Tensors.of(y, 1, y.length), c),
                                    y,
                                    grid.independentSolution(w),
                                    w);
                            z = t.apply(z, c);
                        }
                    }
                }))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void singlePrecisionHoldsToo() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                PolytopeProblem grid = PolytopeProblem.grid(K, GAMMA, 1);
                double[] w = Cases.normal(random, grid.n(), 3);
                double[] y = path(grid, random);
                Costs c = new Costs(Tensors.of(w, 1, w.length).to(ScalarType.Float));
                Tensor z = FixedPointSolver.of(StoppingRule.tolerance(1e-6))
                        .solve(grid.operator(), torch.zeros_like(c.w()), c)
                        .z();
                Tensor single = Tensors.of(y, 1, y.length).to(ScalarType.Float);
                holds(DualityGap.of(grid.operator(), z, single, c), y, grid.independentSolution(w), w);
            }
        });
    }

    @Test
    void otherOperatorsAreRefused() {
        try (TensorScope scope = TensorScope.open()) {
            Costs c = new Costs(Tensors.of(new double[] {1, 2}, 1, 2));
            Tensor z = torch.zeros_like(c.w());
            Quadratic<Costs> f = new Quadratic<>(Costs::w, 1);
            DavisYin<Costs> flat =
                    new DavisYin<>(new Quadratic<>(Costs::w, 0), new NonNegative<>(), new NonNegative<>(), 1);
            assertThatThrownBy(() -> DualityGap.of(flat, z, z, c))
                    .hasMessageContaining("need a Quadratic with gamma > 0");
            DavisYin<Costs> norm = new DavisYin<>(f, new NonNegative<>(), L1Norm.of(1), 1);
            assertThatThrownBy(() -> DualityGap.of(norm, z, z, c))
                    .hasMessage("DualityGap: need h to be a convex set, got L1Norm");
            DavisYin<Costs> good = new DavisYin<>(f, new NonNegative<>(), new NonNegative<>(), 1);
            assertThatThrownBy(() -> DualityGap.of(good, z, Tensors.zeros(ScalarType.Double, 1, 3), c))
                    .hasMessage("DualityGap: y: expected [1, 2], got [1, 3]");
        }
    }

    private static void holds(DualityGap gap, double[] y, double[] solution, double[] w) {
        double rise = objective(y, w) - objective(solution, w);
        assertThat(gap.gap()[0]).as("gap").isGreaterThanOrEqualTo(rise - SOLUTION);
        assertThat(gap.bound()[0]).as("bound").isGreaterThanOrEqualTo(Distances.between(y, solution) - SOLUTION);
        assertThat(gap.bound()[0]).isEqualTo(Math.sqrt(2 * gap.gap()[0] / GAMMA));
    }

    private static double objective(double[] x, double[] w) {
        double f = 0;
        for (int j = 0; j < x.length; j++) {
            f += w[j] * x[j] + GAMMA / 2 * x[j] * x[j];
        }
        return f;
    }

    private static double[] mixed(double[] a, double[] b, double share) {
        double[] y = new double[a.length];
        for (int j = 0; j < y.length; j++) {
            y[j] = (1 - share) * a[j] + share * b[j];
        }
        return y;
    }

    /** ojAlgo's points are feasible to 1e-9: projected onto both sets in turns, to rounding. */
    private static double[] cleaned(double[] y, PolytopeProblem problem) {
        try (TensorScope scope = TensorScope.open()) {
            ConvexSet<Costs> affine = AffineSet.of(problem.a(), problem.b());
            ConvexSet<Costs> positive = new NonNegative<>();
            Costs none = new Costs(Tensors.of(y, 1, y.length));
            Tensor x = Tensors.of(y, 1, y.length);
            for (int i = 0; i < 500; i++) {
                x = positive.project(affine.project(x, none), none);
            }
            return Tensors.doubles(x);
        }
    }

    /** A random path from corner to corner as a flow. */
    private static double[] path(PolytopeProblem grid, RandomGenerator random) {
        double[] y = new double[grid.n()];
        int at = 0;
        while (at < K * K - 1) {
            int next = at % K == K - 1 || (at / K < K - 1 && random.nextBoolean()) ? at + K : at + 1;
            for (int arc = 0; arc < y.length; arc++) {
                if (grid.a()[at][arc] == -1 && grid.a()[next][arc] == 1) {
                    y[arc] = 1;
                }
            }
            at = next;
        }
        return y;
    }
}
