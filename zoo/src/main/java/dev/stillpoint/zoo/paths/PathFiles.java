package dev.stillpoint.zoo.paths;

import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.polytope.CostFiles;
import dev.stillpoint.zoo.problem.Edge;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.PathQuery;
import dev.stillpoint.zoo.problem.ShortestPathProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code train paths --edges FILE}: the user's own graph. */
final class PathFiles {
    static final Setting<Optional<Path>> EDGES =
            Setting.file("edges", "edges of a graph of your own, columns from and to, a name if you like");
    private static final Setting<Optional<String>> FROM = Setting.word("from", "NODE", "node where all paths begin");
    private static final Setting<Optional<String>> TO = Setting.word("to", "NODE", "node where all paths end");
    private static final Setting<Optional<String>> FROM_COLUMN =
            Setting.word("from-column", "NAME", "in place of --from, the column of the contexts with the first node");
    private static final Setting<Optional<String>> TO_COLUMN =
            Setting.word("to-column", "NAME", "in place of --to, the column of the contexts with the last node");
    private static final Setting<Optional<String>> CLOSED_COLUMN =
            Setting.word("closed-column", "NAME", "column of the contexts with the edges that are closed, as A>B;B>C");

    private static final String FROM_NODE = "from";
    private static final String TO_NODE = "to";
    private static final String NAME = "name";

    private PathFiles() {}

    /** The settings that say what to read. */
    static List<Setting<?>> settings() {
        List<Setting<?>> settings = new ArrayList<>(List.of(EDGES, FROM, TO, FROM_COLUMN, TO_COLUMN, CLOSED_COLUMN));
        settings.addAll(CostFiles.settings());
        return settings;
    }

    /** The untrained model and its data. */
    static Experiment prepare(Settings settings) {
        Path file = settings.get(EDGES)
                .orElseThrow(() -> new IllegalArgumentException("--edges: need a CSV file, got none"));
        ShortestPathProblem graph = read(file);
        CsvText contexts = CostFiles.contexts(settings);
        PathPosing.Asked asked = new PathPosing.Asked(
                settings.get(FROM),
                settings.get(TO),
                settings.get(FROM_COLUMN),
                settings.get(TO_COLUMN),
                settings.get(CLOSED_COLUMN));
        checkEnd(file, graph, contexts, FROM, FROM_COLUMN, asked.from(), asked.fromColumn());
        checkEnd(file, graph, contexts, TO, TO_COLUMN, asked.to(), asked.toColumn());
        checkColumn(contexts, CLOSED_COLUMN, asked.closedColumn());
        if (asked.from().isPresent() && asked.to().isPresent()) {
            checkWay(file, graph, asked.from().get(), asked.to().get());
        }
        return CostFiles.prepare(settings, new PathPosing(graph, asked), contexts, Map.of("edges", file));
    }

    private static void checkEnd(
            Path file,
            ShortestPathProblem graph,
            CsvText contexts,
            Setting<?> end,
            Setting<?> column,
            Optional<String> node,
            Optional<String> name) {
        if (node.isPresent() == name.isPresent()) {
            throw new IllegalArgumentException("--" + end.name() + ", --" + column.name()
                    + ": need one of the two, got " + (node.isPresent() ? "both" : "neither"));
        }
        if (node.isPresent() && !graph.nodes().contains(node.get())) {
            throw new IllegalArgumentException(
                    "--" + end.name() + ": need a node of " + file + ", got " + DataException.quote(node.get()));
        }
        checkColumn(contexts, column, name);
    }

    private static void checkColumn(CsvText contexts, Setting<?> setting, Optional<String> name) {
        if (name.isPresent() && !contexts.has(name.get())) {
            throw new IllegalArgumentException("--" + setting.name() + ": need a column of " + contexts.file()
                    + ", got " + DataException.quote(name.get()));
        }
    }

    private static void checkWay(Path file, ShortestPathProblem graph, String from, String to) {
        try {
            graph.rightHandSide(new PathQuery(from, to));
        } catch (InfeasibleException e) {
            List<List<String>> parts = graph.parts();
            String apart = parts.size() == 1 ? "" : "; the graph is in " + parts.size() + " parts that no edge joins";
            throw new DataException(
                    file, "need a way from " + from + " to " + to + ", got " + e.getMessage() + apart, e);
        }
    }

    /**
     * Reads the edges: columns "from" and "to", and their names in "name", or else "from>to". Further columns are ignored.
     *
     * @throws DataException with the place of what cannot be used
     */
    static ShortestPathProblem read(Path file) {
        CsvText table = CsvText.read(file);
        List<Edge> edges = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < table.size(); i++) {
            String from = node(table, i, FROM_NODE);
            String to = node(table, i, TO_NODE);
            if (from.equals(to)) {
                throw table.refuse(
                        i, TO_NODE, "need another node than from, got " + DataException.quote(to) + " twice");
            }
            String name = table.has(NAME) ? table.word(i, NAME) : from + PathPosing.TO + to;
            if (name.contains(PathPosing.AND)) {
                throw table.refuse(
                        i,
                        table.has(NAME) ? NAME : FROM_NODE,
                        "need a name without '" + PathPosing.AND + "', got " + DataException.quote(name));
            }
            Integer before = seen.putIfAbsent(name, i);
            if (before != null) {
                throw table.refuse(
                        i,
                        "need every edge once, got " + DataException.quote(name) + " in line " + table.line(before)
                                + " too" + (table.has(NAME) ? "" : "; edges side by side need a column 'name'"));
            }
            edges.add(new Edge(name, from, to));
        }
        return ShortestPathProblem.of(edges);
    }

    private static String node(CsvText table, int row, String column) {
        String node = table.word(row, column);
        if (node.contains(PathPosing.TO)) {
            throw table.refuse(
                    row, column, "need a node without '" + PathPosing.TO + "', got " + DataException.quote(node));
        }
        return node;
    }
}
