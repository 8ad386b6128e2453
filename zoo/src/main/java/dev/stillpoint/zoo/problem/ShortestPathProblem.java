package dev.stillpoint.zoo.problem;

import static dev.stillpoint.zoo.problem.NameList.some;

import dev.stillpoint.kernel.SparseMatrix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The path of least cost from an origin to a destination in any directed graph: {x : Ax = b, 0 ≤ x ≤ u} with A the incidence
 * matrix (−1 where an edge leaves, +1 where it enters), b −1 at the origin and +1 at the destination, and u 1 on the edges
 * that a path can use, else 0: those closed, those on no way from origin to destination, those into the origin or out of
 * the destination. Two nodes may have several edges, each with its own name.
 *
 * <pre>{@code
 * ShortestPathProblem roads = ShortestPathProblem.of(List.of(
 *         new Edge("bridge", "A", "B"), new Edge("ferry", "A", "C"), new Edge("lane", "C", "B")));
 * PathQuery query = new PathQuery("A", "B");
 * Optimum best = roads.minimise(new double[] {5, 1, 2}, query);
 * roads.route(best.x(), query).edges(); // [ferry, lane]
 * }</pre>
 *
 * <p>Costs may be negative. Every decision visits no node twice, also where a cycle costs nothing. <b>Where a cycle costs less
 * than nothing</b> there is no least cost over walks, and the cheapest path without repetition is NP-hard: in the strongly
 * connected part of the graph that has such a cycle, negative costs are raised to 0, {@link Optimum#warning} names the
 * cycle, and value and bound are those of the costs as they were given, so that the gap shows what may have been lost.
 * Predicted times or prices that should never be negative lose nothing by this.
 *
 * <p>The bound is that of the linear program at the costs to go, and equals the value up to rounding where there is no
 * warning. O(E) without cycles, O(E + N log N) for costs that are not negative, O(N·E) at worst.
 */
public final class ShortestPathProblem implements Problem<PathQuery> {
    /** So that no sum overflows. */
    private static final double LARGEST_COST = 1e300;

    private final List<Edge> edges;
    private final List<String> names;
    private final List<String> nodes;
    private final Map<String, Integer> edgeNumber = new HashMap<>();
    private final Map<String, Integer> nodeNumber = new HashMap<>();
    private final Digraph graph;
    private final SparseMatrix incidence;

    private ShortestPathProblem(List<Edge> edges) {
        this.edges = List.copyOf(edges);
        List<String> found = new ArrayList<>();
        int count = edges.size();
        int[] tail = new int[count];
        int[] head = new int[count];
        int[] row = new int[Math.multiplyExact(2, count)];
        int[] column = new int[row.length];
        double[] sign = new double[row.length];
        for (int e = 0; e < count; e++) {
            Edge edge = edges.get(e);
            Integer before = edgeNumber.put(edge.name(), e);
            if (before != null) {
                throw new IllegalArgumentException("ShortestPathProblem: need a name for each edge, got " + edge.name()
                        + " for edges " + (before + 1) + " and " + (e + 1));
            }
            tail[e] = number(edge.from(), found);
            head[e] = number(edge.to(), found);
            row[2 * e] = tail[e];
            row[2 * e + 1] = head[e];
            column[2 * e] = e;
            column[2 * e + 1] = e;
            sign[2 * e] = -1;
            sign[2 * e + 1] = 1;
        }
        this.nodes = List.copyOf(found);
        this.names = this.edges.stream().map(Edge::name).toList();
        this.graph = new Digraph(nodes.size(), tail, head);
        this.incidence = SparseMatrix.ofTriplets(nodes.size(), count, row, column, sign);
    }

    private int number(String node, List<String> found) {
        Integer known = nodeNumber.putIfAbsent(node, found.size());
        if (known != null) {
            return known;
        }
        found.add(node);
        return found.size() - 1;
    }

    /**
     * The paths of a graph.
     *
     * @param edges in the order of the variables; nodes are numbered as they first appear
     * @throws IllegalArgumentException for no edges, or two of one name
     */
    public static ShortestPathProblem of(List<Edge> edges) {
        if (edges.isEmpty()) {
            throw new IllegalArgumentException("ShortestPathProblem: need edges, got none");
        }
        return new ShortestPathProblem(edges);
    }

    /** {@return the edges, in the order of the variables} */
    public List<Edge> edges() {
        return edges;
    }

    /** {@return the nodes' names, in the order of A's rows} */
    public List<String> nodes() {
        return nodes;
    }

    /**
     * The parts of the graph that no edge joins, in the order of their first nodes: one list of nodes if it is connected.
     *
     * @return lists of nodes, in the order of {@link #nodes}
     */
    public List<List<String>> parts() {
        List<List<String>> parts = new ArrayList<>();
        int[] part = graph.parts();
        for (int v = 0; v < part.length; v++) {
            if (part[v] == parts.size()) {
                parts.add(new ArrayList<>());
            }
            parts.get(part[v]).add(nodes.get(v));
        }
        return parts;
    }

    @Override
    public List<String> variables() {
        return names;
    }

    @Override
    public SparseMatrix matrix() {
        return incidence;
    }

    @Override
    public double[] rightHandSide(PathQuery query) {
        Ends ends = ends(query);
        double[] b = new double[graph.nodes];
        b[ends.origin] = -1;
        b[ends.destination] = 1;
        return b;
    }

    @Override
    public double[] lower(PathQuery query) {
        ends(query);
        return new double[graph.edges()];
    }

    @Override
    public double[] upper(PathQuery query) {
        return upper(ends(query).usable);
    }

    private static double[] upper(boolean[] usable) {
        double[] upper = new double[usable.length];
        for (int e = 0; e < upper.length; e++) {
            upper[e] = usable[e] ? 1 : 0;
        }
        return upper;
    }

    @Override
    public Optimum minimise(double[] costs, PathQuery query) {
        requireCosts(costs);
        Ends ends = ends(query);
        CostsToGo toGo = CostsToGo.of(graph, ends.usable, costs, ends.origin, ends.destination);
        return optimum(toGo.path(ends.origin), costs, bound(costs, ends, toGo), warning(costs, toGo));
    }

    /**
     * The cheapest paths that visit no node twice, cheapest first up to rounding, {@link #minimise}'s first. Where that gives
     * a warning, the order is that of the raised costs. About k·N searches at worst, which head for the destination.
     *
     * @param costs w, [n], finite
     * @param k at least 1
     * @return k paths, or all if there are fewer; each with the bound of the cheapest
     * @throws IllegalArgumentException for k below 1, and as {@link #minimise}
     * @throws InfeasibleException if there is no path
     */
    public List<Optimum> cheapest(double[] costs, PathQuery query, int k) {
        if (k < 1) {
            throw new IllegalArgumentException("cheapest: need k >= 1, got " + k);
        }
        requireCosts(costs);
        Ends ends = ends(query);
        CostsToGo toGo = CostsToGo.of(graph, ends.usable, costs, ends.origin, ends.destination);
        double bound = bound(costs, ends, toGo);
        String warning = warning(costs, toGo);
        List<int[]> paths = new KShortestPaths(graph, ends.usable, toGo, ends.origin, ends.destination)
                .find(toGo.path(ends.origin), k);
        return paths.stream().map(path -> optimum(path, costs, bound, warning)).toList();
    }

    private Optimum optimum(int[] path, double[] costs, double bound, String warning) {
        double[] x = new double[costs.length];
        double value = 0;
        for (int e : path) {
            x[e] = 1;
            value += costs[e];
        }
        return new Optimum(x, value, bound, warning);
    }

    /** {@link Optimum#dualBound} for the multipliers −V, in one loop. */
    private double bound(double[] costs, Ends ends, CostsToGo toGo) {
        double bound = toGo.cost[ends.origin];
        for (int e = 0; e < costs.length; e++) {
            if (ends.usable[e]) {
                bound += Math.min(costs[e] + toGo.cost[graph.head[e]] - toGo.cost[graph.tail[e]], 0);
            }
        }
        return bound;
    }

    private String warning(double[] costs, CostsToGo toGo) {
        if (toGo.cycle.length == 0) {
            return "";
        }
        double sum = 0;
        List<String> around = new ArrayList<>();
        for (int e : toGo.cycle) {
            sum += costs[e];
            around.add(edges.get(e).from());
        }
        around.add(around.get(0));
        return "the cycle " + some(around, " -> ") + " costs " + sum
                + ": negative costs in its part of the graph count as 0";
    }

    /**
     * What path a decision is.
     *
     * @param x [n], 0 and 1 up to 1e-6
     * @return its nodes and edges, in order
     * @throws IllegalArgumentException saying how x is not a path from origin to destination over open edges
     * @throws InfeasibleException if there is no path
     */
    public Route route(double[] x, PathQuery query) {
        requireLength("route", x);
        Ends ends = ends(query);
        return new RouteReader(graph, nodes, names).read(x, ends.origin, ends.destination, ends.closed);
    }

    private void requireCosts(double[] costs) {
        requireLength("costs", costs);
        for (int e = 0; e < costs.length; e++) {
            if (!(Math.abs(costs[e]) <= LARGEST_COST)) {
                throw new IllegalArgumentException(
                        "costs: need numbers up to " + LARGEST_COST + ", got " + costs[e] + " at edge " + names.get(e));
            }
        }
    }

    private void requireLength(String what, double[] x) {
        if (x.length != names.size()) {
            throw new IllegalArgumentException(what + ": need " + names.size() + " edges, got " + x.length);
        }
    }

    private record Ends(int origin, int destination, int[] closed, boolean[] usable) {}

    private Ends ends(PathQuery query) {
        int origin = node(query.origin(), "origin");
        int destination = node(query.destination(), "destination");
        int[] closed = new int[query.closed().size()];
        for (int i = 0; i < closed.length; i++) {
            Integer e = edgeNumber.get(query.closed().get(i));
            if (e == null) {
                throw new IllegalArgumentException(
                        "closed: the graph has no edge " + query.closed().get(i));
            }
            closed[i] = e;
        }
        if (origin == destination) {
            throw new InfeasibleException("need two nodes, got " + query.origin() + " for origin and destination");
        }
        Reach reach = Reach.of(graph, origin, destination, closed);
        if (!reach.forward[destination]) {
            throw new InfeasibleException("no way from " + query.origin() + " to " + query.destination()
                    + (closed.length > 0 ? " with " + some(query.closed(), ", ") + " closed" : "") + ": "
                    + query.origin() + " gets to " + others(reach.forward, origin) + ", and " + query.destination()
                    + " is reached from " + others(reach.backward, destination));
        }
        return new Ends(origin, destination, closed, reach.usable);
    }

    private int node(String name, String what) {
        Integer node = nodeNumber.get(name);
        if (node == null) {
            throw new IllegalArgumentException(what + ": the graph has no node " + name);
        }
        return node;
    }

    private String others(boolean[] reached, int self) {
        List<String> found = new ArrayList<>();
        for (int v = 0; v < reached.length; v++) {
            if (reached[v] && v != self) {
                found.add(nodes.get(v));
            }
        }
        return found.isEmpty() ? "no other node" : some(found, ", ");
    }
}
