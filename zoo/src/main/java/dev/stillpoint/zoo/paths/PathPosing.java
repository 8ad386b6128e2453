package dev.stillpoint.zoo.paths;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.zoo.polytope.Posing;
import dev.stillpoint.zoo.problem.Edge;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.Optimum;
import dev.stillpoint.zoo.problem.PathQuery;
import dev.stillpoint.zoo.problem.Problem;
import dev.stillpoint.zoo.problem.Route;
import dev.stillpoint.zoo.problem.ShortestPathProblem;
import dev.stillpoint.zoo.table.ContextRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Paths in a graph of the user's: origin and destination the same for all rows or columns of the contexts, closed edges perhaps
 * a column of theirs. A path is written "A>C>D", edges "A>C;C>D".
 *
 * <p>Where the ends are a row's own, the relaxed flow may use every edge (0 ≤ x ≤ 1), so that all rows share their bounds; where
 * closed edges are, u = 0 there, and the general loop runs in place of the kernels.
 */
final class PathPosing implements Posing<PathQuery> {
    /** Between the nodes of a path. */
    static final String TO = ">";

    /** Between the edges of a list. */
    static final String AND = ";";

    /** The column of a decisions' file that holds whole paths. */
    static final String PATH = "path";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ShortestPathProblem problem;
    private final Asked asked;
    private final Set<String> nodes;
    private final Map<String, Integer> edgeNumber = new HashMap<>();
    private final Map<String, List<Edge>> between = new HashMap<>();

    /**
     * Where a row's query comes from: an end's name, or else the column of the contexts that has it.
     *
     * @param from the origin of all rows
     * @param to the destination of all rows
     * @param fromColumn has the origins, where {@code from} is empty
     * @param toColumn has the destinations, where {@code to} is empty
     * @param closedColumn has the closed edges, where there are any
     */
    record Asked(
            Optional<String> from,
            Optional<String> to,
            Optional<String> fromColumn,
            Optional<String> toColumn,
            Optional<String> closedColumn) {}

    PathPosing(ShortestPathProblem problem, Asked asked) {
        this.problem = problem;
        this.asked = asked;
        this.nodes = new HashSet<>(problem.nodes());
        for (int e = 0; e < problem.edges().size(); e++) {
            Edge edge = problem.edges().get(e);
            edgeNumber.put(edge.name(), e);
            between.computeIfAbsent(edge.from() + TO + edge.to(), k -> new ArrayList<>())
                    .add(edge);
        }
    }

    @Override
    public Problem<PathQuery> problem() {
        return problem;
    }

    @Override
    public String variable() {
        return "an edge";
    }

    @Override
    public List<String> variables() {
        return problem.variables();
    }

    @Override
    public List<String> columns() {
        List<String> columns = new ArrayList<>();
        asked.fromColumn.ifPresent(columns::add);
        asked.toColumn.ifPresent(columns::add);
        asked.closedColumn.ifPresent(columns::add);
        return columns;
    }

    @Override
    public PathQuery query(ContextRow row) {
        List<String> closed = new ArrayList<>();
        if (asked.closedColumn.isPresent()) {
            String column = asked.closedColumn.get();
            for (String name : row.cell(column).split(AND, -1)) {
                if (!name.isBlank()) {
                    closed.add(edge(row, column, name.strip()).name());
                }
            }
        }
        return new PathQuery(end(row, asked.from, asked.fromColumn), end(row, asked.to, asked.toColumn), closed);
    }

    private String end(ContextRow row, Optional<String> name, Optional<String> column) {
        if (name.isPresent()) {
            return name.get();
        }
        String from = column.orElseThrow(() -> new IllegalStateException("PathPosing: an end has a name or a column"));
        String node = row.word(from);
        if (!nodes.contains(node)) {
            throw row.refuse(from, "need a node of the graph, got " + DataException.quote(node));
        }
        return node;
    }

    private Edge edge(ContextRow row, String column, String name) {
        Integer number = edgeNumber.get(name);
        if (number == null) {
            throw row.refuse(column, "need edges of the graph, got " + DataException.quote(name));
        }
        return problem.edges().get(number);
    }

    @Override
    public void requireFeasible(PathQuery query) {
        problem.rightHandSide(query);
    }

    @Override
    public boolean ownRightHandSide() {
        return asked.from.isEmpty() || asked.to.isEmpty();
    }

    @Override
    public double[] rightHandSide() {
        return problem.rightHandSide(shared());
    }

    private PathQuery shared() {
        return new PathQuery(asked.from.orElseThrow(), asked.to.orElseThrow());
    }

    @Override
    public boolean ownBounds() {
        return asked.closedColumn.isPresent();
    }

    @Override
    public double[] lower() {
        return new double[problem.edges().size()];
    }

    @Override
    public double[] upper() {
        if (!ownRightHandSide()) {
            return problem.upper(shared());
        }
        double[] one = new double[problem.edges().size()];
        Arrays.fill(one, 1);
        return one;
    }

    @Override
    public boolean quickOracle() {
        return true;
    }

    @Override
    public List<String> decisionColumns(List<String> found) {
        return found.contains(PATH) && !edgeNumber.containsKey(PATH) ? List.of(PATH) : problem.variables();
    }

    /** A row with a path in column "path", or a 0 or 1 in the column of each edge. */
    @Override
    public double[] decision(ContextRow row, PathQuery query) {
        double[] x = new double[problem.edges().size()];
        if (row.has(PATH) && !edgeNumber.containsKey(PATH)) {
            String[] path = row.word(PATH).split(TO, -1);
            for (int i = 0; i < path.length; i++) {
                path[i] = path[i].strip();
                if (!nodes.contains(path[i])) {
                    throw row.refuse(PATH, "need nodes of the graph, got " + DataException.quote(path[i]));
                }
            }
            for (int i = 1; i < path.length; i++) {
                x[number(row, path[i - 1], path[i])]++;
            }
            return x;
        }
        for (int e = 0; e < x.length; e++) {
            String name = problem.edges().get(e).name();
            x[e] = row.number(name);
            if (x[e] != 0 && x[e] != 1) {
                throw row.refuse(name, "need 0 or 1, got " + row.cell(name));
            }
        }
        return x;
    }

    private int number(ContextRow row, String from, String to) {
        List<Edge> edges = between.getOrDefault(from + TO + to, List.of());
        if (edges.size() != 1) {
            throw row.refuse(
                    PATH,
                    "need one edge from " + from + " to " + to + ", got "
                            + (edges.isEmpty()
                                    ? "none in the graph"
                                    : edges.size() + ": say which, by a column for each edge"));
        }
        Integer number = edgeNumber.get(edges.get(0).name());
        if (number == null) {
            throw new AssertionError("every edge has a number");
        }
        return number;
    }

    @Override
    public Optional<String> refusal(double[] x, PathQuery query) {
        try {
            problem.route(x, query);
            return Optional.empty();
        } catch (IllegalArgumentException | InfeasibleException e) {
            return Optional.of("need a path from " + query.origin() + " to " + query.destination()
                    + ", got one of which: " + e.getMessage());
        }
    }

    @Override
    public double unit(float[][] decisions) {
        return 1;
    }

    @Override
    public String text(double[] x, PathQuery query) {
        return String.join(TO, problem.route(x, query).nodes());
    }

    @Override
    public List<String> detailColumns() {
        return List.of("edges");
    }

    @Override
    public List<String> details(double[] x, PathQuery query) {
        Route route = problem.route(x, query);
        return List.of(String.join(AND, route.edges()));
    }

    @Override
    public void requireBest(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("--k-best: need a whole number >= 1, got " + count);
        }
    }

    @Override
    public List<Optimum> best(int count, double[] costs, PathQuery query) {
        return problem.cheapest(costs, query, count);
    }

    @Override
    public JsonNode toJson() {
        ObjectNode node = JSON.createObjectNode();
        ArrayNode edges = node.putArray("edges");
        for (Edge edge : problem.edges()) {
            edges.addArray().add(edge.name()).add(edge.from()).add(edge.to());
        }
        asked.from.ifPresent(v -> node.put("from", v));
        asked.to.ifPresent(v -> node.put("to", v));
        asked.fromColumn.ifPresent(v -> node.put("fromColumn", v));
        asked.toColumn.ifPresent(v -> node.put("toColumn", v));
        asked.closedColumn.ifPresent(v -> node.put("closedColumn", v));
        return node;
    }

    /**
     * The reverse of {@link #toJson}.
     *
     * @throws IllegalArgumentException if the text is not what that wrote
     */
    static PathPosing fromJson(JsonNode node) {
        List<Edge> edges = new ArrayList<>();
        for (JsonNode edge : node.path("edges")) {
            edges.add(new Edge(
                    edge.path(0).asText(), edge.path(1).asText(), edge.path(2).asText()));
        }
        Asked asked = new Asked(
                text(node, "from"),
                text(node, "to"),
                text(node, "fromColumn"),
                text(node, "toColumn"),
                text(node, "closedColumn"));
        if ((asked.from.isEmpty() && asked.fromColumn.isEmpty()) || (asked.to.isEmpty() && asked.toColumn.isEmpty())) {
            throw new IllegalArgumentException("model: need both ends of the paths, got " + asked);
        }
        return new PathPosing(ShortestPathProblem.of(edges), asked);
    }

    private static Optional<String> text(JsonNode node, String name) {
        return node.path(name).isTextual() ? Optional.of(node.path(name).asText()) : Optional.empty();
    }
}
