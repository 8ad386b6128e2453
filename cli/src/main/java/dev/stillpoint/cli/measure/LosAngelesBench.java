package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import dev.stillpoint.zoo.polytope.Ridge;
import dev.stillpoint.zoo.problem.Edge;
import dev.stillpoint.zoo.table.ContextColumns;
import dev.stillpoint.zoo.table.ContextRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Shortest paths by tomorrow's travel times: networks trained through the decision, side by side with regressions and rules of
 * thumb, on rows later than all that any of them has seen.
 *
 * @param data the data folder
 * @param pairs of origin and destination, at least 1
 * @param adjoints in the notation of settings, at least one
 * @param seeds of initial weights and shuffling, at least one
 * @param settings of the application, beside those that say what to read
 */
public record LosAngelesBench(
        Path data, int pairs, List<String> adjoints, List<Long> seeds, Map<String, String> settings) {
    /** What needs no training, in the order of the table. */
    public static final List<String> FLOORS = List.of("ridge", "last week", "mean path");

    private static final double[] PENALTIES = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30};
    private static final int FOLDS = 4;
    /** Looks like a number, and is none. */
    private static final String WEEKDAY = "weekday";
    /** The months that test are none of those that train. */
    private static final String MONTH = "month";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One pair's regrets on the test rows, as shares of the best paths' times.
     *
     * @param from a node
     * @param to another
     * @param paths that were best on some training row
     * @param commonest the share of training rows on which the commonest of them was
     * @param seconds of the best path, mean of the test rows
     * @param trained by adjoint, one a seed
     * @param floors in the order of {@link #FLOORS}
     */
    public record Line(
            String from,
            String to,
            int paths,
            double commonest,
            double seconds,
            Map<String, double[]> trained,
            double[] floors) {
        /** The mean of an adjoint's regrets over the seeds. */
        public double mean(String adjoint) {
            return Statistics.mean(trained.getOrDefault(adjoint, new double[0]));
        }
    }

    /**
     * All of it.
     *
     * @param bench what was asked for
     * @param penalty of the ridge regression, as cross-validation chose it
     * @param trainingRows the first rows
     * @param testRows the last rows
     * @param lines one a pair
     */
    public record Result(LosAngelesBench bench, double penalty, int trainingRows, int testRows, List<Line> lines) {
        /** The mean of an adjoint's regrets over pairs and seeds. */
        public double mean(String adjoint) {
            return lines.stream()
                    .mapToDouble(line -> line.mean(adjoint))
                    .average()
                    .orElse(Double.NaN);
        }

        /** The mean of a floor's regrets over the pairs. */
        public double meanFloor(int floor) {
            return lines.stream()
                    .mapToDouble(line -> line.floors()[floor])
                    .average()
                    .orElse(Double.NaN);
        }

        /** Everything. */
        public ObjectNode toJson() {
            ObjectNode node = JSON.createObjectNode()
                    .put("trainingRows", trainingRows)
                    .put("testRows", testRows)
                    .put("ridgePenalty", penalty);
            bench.settings().forEach(node.putObject("settings")::put);
            bench.seeds().forEach(node.putArray("seeds")::add);
            ArrayNode all = node.putArray("pairs");
            for (Line line : lines) {
                ObjectNode pair = all.addObject()
                        .put("from", line.from())
                        .put("to", line.to())
                        .put("paths", line.paths())
                        .put("commonest", line.commonest())
                        .put("seconds", line.seconds());
                ObjectNode regret = pair.putObject("regret");
                line.trained()
                        .forEach((adjoint, values) -> Arrays.stream(values).forEach(regret.putArray(adjoint)::add));
                for (int f = 0; f < FLOORS.size(); f++) {
                    regret.put(FLOORS.get(f), line.floors()[f]);
                }
            }
            ObjectNode mean = node.putObject("mean");
            bench.adjoints().forEach(adjoint -> mean.put(adjoint, mean(adjoint)));
            for (int f = 0; f < FLOORS.size(); f++) {
                mean.put(FLOORS.get(f), meanFloor(f));
            }
            return node;
        }
    }

    /** Lines of progress. */
    public int parts() {
        return pairs * adjoints.size() * seeds.size();
    }

    /**
     * Fits, trains and compares.
     *
     * @param progress gets {@link #parts} lines
     */
    public Result run(Consumer<String> progress) {
        LosAngeles city = LosAngeles.read(data);
        int test = city.testFrom();
        float[][] features = features(city);
        float[][] known = Arrays.copyOf(features, test);
        float[][] knownTimes = Arrays.copyOf(city.times(), test);
        double penalty = Ridge.penalty(known, knownTimes, PENALTIES, FOLDS);
        Ridge ridge = Ridge.fit(known, knownTimes, penalty);
        float[][] week = city.lastWeek();
        float[] mean = city.mean(test);
        List<Line> lines = new ArrayList<>();
        Scratch.in(folder -> {
            Path edges = folder.resolve("edges.csv");
            writeEdges(edges, city);
            for (LosAngeles.Pair pair : city.pairs(pairs)) {
                Map<String, double[]> trained = new LinkedHashMap<>();
                for (String adjoint : adjoints) {
                    double[] regrets = new double[seeds.size()];
                    for (int s = 0; s < regrets.length; s++) {
                        Path run = folder.resolve("run-" + lines.size() + "-" + trained.size() + "-" + s);
                        regrets[s] = train(edges, pair, adjoint, seeds.get(s), run);
                        progress.accept(String.format(
                                java.util.Locale.ROOT,
                                "%s, %s, seed %d: regret %.2f %%",
                                pair.title(),
                                adjoint,
                                seeds.get(s),
                                100 * regrets[s]));
                    }
                    trained.put(adjoint, regrets);
                }
                double seconds = 0;
                for (int i = test; i < city.rows(); i++) {
                    seconds += city.graph()
                                    .minimise(LosAngeles.doubles(city.times()[i]), pair.query())
                                    .value()
                            / (city.rows() - test);
                }
                lines.add(new Line(
                        pair.from(), pair.to(), pair.paths(), pair.commonest(), seconds, trained, new double[] {
                            city.regret(pair.query(), test, city.rows(), i -> ridge.predict(features[i])),
                            city.regret(pair.query(), test, city.rows(), i -> week[i]),
                            city.regret(pair.query(), test, city.rows(), i -> mean)
                        }));
            }
        });
        return new Result(this, penalty, city.validateFrom(), city.rows() - test, lines);
    }

    /** The features that vary over the training rows, as the application makes them. */
    private static float[][] features(LosAngeles city) {
        List<String> names = new ArrayList<>(city.contexts().columns());
        names.remove(MONTH);
        int[] training = new int[city.validateFrom()];
        Arrays.setAll(training, i -> i);
        ContextColumns columns = ContextColumns.fit(city.contexts(), names, Set.of(WEEKDAY), training);
        List<ContextRow> rows = ContextRow.all(city.contexts());
        float[][] features = new float[rows.size()][];
        Arrays.setAll(features, i -> Arrays.copyOf(columns.encode(rows.get(i)), columns.learned()));
        return features;
    }

    private double train(Path edges, LosAngeles.Pair pair, String adjoint, long seed, Path run) {
        Application paths = Application.named("paths");
        Path folder = data.resolve(LosAngeles.FOLDER);
        Map<String, String> texts = new LinkedHashMap<>(settings);
        texts.putAll(Map.of(
                "edges", edges.toString(),
                "contexts", folder.resolve("X.csv").toString(),
                "costs", folder.resolve("Y.csv").toString(),
                "from", pair.from(),
                "to", pair.to(),
                "split", "order",
                "validate-share", Double.toString(LosAngeles.VALIDATE_SHARE),
                "test-share", Double.toString(LosAngeles.TEST_SHARE),
                "categories", WEEKDAY,
                "ignore", MONTH));
        texts.put("adjoint", adjoint);
        texts.put("seed", Long.toString(seed));
        return TrainingRun.create(paths, Settings.of(paths.settings(), texts), run, 1)
                .train(TrainingListener.NONE)
                .evaluation()
                .metrics()
                .getOrDefault("normalizedRegret", Double.NaN);
    }

    private static void writeEdges(Path file, LosAngeles city) {
        List<List<String>> rows = new ArrayList<>();
        for (Edge edge : city.graph().edges()) {
            rows.add(List.of(edge.name(), edge.from(), edge.to()));
        }
        CsvTable.writeText(file, List.of("name", "from", "to"), rows);
    }
}
