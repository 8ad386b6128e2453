package dev.stillpoint.zoo.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Each mistake is named in the user's words. */
class ShortestPathErrorsTest {
    private static final ShortestPathProblem ROADS = ShortestPathProblem.of(List.of(
            new Edge("ab", "A", "B"),
            new Edge("bc", "B", "C"),
            new Edge("cb", "C", "B"),
            new Edge("cd", "C", "D"),
            new Edge("xy", "X", "Y")));
    private static final PathQuery TO_D = new PathQuery("A", "D");

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static void assertInfeasible(PathQuery query, String message) {
        List<ThrowingCallable> calls = List.of(
                () -> ROADS.minimise(new double[5], query),
                () -> ROADS.cheapest(new double[5], query, 2),
                () -> ROADS.rightHandSide(query),
                () -> ROADS.lower(query),
                () -> ROADS.upper(query),
                () -> ROADS.route(new double[5], query));
        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call)
                .isInstanceOf(InfeasibleException.class)
                .hasMessage(message));
    }

    @Test
    void edges() {
        assertRefused(() -> ShortestPathProblem.of(List.of()), "ShortestPathProblem: need edges, got none");
        assertRefused(
                () -> ShortestPathProblem.of(List.of(new Edge("e", "a", "b"), new Edge("e", "b", "c"))),
                "ShortestPathProblem: need a name for each edge, got e for edges 1 and 2");
        assertRefused(() -> new Edge("e", "a", "a"), "Edge: need two nodes, got e from a to itself");
        assertRefused(() -> new Edge(" ", "a", "b"), "Edge: need a name and two nodes, got \" \" from \"a\" to \"b\"");
    }

    @Test
    void queries() {
        assertRefused(() -> ROADS.minimise(new double[5], new PathQuery("E", "A")), "origin: the graph has no node E");
        assertRefused(
                () -> ROADS.minimise(new double[5], new PathQuery("A", "E")), "destination: the graph has no node E");
        assertRefused(() -> ROADS.upper(new PathQuery("A", "B", List.of("zz"))), "closed: the graph has no edge zz");
    }

    @Test
    void noWay() {
        assertInfeasible(new PathQuery("A", "A"), "need two nodes, got A for origin and destination");
        assertInfeasible(new PathQuery("A", "Y"), "no way from A to Y: A gets to B, C, D, and Y is reached from X");
        assertInfeasible(
                new PathQuery("D", "A"),
                "no way from D to A: D gets to no other node, and A is reached from no other node");
        assertInfeasible(
                new PathQuery("A", "D", List.of("bc", "xy")),
                "no way from A to D with bc, xy closed: A gets to B, and D is reached from C");
    }

    @Test
    void longListsAreCut() {
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            edges.add(new Edge("e" + i, "a", "n" + i));
        }
        edges.add(new Edge("out", "z", "y"));
        assertThatThrownBy(() -> ShortestPathProblem.of(edges).upper(new PathQuery("a", "z")))
                .hasMessage("no way from a to z: a gets to n0, n1, n2, n3, n4, n5, n6, n7, ... (12 more),"
                        + " and z is reached from no other node");
    }

    @Test
    void costs() {
        assertRefused(() -> ROADS.minimise(new double[4], TO_D), "costs: need 5 edges, got 4");
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1e301}) {
            assertRefused(
                    () -> ROADS.minimise(new double[] {0, 0, bad, 0, 0}, TO_D),
                    "costs: need numbers up to 1.0E300, got " + bad + " at edge cb");
        }
        assertThat(ROADS.minimise(new double[] {1e300, 1e300, 1e300, 1e300, 1e300}, TO_D)
                        .value())
                .isEqualTo(3e300);
    }

    @Test
    void routes() {
        assertThat(ROADS.route(new double[] {1, 1, 0, 1, 0}, TO_D))
                .isEqualTo(new Route(List.of("A", "B", "C", "D"), List.of("ab", "bc", "cd")));
        assertThat(ROADS.route(new double[] {1 - 1e-7, 1, 1e-7, 1, -1e-7}, TO_D).edges())
                .containsExactly("ab", "bc", "cd");
        assertNoRoute("route: need 5 edges, got 3", 1, 1, 1);
        assertNoRoute("edge bc: need 0 or 1, got 0.5", 1, 0.5, 0, 1, 0);
        assertNoRoute("edge ab: need 0 or 1, got NaN", Double.NaN, 1, 0, 1, 0);
        assertNoRoute("need one edge from A, got none", 0, 1, 0, 1, 0);
        assertNoRoute("need one edge from C, got cb and cd", 1, 1, 1, 1, 0);
        assertNoRoute("need a path that visits no node twice, got A -> B -> C -> B", 1, 1, 1, 0, 0);
        assertNoRoute("need a path and no other edges, got A -> B -> C -> D and beside it xy", 1, 1, 0, 1, 1);
        assertRefused(
                () -> ShortestPathProblem.of(List.of(new Edge("p", "a", "b"), new Edge("q", "a", "b")))
                        .route(new double[] {1, 0}, new PathQuery("a", "b", List.of("p"))),
                "edge p: need 0 where it is closed, got 1.0");
    }

    private static void assertNoRoute(String message, double... x) {
        assertRefused(() -> ROADS.route(x, TO_D), message);
    }
}
