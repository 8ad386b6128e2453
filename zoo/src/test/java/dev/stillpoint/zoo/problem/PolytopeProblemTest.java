package dev.stillpoint.zoo.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.zoo.problem.Polytopes.Data;
import dev.stillpoint.zoo.problem.Polytopes.Instance;
import dev.stillpoint.zoo.problem.RandomDigraphs.Costs;
import dev.stillpoint.zoo.problem.RandomDigraphs.Shape;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolytopeProblemTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;
    /** The accuracy that the oracle promises, over the sums of up to 60 products. */
    private static final double ACCURACY = 1e-8;

    private static double dot(double[] w, double[] x) {
        double sum = 0;
        for (int j = 0; j < w.length; j++) {
            sum += w[j] * x[j];
        }
        return sum;
    }

    private static void isFeasible(Instance instance, double[] x) {
        for (int i = 0; i < instance.a().length; i++) {
            assertThat(dot(instance.a()[i], x))
                    .as("%s: row %d", instance, i)
                    .isCloseTo(instance.query().rightHandSide()[i], within(ACCURACY));
        }
        for (int j = 0; j < x.length; j++) {
            assertThat(x[j])
                    .as("%s: bounds", instance)
                    .isBetween(instance.query().lower()[j], instance.query().upper()[j]);
        }
    }

    private static void isOptimal(Instance instance, Optimum optimum) {
        double tolerance = ACCURACY * Math.max(1, Math.abs(instance.least()));
        assertThat(optimum.warning()).as("%s: warning", instance).isEmpty();
        assertThat(optimum.value()).as("%s: least", instance).isCloseTo(instance.least(), within(tolerance));
        assertThat(optimum.value())
                .as("%s: value", instance)
                .isCloseTo(dot(instance.costs(), optimum.x()), within(tolerance));
        assertThat(optimum.gap()).as("%s: gap", instance).isCloseTo(0, within(tolerance));
    }

    @ParameterizedTest
    @EnumSource
    void findsTheBestOfAllVertices(Data data) {
        int infeasible = 0;
        for (int seed = 0; seed < 200; seed++) {
            Instance instance = Polytopes.small(data, seed);
            if (Double.isNaN(instance.least())) {
                infeasible++;
                assertThatThrownBy(() -> instance.problem().minimise(instance.costs(), instance.query()))
                        .as("%s", instance)
                        .isInstanceOf(InfeasibleException.class);
                continue;
            }
            Optimum optimum = instance.problem().minimise(instance.costs(), instance.query());
            isFeasible(instance, optimum.x());
            isOptimal(instance, optimum);
        }
        assertThat(infeasible).isBetween(20, 150);
    }

    /** Degenerate vertices, dependent rows, free and fixed variables. */
    @ParameterizedTest
    @EnumSource
    void findsAnOptimumThatIsKnown(Data data) {
        for (int seed = 0; seed < 120; seed++) {
            int rows = 1 + seed % 24;
            Instance instance = Polytopes.withKnownOptimum(data, rows, rows + 1 + seed % 37, seed);
            Optimum optimum = instance.problem().minimise(instance.costs(), instance.query());
            isFeasible(instance, optimum.x());
            isOptimal(instance, optimum);
        }
    }

    @Test
    void saboteurs() {
        Instance instance = new Instance(
                "blend",
                new double[][] {{1, 1}},
                new double[] {3, 5},
                new PolytopeQuery(new double[] {10}, new double[2], new double[] {6, 8}),
                38);
        Optimum optimum = instance.problem().minimise(instance.costs(), instance.query());
        isOptimal(instance, optimum);
        assertThat(optimum.x()).containsExactly(6, 4);
        Optimum dearer = new Optimum(new double[] {2, 8}, 46, optimum.bound());
        isFeasible(instance, dearer.x());
        assertThatThrownBy(() -> isOptimal(instance, dearer)).isInstanceOf(AssertionError.class);
        Optimum unproved = new Optimum(optimum.x(), optimum.value(), optimum.bound() - 1);
        assertThatThrownBy(() -> isOptimal(instance, unproved))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("gap");
        for (double[] outside : List.of(new double[] {7, 3}, new double[] {5, 4})) {
            assertThatThrownBy(() -> isFeasible(instance, outside)).isInstanceOf(AssertionError.class);
        }
    }

    /** The linear program over a graph's polytope is a path, if no two paths cost the same. */
    @ParameterizedTest
    @EnumSource
    void agreesWithShortestPaths(Shape shape) {
        int paths = 0;
        for (Costs costs : Costs.values()) {
            for (int seed = 2; seed < 10; seed++) {
                RandomDigraphs.Instance drawn = RandomDigraphs.of(shape, costs, seed);
                if (ShortestPathLaws.leastCost(drawn).isEmpty()) {
                    continue;
                }
                ShortestPathProblem graph = drawn.problem();
                PolytopeProblem polytope = PolytopeProblem.of(graph.variables(), graph.nodes(), graph.matrix());
                PolytopeQuery query = new PolytopeQuery(
                        graph.rightHandSide(drawn.query()), graph.lower(drawn.query()), graph.upper(drawn.query()));
                Optimum program = polytope.minimise(drawn.costs(), query);
                Optimum path = graph.minimise(drawn.costs(), drawn.query());
                assertThat(program.warning()).as("%s: warning", drawn).isEmpty();
                assertThat(program.value()).as("%s: value", drawn).isCloseTo(path.value(), within(ACCURACY));
                assertThat(program.bound()).as("%s: bound", drawn).isCloseTo(path.bound(), within(ACCURACY));
                if (costs == Costs.REAL) {
                    assertThat(program.x()).as("%s: x", drawn).containsExactly(path.x(), within(ACCURACY));
                    paths++;
                }
            }
        }
        assertThat(paths).isGreaterThan(2);
    }

    /** Numbers far from 1, in rows, columns and costs; a program that a model's presolver is known to take for infeasible. */
    @Test
    void scalesDoNotMatter() {
        double[] lower = {624_985_000, 0, 0, 72_746_000};
        double[] upper = {829_209_000, 398_636_000, 131_103_000, 876_541_000};
        PolytopeProblem sum = PolytopeProblem.of(
                Polytopes.names("x", 4), List.of("sum"), SparseMatrix.of(new double[][] {{1, 0, 0, 1}}));
        Optimum optimum =
                sum.minimise(new double[] {1, 1, 1, 1}, new PolytopeQuery(new double[] {857_550_000}, lower, upper));
        assertThat(optimum.value()).isEqualTo(857_550_000);
        assertThat(optimum.warning()).isEmpty();
        for (double row : new double[] {1e-6, 1e6}) {
            for (double column : new double[] {1e-6, 1e6}) {
                for (double cost : new double[] {1e-6, 1e6}) {
                    PolytopeProblem blend = PolytopeProblem.of(
                            List.of("oats", "maize"),
                            List.of("weight"),
                            SparseMatrix.of(new double[][] {{row, row * column}}));
                    PolytopeQuery query =
                            new PolytopeQuery(new double[] {10 * row}, new double[2], new double[] {6, 8 / column});
                    Optimum best = blend.minimise(new double[] {3 * cost, 5 * cost * column}, query);
                    assertThat(best.warning()).isEmpty();
                    assertThat(best.value()).isCloseTo(38 * cost, within(ACCURACY * cost));
                    assertThat(best.x()[0]).isCloseTo(6, within(ACCURACY));
                    assertThat(best.gap()).isCloseTo(0, within(ACCURACY * cost));
                }
            }
        }
    }

    private static PolytopeProblem problem(double[]... rows) {
        int n = rows[0].length;
        return PolytopeProblem.of(Polytopes.names("x", n), Polytopes.names("r", rows.length), SparseMatrix.of(rows));
    }

    private static PolytopeQuery query(double[] b, double[] lower, double[] upper) {
        return new PolytopeQuery(b, lower, upper);
    }

    @Test
    void fixedVariablesAndNoRows() {
        Optimum fixed = problem(new double[] {1, 1})
                .minimise(new double[] {1, 2}, query(new double[] {3}, new double[] {1, 2}, new double[] {1, 2}));
        assertThat(fixed.x()).containsExactly(1, 2);
        assertThat(fixed.gap()).isZero();
        PolytopeProblem box = PolytopeProblem.of(
                Polytopes.names("x", 3),
                List.of(),
                SparseMatrix.ofTriplets(0, 3, new int[0], new int[0], new double[0]));
        Optimum corner = box.minimise(
                new double[] {1, -1, 0},
                query(new double[0], new double[] {2, 0, -INFINITE}, new double[] {5, 7, INFINITE}));
        assertThat(corner.x()).containsExactly(2, 7, 0);
        assertThat(corner.gap()).isZero();
        assertThatThrownBy(() -> box.minimise(
                        new double[] {1, -1, 0},
                        query(new double[0], new double[] {2, 0, 0}, new double[] {5, INFINITE, 0})))
                .isInstanceOf(InfeasibleException.class)
                .hasMessage("no least cost: these can grow without end, and cost less and less: x1");
    }

    @Test
    void infeasibilityNamesTheConstraints() {
        PolytopeProblem problem =
                problem(new double[] {1, 1, 0, 0}, new double[] {0, 0, 1, 1}, new double[] {1, 0, 0, 1});
        double[] one = {1, 1, 1, 1};
        assertInfeasible(
                problem,
                query(new double[] {1, 5, 1}, new double[4], one),
                "no x within its bounds satisfies all constraints: these conflict: r1");
        assertInfeasible(
                problem,
                query(new double[] {2, 0, 0}, new double[4], one),
                "no x within its bounds satisfies all constraints: these conflict: r0, r2");
        PolytopeProblem dependent = problem(new double[] {1, 1}, new double[] {2, 2});
        assertThatThrownBy(() -> dependent.minimise(
                        new double[2], query(new double[] {1, 3}, new double[2], new double[] {5, 5})))
                .isInstanceOf(InfeasibleException.class)
                .hasMessageMatching(
                        "constraint r[01] follows from others but for its right-hand side: need .*, got .*");
        assertThat(dependent
                        .minimise(new double[] {1, 2}, query(new double[] {1, 2}, new double[2], new double[] {5, 5}))
                        .x())
                .containsExactly(1, 0);
        assertInfeasible(
                problem(new double[] {1, 1}),
                query(new double[] {1}, new double[] {0, 3}, new double[] {1, 2}),
                "variable x1: need lower <= upper, got 3.0 and 2.0");
        assertInfeasible(
                problem(new double[] {0, 0}, new double[] {1, 1}),
                query(new double[] {2, 1}, new double[2], new double[] {5, 5}),
                "constraint r0 follows from others but for its right-hand side: need 0.0, got 2.0");
    }

    private static void assertInfeasible(PolytopeProblem problem, PolytopeQuery query, String message) {
        assertThatThrownBy(() -> problem.minimise(new double[problem.variables().size()], query))
                .isInstanceOf(InfeasibleException.class)
                .hasMessage(message);
    }

    @Test
    void costsWithoutALeastNameTheVariables() {
        PolytopeProblem problem = problem(new double[] {1, -1, 0}, new double[] {0, 0, 1});
        PolytopeQuery query = query(new double[] {0, 1}, new double[3], new double[] {INFINITE, INFINITE, INFINITE});
        assertThatThrownBy(() -> problem.minimise(new double[] {-2, 1, 1}, query))
                .isInstanceOf(InfeasibleException.class)
                .hasMessage("no least cost: these can grow without end, and cost less and less: x0, x1");
        assertThat(problem.minimise(new double[] {-1, 1, 1}, query).value()).isCloseTo(1, within(ACCURACY));
    }

    @Test
    void refusesWhatDoesNotFit() {
        PolytopeProblem problem = problem(new double[] {1, 1});
        PolytopeQuery good = query(new double[] {1}, new double[2], new double[] {1, 1});
        assertRefused(() -> problem.minimise(new double[3], good), "costs: need 2 numbers, got 3");
        assertRefused(
                () -> problem.minimise(new double[] {0, Double.NaN}, good),
                "costs: need finite numbers, got NaN for x1");
        assertRefused(
                () -> problem.upper(good.withRightHandSide(new double[2])), "right-hand side: need 1 numbers, got 2");
        assertRefused(
                () -> problem.rightHandSide(good.withRightHandSide(new double[] {INFINITE})),
                "right-hand side: need finite numbers, got Infinity for r0");
        assertRefused(
                () -> problem.lower(query(new double[1], new double[1], new double[2])),
                "bounds: need 2 numbers each, got 1 lower and 2 upper");
        assertRefused(
                () -> problem.lower(query(new double[1], new double[] {0, Double.NaN}, new double[2])),
                "bounds: need numbers, got NaN and 0.0 for x1");
        assertRefused(
                () -> PolytopeProblem.of(List.of("x"), List.of(), problem.matrix()),
                "PolytopeProblem: need names for [1, 2], got [0, 1]");
        assertRefused(
                () -> PolytopeProblem.of(List.of(), List.of(), problem.matrix()),
                "PolytopeProblem: need variables, got none");
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void queriesKeepTheirNumbers() {
        double[] b = {1};
        PolytopeQuery query = query(b, new double[2], new double[] {1, 1});
        Arrays.fill(b, 7);
        PolytopeProblem problem = problem(new double[] {1, 1});
        assertThat(problem.rightHandSide(query)).containsExactly(1);
        Arrays.fill(problem.upper(query), 9);
        assertThat(problem.upper(query)).containsExactly(1, 1);
        assertThat(problem.lower(query)).containsExactly(0, 0);
    }
}
