package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.adjoint.ActiveSet;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.kernel.FaceProjection;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.ProjectedGradient;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Bounded;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link ActiveSet} against differences of solves, in all that a context can carry: costs, right-hand side and bounds. */
class ActiveSetTest {
    /** The solve's 1e-13 over the differences' 1e-6, times how far its residual is from its error. */
    private static final double SAME_GRADIENT = 1e-6;

    private static final double GAMMA = 0.7;
    private static final double STEP = 0.9;
    private static final int BATCH = 3;
    private static final int PARAMETERS = 3;
    private static final FixedPointSolver EXACT =
            FixedPointSolver.of(StoppingRule.tolerance(1e-14).withMaxSteps(20_000));

    /** Everything a sample's own. */
    private record Data(Tensor w, Tensor b, Tensor l, Tensor u) implements Batch<Data> {
        @Override
        public int size() {
            return (int) w.size(0);
        }

        @Override
        public Data select(Tensor rows) {
            return new Data(
                    w.index_select(0, rows), b.index_select(0, rows), l.index_select(0, rows), u.index_select(0, rows));
        }
    }

    /** Costs, sides and bounds linear in θ around a feasible point, A with dependent rows. */
    private record Problem(DavisYin<Data> t, Function<Tensor, Data> context, Tensor theta, int n) {
        static Problem random(String kind, int n, Bounded<Data> bounds, RandomGenerator random) {
            SparseMatrix a = PolytopeProblem.matrix(kind, n, random);
            int width = a.columns();
            Tensor dense = SparseInstances.dense(a);
            Tensor w = mixing(1, width, random);
            Tensor x = mixing(0.03, width, random);
            Tensor l = mixing(0.03, width, random);
            Tensor u = mixing(0.03, width, random);
            double[] inside = new double[BATCH * width];
            Arrays.setAll(inside, j -> 0.3 + 0.5 * random.nextDouble());
            Tensor middle = Tensors.of(inside, BATCH, width);
            Function<Tensor, Data> context = theta -> {
                Tensor rows = theta.unsqueeze(0);
                return new Data(
                        rows.matmul(w).reshape(BATCH, width),
                        middle.add(rows.matmul(x).reshape(BATCH, width)).matmul(dense.t()),
                        rows.matmul(l).reshape(BATCH, width),
                        rows.matmul(u).reshape(BATCH, width).add(Tensors.scalar(1)));
            };
            DavisYin<Data> t = new DavisYin<>(new Quadratic<>(Data::w, GAMMA), bounds, AffineSet.of(a, Data::b), STEP);
            return new Problem(t, context, Tensors.of(Cases.normal(random, PARAMETERS, 1), PARAMETERS), width);
        }

        private static Tensor mixing(double scale, int width, RandomGenerator random) {
            int count = PARAMETERS * BATCH * width;
            return Tensors.of(Cases.normal(random, count, scale), PARAMETERS, (long) BATCH * width);
        }

        AdjointLaws.Subject<Data> subject() {
            return new AdjointLaws.Subject<>(t, context, theta, Tensors.zeros(ScalarType.Double, BATCH, n), EXACT);
        }

        /** The share of entries that are on a bound. */
        double fixed() {
            try (TensorScope scope = TensorScope.open()) {
                Data c = context.apply(theta);
                Tensor z = EXACT.solve(t, Tensors.zeros(ScalarType.Double, BATCH, n), c)
                        .z();
                return t.solution(z, c).ne(z).to(ScalarType.Double).mean().item_double();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"grid, 4", "grid, 7", "graph, 61", "graph, 151", "sparse, 31", "sparse, 61"})
    void isTheGradientOfDifferences(String kind, int size) {
        Cases.forSeeds(1, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Problem problem = Problem.random(kind, size, Box.of(Data::l, Data::u), random);
                assertThat(problem.fixed()).as("share of entries at bounds").isBetween(0.1, 0.9);
                AdjointLaws.gradientIsThatOfDifferences(ActiveSet.alone(), problem.subject(), SAME_GRADIENT);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"graph, 61", "sparse, 31"})
    void boundsThatAllShare(String kind, int size) {
        Cases.forSeeds(1, random -> {
            try (TensorScope scope = TensorScope.open()) {
                for (Bounded<Data> bounds : List.<Bounded<Data>>of(new NonNegative<>(), Box.of(-0.1, 1.0))) {
                    Problem problem = Problem.random(kind, size, bounds, random);
                    AdjointLaws.gradientIsThatOfDifferences(ActiveSet.alone(), problem.subject(), SAME_GRADIENT);
                }
            }
        });
    }

    @Test
    void saboteursAreCaught() {
        try (TensorScope scope = TensorScope.open()) {
            Problem problem = Problem.random("graph", 31, Box.of(Data::l, Data::u), Cases.random(1));
            AdjointLaws.Subject<Data> subject = problem.subject();
            // The formula is right with neither changed, and wrong with either.
            AdjointLaws.gradientIsThatOfDifferences(new Spoilt(free -> free, 1), subject, SAME_GRADIENT);
            Adjoint allFree = new Spoilt(
                    free -> {
                        boolean[] all = free.clone();
                        Arrays.fill(all, true);
                        return all;
                    },
                    1);
            Adjoint oneFixed = new Spoilt(
                    free -> {
                        boolean[] fewer = free.clone();
                        int first = 0;
                        while (!fewer[first]) {
                            first++;
                        }
                        fewer[first] = false;
                        return fewer;
                    },
                    1);
            for (Adjoint saboteur : new Adjoint[] {allFree, oneFixed, new Spoilt(free -> free, 1.001)}) {
                assertThatThrownBy(() -> AdjointLaws.gradientIsThatOfDifferences(saboteur, subject, SAME_GRADIENT))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("gradient");
            }
        }
    }

    /** The formula once more, with the free variables and the curvature as told. */
    private record Spoilt(UnaryOperator<boolean[]> faces, double factor) implements Adjoint {
        @Override
        public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
            DavisYin<C> d = (DavisYin<C>) t;
            Solution solution = solver.solve(t, z0, c);
            Tensor z = solution.z();
            double[] iterate = Tensors.doubles(z);
            double[] x = Tensors.doubles(t.solution(z, c));
            boolean[] inside = new boolean[x.length];
            for (int j = 0; j < x.length; j++) {
                inside[j] = x[j] == iterate[j];
            }
            boolean[] free = faces.apply(inside);
            double curvature = factor * d.step() * GAMMA;
            Tensor hooked = Autograd.replaceGradient(t.apply(z, c).clone(), g -> {
                double[] gradient = Tensors.doubles(g);
                double[] v = new FaceProjection(((AffineSet<C>) d.h()).factor()).held(BATCH, free, gradient);
                for (int j = 0; j < v.length; j++) {
                    v[j] += free[j] ? (gradient[j] - v[j]) / curvature : 0;
                }
                return Tensors.of(v, g.shape());
            });
            return new Attached(hooked, solution, () -> {
                throw new AssertionError("not asked for");
            });
        }
    }

    /** x = (1, 0) on the simplex, where x₂'s multiplier is 0: a kink in w₂, and the gradient of the side where it stays 0. */
    @Test
    void atATieItIsTheGradientOfOneSide() {
        try (TensorScope scope = TensorScope.open()) {
            DavisYin<Costs> t = new DavisYin<>(
                    new Quadratic<>(Costs::w, 1),
                    new NonNegative<>(),
                    AffineSet.of(new double[][] {{1, 1}}, new double[] {1}),
                    0.5);
            Tensor z = Tensors.of(new double[] {1, 0}, 1, 2);
            assertThat(gradient(t, new double[] {0, 1}, z)).containsExactly(new double[] {0, 0}, within(0.0));
            // On the other side x moves along (1, −1): ∂x₁/∂w₂ = 1/2.
            assertThat(gradient(t, new double[] {0, 0.9}, z)[1]).isCloseTo(0.5, within(SAME_GRADIENT));
            assertThat(gradient(t, new double[] {0, 1.1}, z)[1]).isCloseTo(0, within(SAME_GRADIENT));
        }
    }

    private static double[] gradient(DavisYin<Costs> t, double[] costs, Tensor z0) {
        Tensor w = Tensors.of(costs, 1, 2).requires_grad_(true);
        Costs c = new Costs(w);
        Tensor x = t.solution(ActiveSet.alone().solve(EXACT, t, z0, c).z(), c);
        x.select(1, 0).sum().backward();
        return Tensors.doubles(w.grad());
    }

    @Test
    void theResidualIsMeasuredAndALossOfZIsReported() {
        try (TensorScope scope = TensorScope.open()) {
            Problem problem = Problem.random("graph", 31, Box.of(Data::l, Data::u), Cases.random(2));
            AdjointStats ofX = stats(problem, true);
            assertThat(ofX.verdict()).isEqualTo(AdjointStats.Verdict.SOLVED);
            assertThat(ofX.gradient()).isEqualTo(AdjointStats.Gradient.IMPLICIT);
            assertThat(ofX.products()).isEqualTo(1);
            assertThat(Distances.norm(ofX.residual())).isLessThan(1e-11);
            assertThat(ofX.residual()).hasSize(BATCH);
            AdjointStats ofZ = stats(problem, false);
            assertThat(ofZ.verdict()).isEqualTo(AdjointStats.Verdict.INEXACT);
            assertThat(ofZ.inexact()).isEqualTo(BATCH);
        }
    }

    private static AdjointStats stats(Problem problem, boolean ofX) {
        Data c = problem.context().apply(problem.theta().clone().requires_grad_(true));
        Tensor start = Tensors.zeros(ScalarType.Double, BATCH, problem.n());
        Attached attached = ActiveSet.alone().solve(EXACT, problem.t(), start, c);
        Tensor z = ofX ? problem.t().solution(attached.z(), c) : attached.z();
        z.mul(z).sum().backward();
        return attached.afterBackward().get();
    }

    /** A lost sample gives NaN for itself alone. */
    @Test
    void aSampleOfNaNHarmsNoOther() {
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem problem = PolytopeProblem.grid(4, 0.5, 0.5);
            double[] costs = Cases.normal(Cases.random(4), 2 * problem.n(), 0.1);
            double[] clean = costGradient(problem, costs);
            costs[0] = Double.NaN;
            double[] spoilt = costGradient(problem, costs);
            int n = problem.n();
            assertThat(Distances.row(spoilt, 1, n)).containsExactly(Distances.row(clean, 1, n), within(SAME_GRADIENT));
            assertThat(Distances.norm(Distances.row(clean, 1, n))).isGreaterThan(1e-3);
        }
    }

    private static double[] costGradient(PolytopeProblem problem, double[] costs) {
        Tensor w = Tensors.of(costs, 2, problem.n()).requires_grad_(true);
        Costs c = new Costs(w);
        DavisYin<Costs> t = problem.operator();
        Tensor x = t.solution(
                ActiveSet.alone()
                        .solve(EXACT, t, torch.zeros_like(w.detach()), c)
                        .z(),
                c);
        x.select(0, 1).mul(x.select(0, 1)).sum().backward();
        return Tensors.doubles(w.grad());
    }

    @Test
    void otherOperatorsGoElsewhereOrAreRefused() {
        try (TensorScope scope = TensorScope.open()) {
            Costs c = new Costs(Tensors.of(new double[] {1, -1}, 1, 2).requires_grad_(true));
            Tensor z0 = Tensors.zeros(ScalarType.Double, 1, 2);
            Quadratic<Costs> flat = new Quadratic<>(Costs::w, 0);
            AffineSet<Costs> line = AffineSet.of(new double[][] {{1, 1}}, new double[] {1});
            Operator<Costs> other = new ProjectedGradient<>(new Quadratic<>(Costs::w, 1), new NonNegative<>(), 0.5);
            for (Operator<Costs> t : List.of(other, new DavisYin<>(flat, new NonNegative<>(), line, 0.5))) {
                assertThatThrownBy(() -> ActiveSet.alone().solve(EXACT, t, z0, c))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("need DavisYin on a Quadratic with gamma > 0");
            }
            Attached attached = new ActiveSet(Implicit.dense()).solve(EXACT, other, z0, c);
            attached.z().sum().backward();
            assertThat(attached.afterBackward().get().products())
                    .as("of the dense solver")
                    .isEqualTo(3);
            assertThat(Tensors.doubles(c.w().grad())).containsExactly(new double[] {0, -1}, within(SAME_GRADIENT));
        }
    }
}
