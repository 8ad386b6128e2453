package dev.stillpoint.zoo.polytope;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.data.Split;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Provenance;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.Optimum;
import dev.stillpoint.zoo.table.ContextColumns;
import dev.stillpoint.zoo.table.ContextRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** Models whose past contexts and decisions, or costs, come from the user's files, whatever the problem. */
public final class CostFiles {
    /** The stored training contexts. */
    static final String CONTEXTS_TENSOR = "trainingContexts";

    /** Steps an epoch, at least, of a small file: so few rows would otherwise see few steps. */
    private static final int LEAST_STEPS = 4;

    /** One row to train, one to validate, one to test. */
    private static final int LEAST_ROWS = 3;

    /** The past contexts. */
    public static final Setting<Optional<Path>> CONTEXTS =
            Setting.file("contexts", "past contexts: a row each, columns of numbers or categories");

    /** The past decisions. */
    public static final Setting<Optional<Path>> DECISIONS =
            Setting.file("decisions", "the decisions that were best: a row a context");

    /** The past costs. */
    public static final Setting<Optional<Path>> COSTS =
            Setting.file("costs", "in place of --decisions, what each variable cost: a row a context");

    private static final Setting<List<String>> CATEGORIES =
            Setting.names("categories", "columns of categories that look like numbers");
    private static final Setting<List<String>> IGNORE =
            Setting.names("ignore", "columns of the contexts that are not learned from");
    private static final Setting<Double> VALIDATE =
            Setting.number("validate-share", 0.15, 0, 0.9, "share of the file's rows that validate");
    private static final Setting<Double> TEST =
            Setting.number("test-share", 0.15, 0, 0.9, "share of the file's rows that test");

    private CostFiles() {}

    /** The settings that say what to read, in the order of the help. */
    public static List<Setting<?>> settings() {
        return List.of(CONTEXTS, DECISIONS, COSTS, CATEGORIES, IGNORE, VALIDATE, TEST);
    }

    /** The checks of these models. */
    public static List<String> checks() {
        return CostPredictor.CHECKS;
    }

    /** The past contexts. */
    public static CsvText contexts(Settings settings) {
        Path file = settings.get(CONTEXTS)
                .orElseThrow(() -> new IllegalArgumentException("--contexts: need a CSV file, got none"));
        return CsvText.read(file);
    }

    /**
     * Reads everything and prepares an untrained model.
     *
     * @param contexts the past contexts
     * @param files further files that the problem was read from, by what they are: for provenance
     * @throws DataException with the place of what cannot be used
     */
    public static <Q> Experiment prepare(
            Settings settings, Posing<Q> posing, CsvText contexts, Map<String, Path> files) {
        Split split = split(settings, contexts);
        ContextColumns columns = columns(settings, posing, contexts, split.train());
        Map<String, String> checksums = new LinkedHashMap<>();
        files.forEach((name, file) -> checksums.put(name, Provenance.sha256(file)));
        checksums.put("contexts", Provenance.sha256(contexts.file()));
        float[][] features = new float[contexts.size()][];
        List<Q> queries = new ArrayList<>();
        List<ContextRow> rows = ContextRow.all(contexts);
        for (int i = 0; i < features.length; i++) {
            features[i] = columns.encode(rows.get(i));
            queries.add(query(posing, rows.get(i)));
        }
        Optional<Path> decisions = settings.get(DECISIONS);
        Optional<Path> costs = settings.get(COSTS);
        if (decisions.isPresent() == costs.isPresent()) {
            throw new IllegalArgumentException(
                    "--decisions, --costs: need one of the two files, got " + (costs.isPresent() ? "both" : "neither"));
        }
        Path file = decisions.orElseGet(costs::get);
        CostData<Q> all = costs.isPresent()
                ? fromCosts(posing, contexts, features, queries, file)
                : fromDecisions(posing, contexts, features, queries, file);
        checksums.put(costs.isPresent() ? "costs" : "decisions", Provenance.sha256(file));
        TrainingData<Q> data = new TrainingData<>(
                all.select(split.train()), all.select(split.validate()), all.select(split.test()), checksums);
        CostModel<Q> model = CostModel.create(
                posing,
                columns,
                posing.unit(data.training().decisions()),
                CostSettings.network(settings),
                CostSettings.random(settings));
        int most = Math.max(1, (data.training().size() + LEAST_STEPS - 1) / LEAST_STEPS);
        return new CostExperiment<>(
                model, CostSettings.training(settings, posing.problem().matrix().columns(), most), data);
    }

    /**
     * A trained model.
     *
     * @param posing reads what {@link Posing#toJson} wrote
     */
    public static <Q> Predictor restore(
            Settings settings, SafeTensors stored, Certificates certificates, Function<JsonNode, Posing<Q>> posing) {
        CostModel<Q> model =
                CostModel.of(stored.metadata(), posing, CostSettings.network(settings), CostSettings.random(settings));
        Tensor contexts = stored.tensors().get(CONTEXTS_TENSOR);
        if (contexts == null) {
            throw new IllegalArgumentException("model: need tensor '" + CONTEXTS_TENSOR + "', got none");
        }
        Tensors.check("model: " + CONTEXTS_TENSOR, contexts, -1, model.columns().width());
        stored.copyInto("", model.network().state());
        return new CostPredictor<>(model, new NearestContext(Tensors.rows(contexts)), certificates);
    }

    private static Split split(Settings settings, CsvText contexts) {
        int rows = contexts.size();
        if (rows < LEAST_ROWS) {
            throw new DataException(
                    contexts.file(),
                    "need at least " + LEAST_ROWS + " rows, to train, to validate and to test, got " + rows);
        }
        int validate = Math.max(1, (int) Math.round(rows * settings.get(VALIDATE)));
        int test = Math.max(1, (int) Math.round(rows * settings.get(TEST)));
        int train = rows - validate - test;
        if (train < 1) {
            throw new IllegalArgumentException(
                    "--validate-share, --test-share: need shares that leave rows to train, got " + validate + " + "
                            + test + " of " + rows + " rows");
        }
        return settings.get(CostSettings.SPLIT).split(rows, train, validate, test);
    }

    private static ContextColumns columns(Settings settings, Posing<?> posing, CsvText contexts, int[] training) {
        List<String> names = new ArrayList<>(contexts.columns());
        for (Setting<List<String>> setting : List.of(IGNORE, CATEGORIES)) {
            for (String name : settings.get(setting)) {
                if (!contexts.has(name)) {
                    throw new IllegalArgumentException("--" + setting.name() + ": need columns of " + contexts.file()
                            + ", got " + DataException.quote(name));
                }
            }
        }
        names.removeAll(posing.columns());
        names.removeAll(settings.get(IGNORE));
        ContextColumns columns = ContextColumns.fit(contexts, names, new HashSet<>(settings.get(CATEGORIES)), training);
        if (columns.learned() == 0) {
            throw new DataException(
                    contexts.file(),
                    "need a column to learn from, whose values differ over the training rows, got "
                            + (names.isEmpty() ? "no other column" : names + " without differences"));
        }
        return columns;
    }

    private static <Q> Q query(Posing<Q> posing, ContextRow row) {
        Q query = posing.query(row);
        try {
            posing.requireFeasible(query);
            return query;
        } catch (InfeasibleException e) {
            throw row.refuse(String.valueOf(e.getMessage()));
        }
    }

    private static <Q> CostData<Q> fromDecisions(
            Posing<Q> posing, CsvText contexts, float[][] features, List<Q> queries, Path file) {
        CsvText table = CsvText.read(file);
        checkRows(file, table.size(), contexts);
        checkColumns(posing, file, table.columns(), posing.decisionColumns(table.columns()));
        float[][] decisions = new float[queries.size()][];
        for (int i = 0; i < decisions.length; i++) {
            ContextRow row = ContextRow.of(table, i);
            double[] x = posing.decision(row, queries.get(i));
            Optional<String> refusal = posing.refusal(x, queries.get(i));
            if (refusal.isPresent()) {
                throw row.refuse(refusal.get());
            }
            decisions[i] = CostData.floats(x);
        }
        return new CostData<>(features, queries, decisions, Optional.empty());
    }

    private static <Q> CostData<Q> fromCosts(
            Posing<Q> posing, CsvText contexts, float[][] features, List<Q> queries, Path file) {
        CsvTable table = CsvTable.read(file);
        checkRows(file, table.size(), contexts);
        checkColumns(posing, file, table.columns(), posing.variables());
        float[][] costs = table.floatRows(posing.variables());
        int n = posing.problem().variables().size();
        // Slack variables cost nothing.
        Arrays.setAll(costs, i -> Arrays.copyOf(costs[i], n));
        float[][] decisions = new float[costs.length][];
        double[] optimal = new double[costs.length];
        for (int i = 0; i < costs.length; i++) {
            try {
                Optimum best = posing.problem().minimise(CostData.doubles(costs[i]), queries.get(i));
                // A bound that is met proves the decision, whatever the oracle had to do.
                if (!CostPredictor.proved(best, costs[i])) {
                    throw table.refuse(i, "need costs with a least one, got: " + best.warning());
                }
                decisions[i] = CostData.floats(best.x());
                optimal[i] = best.value();
            } catch (InfeasibleException e) {
                throw table.refuse(i, String.valueOf(e.getMessage()));
            }
        }
        return new CostData<>(features, queries, decisions, Optional.of(new CostData.Truth(costs, optimal)));
    }

    private static void checkRows(Path file, int rows, CsvText contexts) {
        if (rows != contexts.size()) {
            throw new DataException(
                    file, "need " + contexts.size() + " rows, as many as " + contexts.file() + " has, got " + rows);
        }
    }

    /** A column that is none of those needed is most likely misspelt. */
    private static void checkColumns(Posing<?> posing, Path file, List<String> found, List<String> needed) {
        Set<String> known = new HashSet<>(needed);
        for (String column : found) {
            if (!known.contains(column)) {
                throw DataException.at(
                        file, 1, column, "need the name of " + posing.variable() + ", got another column");
            }
        }
    }
}
