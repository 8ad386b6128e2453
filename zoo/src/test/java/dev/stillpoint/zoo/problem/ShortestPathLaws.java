package dev.stillpoint.zoo.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.zoo.problem.RandomDigraphs.Instance;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.jgrapht.GraphPath;
import org.jgrapht.alg.shortestpath.BellmanFordShortestPath;
import org.jgrapht.alg.shortestpath.DijkstraShortestPath;
import org.jgrapht.graph.DirectedWeightedMultigraph;

/** What holds of a cheapest path, by means that know nothing of the oracle. */
final class ShortestPathLaws {
    /** Up to 2,000 additions in double, in another order. */
    static final double ROUNDING = 1e-12;

    private ShortestPathLaws() {}

    static double tolerance(double[] costs) {
        return ROUNDING * Math.max(1, Arrays.stream(costs).map(Math::abs).max().orElse(0));
    }

    static DirectedWeightedMultigraph<String, Edge> jgrapht(Instance instance) {
        DirectedWeightedMultigraph<String, Edge> graph = new DirectedWeightedMultigraph<>(Edge.class);
        Set<String> closed = new HashSet<>(instance.query().closed());
        for (int e = 0; e < instance.costs().length; e++) {
            Edge edge = instance.edges().get(e);
            graph.addVertex(edge.from());
            graph.addVertex(edge.to());
            if (!closed.contains(edge.name())) {
                graph.addEdge(edge.from(), edge.to(), edge);
                graph.setEdgeWeight(edge, instance.costs()[e]);
            }
        }
        return graph;
    }

    /** The least cost by another library; empty if there is no path. */
    static OptionalDouble leastCost(Instance instance) {
        DirectedWeightedMultigraph<String, Edge> graph = jgrapht(instance);
        String from = instance.query().origin();
        String to = instance.query().destination();
        boolean negative = Arrays.stream(instance.costs()).anyMatch(w -> w < 0);
        GraphPath<String, Edge> path = negative
                // Negative costs are multiples of 1/1024: sums are exact, and need no tolerance.
                ? new BellmanFordShortestPath<>(graph, 0).getPath(from, to)
                : new DijkstraShortestPath<>(graph).getPath(from, to);
        return path == null ? OptionalDouble.empty() : OptionalDouble.of(path.getWeight());
    }

    static void costsTheLeast(Instance instance, double least, Optimum optimum) {
        assertThat(optimum.value()).as("%s: cost", instance).isCloseTo(least, within(tolerance(instance.costs())));
    }

    /** The value is wᵀx, and the bound proves it. */
    static void isProvedOptimal(Instance instance, Optimum optimum) {
        double value = 0;
        double size = 1;
        for (int e = 0; e < instance.costs().length; e++) {
            value += instance.costs()[e] * optimum.x()[e];
            size += Math.abs(instance.costs()[e]);
        }
        assertThat(optimum.value()).as("%s: value", instance).isCloseTo(value, within(tolerance(instance.costs())));
        assertThat(optimum.gap()).as("%s: gap", instance).isCloseTo(0, within(ROUNDING * size));
        assertThat(optimum.warning()).as("%s: warning", instance).isEmpty();
    }

    /** x is 0 or 1, conserves flow, and all of it is one walk from origin to destination that repeats no node. */
    static void isAPath(Instance instance, double[] x) {
        Map<String, Integer> balance = new HashMap<>();
        Map<String, Edge> out = new HashMap<>();
        int taken = 0;
        for (int e = 0; e < x.length; e++) {
            Edge edge = instance.edges().get(e);
            assertThat(x[e]).as("%s: x", instance).isIn(0.0, 1.0);
            if (x[e] == 1) {
                assertThat(instance.query().closed())
                        .as("%s: closed edges", instance)
                        .doesNotContain(edge.name());
                balance.merge(edge.from(), -1, Integer::sum);
                balance.merge(edge.to(), 1, Integer::sum);
                out.put(edge.from(), edge);
                taken++;
            }
        }
        balance.values().removeIf(flow -> flow == 0);
        assertThat(balance)
                .as("%s: flow", instance)
                .isEqualTo(
                        Map.of(instance.query().origin(), -1, instance.query().destination(), 1));
        Set<String> seen = new HashSet<>(List.of(instance.query().origin()));
        String at = instance.query().origin();
        while (!at.equals(instance.query().destination())) {
            assertThat(out).as("%s: way on from %s", instance, at).containsKey(at);
            at = Objects.requireNonNull(out.get(at)).to();
            assertThat(seen.add(at)).as("%s: first visit of %s", instance, at).isTrue();
        }
        assertThat(taken).as("%s: edges beside the path", instance).isEqualTo(seen.size() - 1);
    }

    /** x lies in the polytope that the problem declares, exactly. */
    static void liesInThePolytope(Instance instance, ShortestPathProblem problem, double[] x) {
        assertThat(problem.matrix().multiply(x))
                .as("%s: Ax", instance)
                .containsExactly(problem.rightHandSide(instance.query()));
        double[] lower = problem.lower(instance.query());
        double[] upper = problem.upper(instance.query());
        for (int e = 0; e < x.length; e++) {
            assertThat(x[e]).as("%s: bounds", instance).isBetween(lower[e], upper[e]);
        }
    }
}
