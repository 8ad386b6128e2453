package dev.stillpoint.cli.measure;

import dev.stillpoint.data.CsvTable;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import dev.stillpoint.zoo.problem.Edge;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.Optimum;
import dev.stillpoint.zoo.problem.PathQuery;
import dev.stillpoint.zoo.problem.ShortestPathProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Travel times in downtown Los Angeles: a row a period, five periods a day, days in time order. The graph is that of the
 * columns' names, {@code Y_originA_destinationB}.
 *
 * @param contexts X.csv
 * @param times seconds, [rows, edges], of Y.csv
 * @param graph the edges, named as the columns of Y.csv
 */
record LosAngeles(CsvText contexts, float[][] times, ShortestPathProblem graph) {
    /** The folder that holds both files, within the data folder. */
    static final String FOLDER = "paths/uber_la";

    /** Of the days, as dealt in their order: the rest trains. */
    static final double VALIDATE_SHARE = 0.2;

    static final double TEST_SHARE = 0.2;

    /** Of the training rows, at most, on which one path is the best. */
    private static final double COMMONEST = 0.75;

    private static final Pattern COLUMN = Pattern.compile("Y_origin([0-9]+)_destination([0-9]+)");

    /**
     * Two ends between which the best path changes.
     *
     * @param from a node
     * @param to another
     * @param paths that were best on some training row
     * @param commonest the share of training rows on which the commonest of them was
     * @param meanRegret of the path of least mean time, on the training rows
     */
    record Pair(String from, String to, int paths, double commonest, double meanRegret) {
        PathQuery query() {
            return new PathQuery(from, to);
        }

        String title() {
            return from + " to " + to;
        }
    }

    /**
     * Reads both files.
     *
     * @param data the data folder
     * @throws DataException with the place of what cannot be used
     */
    static LosAngeles read(Path data) {
        Path folder = data.resolve(FOLDER);
        Path file = folder.resolve("Y.csv");
        for (Path needed : List.of(file, folder.resolve("X.csv"))) {
            if (!Files.isRegularFile(needed)) {
                throw new DataException(needed, "need this file of travel times, got none");
            }
        }
        CsvTable table = CsvTable.read(file);
        List<Edge> edges = new ArrayList<>();
        for (String column : table.columns()) {
            Matcher ends = COLUMN.matcher(column);
            if (!ends.matches()) {
                throw new DataException(
                        file, "need columns Y_originA_destinationB, got " + DataException.quote(column));
            }
            edges.add(new Edge(column, ends.group(1), ends.group(2)));
        }
        CsvText contexts = CsvText.read(folder.resolve("X.csv"));
        if (contexts.size() != table.size()) {
            throw new DataException(file, "need as many rows as X.csv, " + contexts.size() + ", got " + table.size());
        }
        ShortestPathProblem graph = ShortestPathProblem.of(edges);
        return new LosAngeles(contexts, table.floatRows(graph.variables()), graph);
    }

    int rows() {
        return times.length;
    }

    /** The first row that tests. */
    int testFrom() {
        return rows() - (int) Math.round(rows() * TEST_SHARE);
    }

    /** The first row that validates. */
    int validateFrom() {
        return testFrom() - (int) Math.round(rows() * VALIDATE_SHARE);
    }

    /** Travel times of the same period a week before each row, as the contexts have them, [rows, edges]. */
    float[][] lastWeek() {
        List<String> names = graph.variables();
        float[][] week = new float[rows()][names.size()];
        for (int e = 0; e < names.size(); e++) {
            String column = "lag7_" + names.get(e).substring("Y_".length());
            for (int i = 0; i < week.length; i++) {
                week[i][e] = (float) contexts.number(i, column);
            }
        }
        return week;
    }

    /** The mean of the rows before {@code to}, [edges]. */
    float[] mean(int to) {
        double[] sum = new double[times[0].length];
        for (int i = 0; i < to; i++) {
            for (int e = 0; e < sum.length; e++) {
                sum[e] += times[i][e];
            }
        }
        float[] mean = new float[sum.length];
        for (int e = 0; e < mean.length; e++) {
            mean[e] = (float) (sum[e] / to);
        }
        return mean;
    }

    /**
     * Σ (cᵀx̂ − cᵀx*) / Σ cᵀx* over rows, for the shortest paths under other times.
     *
     * @param predicted of a row by its number
     */
    double regret(PathQuery query, int from, int to, java.util.function.IntFunction<float[]> predicted) {
        double excess = 0;
        double scale = 0;
        for (int i = from; i < to; i++) {
            double optimal = graph.minimise(doubles(times[i]), query).value();
            double[] x = graph.minimise(doubles(predicted.apply(i)), query).x();
            double paid = 0;
            for (int e = 0; e < x.length; e++) {
                paid += x[e] * times[i][e];
            }
            excess += paid - optimal;
            scale += optimal;
        }
        return excess / scale;
    }

    /**
     * The pairs with real alternatives, judged on training rows alone: two paths without a common edge, no path best on more
     * than three rows of four; of these by the regret of the mean path, the largest first, no node twice as an origin or twice
     * as a destination.
     */
    List<Pair> pairs(int count) {
        float[] mean = mean(validateFrom());
        List<Pair> candidates = new ArrayList<>();
        for (String from : graph.nodes()) {
            for (String to : graph.nodes()) {
                if (!from.equals(to) && hasTwoWays(mean, new PathQuery(from, to))) {
                    Pair pair = pair(mean, from, to);
                    if (pair.commonest() <= COMMONEST) {
                        candidates.add(pair);
                    }
                }
            }
        }
        candidates.sort(Comparator.comparingDouble(Pair::meanRegret).reversed());
        List<Pair> chosen = new ArrayList<>();
        Set<String> origins = new HashSet<>();
        Set<String> destinations = new HashSet<>();
        for (Pair pair : candidates) {
            boolean fresh = !origins.contains(pair.from()) && !destinations.contains(pair.to());
            if (fresh && chosen.size() < count) {
                origins.add(pair.from());
                destinations.add(pair.to());
                chosen.add(pair);
            }
        }
        return chosen;
    }

    /** Whether there is a way without any edge of the path of least mean time. */
    private boolean hasTwoWays(float[] mean, PathQuery query) {
        try {
            double[] x = graph.minimise(doubles(mean), query).x();
            List<String> used = new ArrayList<>();
            for (int e = 0; e < x.length; e++) {
                if (x[e] > 0) {
                    used.add(graph.variables().get(e));
                }
            }
            graph.minimise(doubles(mean), new PathQuery(query.origin(), query.destination(), used));
            return true;
        } catch (InfeasibleException e) {
            return false;
        }
    }

    private Pair pair(float[] mean, String from, String to) {
        PathQuery query = new PathQuery(from, to);
        int rows = validateFrom();
        Map<String, Integer> counts = new HashMap<>();
        double[] usual = graph.minimise(doubles(mean), query).x();
        double excess = 0;
        double scale = 0;
        for (int i = 0; i < rows; i++) {
            double[] c = doubles(times[i]);
            Optimum best = graph.minimise(c, query);
            counts.merge(Arrays.toString(best.x()), 1, Integer::sum);
            double paid = 0;
            for (int e = 0; e < c.length; e++) {
                paid += c[e] * usual[e];
            }
            excess += paid - best.value();
            scale += best.value();
        }
        int most = counts.values().stream().mapToInt(n -> n).max().orElse(0);
        return new Pair(from, to, counts.size(), most / (double) rows, excess / scale);
    }

    static double[] doubles(float[] v) {
        double[] wide = new double[v.length];
        for (int j = 0; j < v.length; j++) {
            wide[j] = v[j];
        }
        return wide;
    }
}
