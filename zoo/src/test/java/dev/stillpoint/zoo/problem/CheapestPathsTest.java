package dev.stillpoint.zoo.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.zoo.problem.RandomDigraphs.Costs;
import dev.stillpoint.zoo.problem.RandomDigraphs.Instance;
import dev.stillpoint.zoo.problem.RandomDigraphs.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jgrapht.GraphPath;
import org.jgrapht.alg.shortestpath.YenKShortestPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheapestPathsTest {
    private static final int GRAPHS = 1_000;
    private static final int K = 12;

    /** Costs in ascending order, each path once, as many as there are. */
    private static void areTheCheapest(Instance instance, double[] all, List<Optimum> found, int k) {
        double[] costs = found.stream().mapToDouble(Optimum::value).toArray();
        double[] expected = Arrays.copyOf(all, Math.min(k, all.length));
        assertThat(costs)
                .as("%s: costs", instance)
                .containsExactly(expected, within(ShortestPathLaws.tolerance(instance.costs())));
        assertThat(found.stream().map(o -> Arrays.toString(o.x())).distinct())
                .as("%s: different paths", instance)
                .hasSameSizeAs(found);
        found.forEach(optimum -> ShortestPathLaws.isAPath(instance, optimum.x()));
    }

    private static double[] sorted(Instance instance) {
        return SmallGraphs.paths(instance).stream()
                .mapToDouble(x -> SmallGraphs.cost(instance, x))
                .sorted()
                .toArray();
    }

    @Test
    void areThoseOfAllPaths() {
        int several = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            Instance instance = SmallGraphs.of(seed);
            double[] all = sorted(instance);
            if (all.length == 0) {
                continue;
            }
            ShortestPathProblem problem = instance.problem();
            Optimum best = problem.minimise(instance.costs(), instance.query());
            for (int k : new int[] {1, 3, K, 1_000}) {
                List<Optimum> found = problem.cheapest(instance.costs(), instance.query(), k);
                assertThat(found.get(0).x()).containsExactly(best.x());
                if (best.warning().isEmpty()) {
                    areTheCheapest(instance, all, found, k);
                } else {
                    assertThat(found).hasSize(Math.min(k, all.length)).allSatisfy(optimum -> {
                        assertThat(optimum.warning()).isEqualTo(best.warning());
                        assertThat(optimum.bound()).isLessThanOrEqualTo(all[0]);
                    });
                }
            }
            several += all.length > 3 ? 1 : 0;
        }
        assertThat(several).isGreaterThan(GRAPHS / 10);
    }

    /** Two ways out of a part with a negative cycle: what leaves the part keeps its cost, also in the order. */
    @Test
    void raisesCostsWithinAPartAlone() {
        List<Edge> edges = List.of(
                new Edge("ab", "a", "b"),
                new Edge("bc", "b", "c"),
                new Edge("cb", "c", "b"),
                new Edge("cd", "c", "d"),
                new Edge("cd2", "c", "d"),
                new Edge("bd", "b", "d"));
        ShortestPathProblem problem = ShortestPathProblem.of(edges);
        List<Optimum> found = problem.cheapest(new double[] {1, -2, 1, -9, -6, -5}, new PathQuery("a", "d"), 5);
        assertThat(found.stream().map(Optimum::value)).containsExactly(-10.0, -7.0, -4.0);
        assertThat(found.get(1).x()).containsExactly(1, 1, 0, 0, 1, 0);
        assertThat(found).allSatisfy(optimum -> assertThat(optimum.warning()).isNotEmpty());
    }

    /** What leaves one out, lists one twice or changes the order is seen. */
    @Test
    void saboteurs() {
        Instance instance = seen();
        double[] all = sorted(instance);
        List<Optimum> found = instance.problem().cheapest(instance.costs(), instance.query(), 3);
        areTheCheapest(instance, all, found, 3);
        for (List<Optimum> wrong : List.of(
                List.of(found.get(0), found.get(2)),
                List.of(found.get(1), found.get(0), found.get(2)),
                List.of(found.get(0), found.get(1), found.get(1)))) {
            assertThatThrownBy(() -> areTheCheapest(instance, all, wrong, 3)).isInstanceOf(AssertionError.class);
        }
    }

    /** Three paths of costs 1, 2 and 3. */
    private static Instance seen() {
        List<Edge> edges = List.of(new Edge("p", "a", "b"), new Edge("q", "a", "b"), new Edge("r", "a", "b"));
        return new Instance("three", edges, new double[] {3, 1, 2}, new PathQuery("a", "b"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Costs.class,
            names = {"REAL", "UNIT", "TIED", "ZERO"})
    void equalAnotherLibrarys(Costs costs) {
        int compared = 0;
        for (Shape shape : Shape.values()) {
            for (int seed = 4; seed < 11; seed++) {
                Instance instance = withoutParallels(RandomDigraphs.of(shape, costs, seed));
                if (ShortestPathLaws.leastCost(instance).isEmpty()) {
                    continue;
                }
                double[] expected = new YenKShortestPath<>(ShortestPathLaws.jgrapht(instance))
                        .getPaths(instance.query().origin(), instance.query().destination(), K).stream()
                                .mapToDouble(GraphPath::getWeight)
                                .toArray();
                areTheCheapest(
                        instance, expected, instance.problem().cheapest(instance.costs(), instance.query(), K), K);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    /** The other library leaves out paths that differ in the choice among parallel edges alone. */
    private static Instance withoutParallels(Instance instance) {
        Set<List<String>> ends = new HashSet<>();
        List<Edge> edges = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        for (int e = 0; e < instance.costs().length; e++) {
            Edge edge = instance.edges().get(e);
            if (ends.add(List.of(edge.from(), edge.to()))) {
                edges.add(edge);
                costs.add(instance.costs()[e]);
            }
        }
        PathQuery open =
                new PathQuery(instance.query().origin(), instance.query().destination());
        return new Instance(
                instance.name(), edges, costs.stream().mapToDouble(w -> w).toArray(), open);
    }

    @Test
    void needsAtLeastOne() {
        Instance instance = seen();
        assertThatThrownBy(() -> instance.problem().cheapest(instance.costs(), instance.query(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cheapest: need k >= 1, got 0");
    }
}
