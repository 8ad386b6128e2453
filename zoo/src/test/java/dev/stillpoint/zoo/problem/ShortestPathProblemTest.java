package dev.stillpoint.zoo.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.zoo.problem.RandomDigraphs.Costs;
import dev.stillpoint.zoo.problem.RandomDigraphs.Instance;
import dev.stillpoint.zoo.problem.RandomDigraphs.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShortestPathProblemTest {
    static Stream<Arguments> kinds() {
        return Arrays.stream(Shape.values())
                .flatMap(shape -> Arrays.stream(Costs.values()).map(costs -> Arguments.of(shape, costs)));
    }

    /** 500 graphs in all: five shapes, five kinds of costs, twenty sizes. */
    @ParameterizedTest
    @MethodSource("kinds")
    void equalsAnotherLibraryAndIsAPath(Shape shape, Costs costs) {
        int solved = 0;
        for (int seed = 0; seed < RandomDigraphs.sizes(); seed++) {
            Instance instance = RandomDigraphs.of(shape, costs, seed);
            ShortestPathProblem problem = instance.problem();
            OptionalDouble least = ShortestPathLaws.leastCost(instance);
            if (least.isEmpty()) {
                assertThatThrownBy(() -> problem.minimise(instance.costs(), instance.query()))
                        .as("%s", instance)
                        .isInstanceOf(InfeasibleException.class)
                        .hasMessageStartingWith(
                                "no way from " + instance.query().origin() + " to ");
                continue;
            }
            Optimum optimum = problem.minimise(instance.costs(), instance.query());
            ShortestPathLaws.isAPath(instance, optimum.x());
            ShortestPathLaws.costsTheLeast(instance, least.getAsDouble(), optimum);
            ShortestPathLaws.isProvedOptimal(instance, optimum);
            ShortestPathLaws.liesInThePolytope(instance, problem, optimum.x());
            solved++;
        }
        assertThat(solved).as("graphs that have a path").isGreaterThanOrEqualTo(RandomDigraphs.sizes() / 2);
    }

    /** Instances that have two paths, whose costs differ. */
    private static Stream<Instance> real() {
        return IntStream.range(10, RandomDigraphs.sizes())
                .mapToObj(seed -> RandomDigraphs.of(Shape.STREETS, Costs.REAL, seed))
                .filter(instance -> ShortestPathLaws.leastCost(instance).isPresent());
    }

    @Test
    void theSecondBestFails() {
        assertThat(real()).isNotEmpty().allSatisfy(instance -> {
            List<Optimum> two = instance.problem().cheapest(instance.costs(), instance.query(), 2);
            double least = ShortestPathLaws.leastCost(instance).orElseThrow();
            ShortestPathLaws.costsTheLeast(instance, least, two.get(0));
            assertThatThrownBy(() -> ShortestPathLaws.costsTheLeast(instance, least, two.get(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("cost");
            assertThatThrownBy(() -> ShortestPathLaws.isProvedOptimal(instance, two.get(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("gap");
        });
    }

    @Test
    void whatIsNoPathFails() {
        Instance instance = twoCycles();
        ShortestPathProblem problem = instance.problem();
        // A free cycle beside the path: it costs as much, and conserves flow.
        double[] beside = {1, 1, 1, 1, 0};
        assertThat(problem.matrix().multiply(beside)).containsExactly(problem.rightHandSide(instance.query()));
        assertFails(instance, beside, "edges beside the path");
        assertFails(instance, new double[] {1, 0, 0, 0, 0}, "flow");
        assertFails(instance, new double[] {0.5, 0.5, 0, 0, 0.5}, "x");
        ShortestPathLaws.isAPath(instance, new double[] {1, 1, 0, 0, 0});
        assertThatThrownBy(() -> ShortestPathLaws.liesInThePolytope(instance, problem, beside))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("bounds");
        assertThatThrownBy(() -> ShortestPathLaws.liesInThePolytope(instance, problem, new double[5]))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Ax");
    }

    /** a → b → c, a cycle c → d → c of cost 0, and a → c. */
    private static Instance twoCycles() {
        List<Edge> edges = List.of(
                new Edge("ab", "a", "b"),
                new Edge("bc", "b", "c"),
                new Edge("cd", "c", "d"),
                new Edge("dc", "d", "c"),
                new Edge("ac", "a", "c"));
        return new Instance("two cycles", edges, new double[] {1, 1, 0, 0, 3}, new PathQuery("a", "c"));
    }

    private static void assertFails(Instance instance, double[] x, String message) {
        assertThatThrownBy(() -> ShortestPathLaws.isAPath(instance, x))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(message);
    }

    /** No path can go through the cycle behind the destination: its edges are closed. */
    @Test
    void edgesThatNoPathUsesAreClosed() {
        Instance instance = twoCycles();
        assertThat(instance.problem().upper(instance.query())).containsExactly(1, 1, 0, 0, 1);
        assertThat(instance.problem().upper(new PathQuery("a", "d"))).containsExactly(1, 1, 1, 0, 1);
        assertThat(instance.problem().upper(new PathQuery("a", "d", List.of("ab"))))
                .containsExactly(0, 0, 1, 0, 1);
    }

    @Test
    void everyEdgeOfSomePathIsOpen() {
        for (int seed = 0; seed < 200; seed++) {
            Instance instance = SmallGraphs.of(seed);
            List<double[]> all = SmallGraphs.paths(instance);
            if (all.isEmpty()) {
                continue;
            }
            double[] upper = instance.problem().upper(instance.query());
            for (double[] path : all) {
                assertThatCode(() -> ShortestPathLaws.liesInThePolytope(instance, instance.problem(), path))
                        .doesNotThrowAnyException();
            }
            for (int e = 0; e < upper.length; e++) {
                assertThat(upper[e]).isIn(0.0, 1.0);
            }
        }
    }

    @Test
    void ofEquallyCheapEdgesTheFirstIsTaken() {
        List<Edge> edges =
                List.of(new Edge("slow", "a", "b"), new Edge("first", "a", "b"), new Edge("second", "a", "b"));
        Optimum optimum = ShortestPathProblem.of(edges).minimise(new double[] {2, 1, 1}, new PathQuery("a", "b"));
        assertThat(optimum.x()).containsExactly(0, 1, 0);
    }

    @Test
    void namesTheParts() {
        List<Edge> edges = List.of(
                new Edge("1", "a", "b"), new Edge("2", "c", "d"), new Edge("3", "e", "b"), new Edge("4", "d", "f"));
        assertThat(ShortestPathProblem.of(edges).parts())
                .containsExactly(List.of("a", "b", "e"), List.of("c", "d", "f"));
        assertThat(RandomDigraphs.of(Shape.STREETS, Costs.UNIT, 18).problem().parts())
                .hasSizeLessThan(3);
    }
}
