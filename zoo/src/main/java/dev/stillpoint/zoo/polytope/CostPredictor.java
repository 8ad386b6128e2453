package dev.stillpoint.zoo.polytope;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.solver.SolveStats;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Inquiry;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.Optimum;
import dev.stillpoint.zoo.problem.Problem;
import dev.stillpoint.zoo.table.ContextRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Decides by the exact oracle under the predicted costs, and certifies the decision and the relaxed solution behind it.
 *
 * @param <Q> what a row asks
 */
final class CostPredictor<Q> implements Predictor {
    /** The names of the checks, in the order of their values. */
    static final List<String> CHECKS = List.of("constraints", "residual", "context", "optimality");

    /** Of the size of a decision's cost: far above what rounding leaves between an optimum and its bound, far below what matters. */
    static final double OPTIMAL = 1e-6;

    private final CostModel<Q> model;
    private final Problem<Q> problem;
    /** From predicted costs to relaxed solutions. */
    private final ImplicitNetwork<Instance, Instance> network;

    private final NearestContext training;
    private final Certificates certificates;
    private final int best;

    CostPredictor(CostModel<Q> model, NearestContext training, Certificates certificates) {
        this(model, relaxed(model, training), training, certificates, 1);
    }

    private CostPredictor(
            CostModel<Q> model,
            ImplicitNetwork<Instance, Instance> network,
            NearestContext training,
            Certificates certificates,
            int best) {
        this.model = model;
        this.problem = model.posing().problem();
        this.network = network;
        this.training = training;
        this.certificates = certificates;
        this.best = best;
    }

    /** From costs to relaxed solutions, beginning at that of the mean context where all rows share a polytope. */
    private static <Q> ImplicitNetwork<Instance, Instance> relaxed(CostModel<Q> model, NearestContext training) {
        Posing<Q> posing = model.posing();
        ImplicitNetwork<Question, Instance> trained = CostNetwork.forInference(
                model.network(), CostNetwork.inferenceStop(posing.problem().matrix()));
        ImplicitNetwork<Instance, Instance> relaxed = new ImplicitNetwork<>(
                costs -> costs, trained.operator(), trained.start(), trained.solver(), trained.adjoint());
        if (posing.ownRightHandSide() || posing.ownBounds()) {
            return relaxed;
        }
        try (TensorScope scope = TensorScope.open()) {
            return CostNetwork.startingAt(relaxed, predict(model, new float[][] {training.mean()}));
        }
    }

    /** Checks calibrated on these rows. */
    static <Q> Certificates calibrate(CostModel<Q> model, NearestContext training, CostData<Q> rows) {
        List<HardLimit> none = CHECKS.stream()
                .map(name -> new HardLimit(name, Double.MAX_VALUE))
                .toList();
        List<double[]> values = new ArrayList<>();
        new CostPredictor<>(model, training, new Certificates(List.copyOf(none)))
                .decide(rows.features(), rows.queries(), d -> values.add(d.values()));
        return new Certificates(List.of(
                new HardLimit(CHECKS.get(0), CostNetwork.FEASIBLE),
                Quantile.of(CHECKS.get(1), finite(values, 1)),
                Quantile.of(CHECKS.get(2), finite(values, 2)),
                new HardLimit(CHECKS.get(3), OPTIMAL)));
    }

    /** What is finite of the rows' values; rows without one must not make the check lenient. */
    private static double[] finite(List<double[]> values, int check) {
        double[] finite = values.stream()
                .mapToDouble(v -> v[check])
                .filter(Double::isFinite)
                .toArray();
        // Without any, nothing but the best value passes.
        return finite.length > 0 ? finite : new double[] {0};
    }

    /** From the nearest training context; infinite where no training context could be near. */
    private double distance(float[] context) {
        return model.columns().unseen(context) ? Double.POSITIVE_INFINITY : training.distance(context);
    }

    @Override
    public List<String> inputs() {
        List<String> names = new ArrayList<>(model.columns().names());
        names.addAll(model.posing().columns());
        return List.copyOf(names);
    }

    @Override
    public Predictor withBest(int count) {
        // Refused now rather than in the middle of an output.
        model.posing().requireBest(count);
        return new CostPredictor<>(model, network, training, certificates, count);
    }

    @Override
    public void infer(float[][] contexts, Consumer<Decision> taker) {
        if (!model.columns().allNumbers() || !model.posing().columns().isEmpty()) {
            throw new IllegalArgumentException("Model: need contexts by name, since not all of " + inputs()
                    + " are numbers: infer(Map.of(...)), got numbers alone");
        }
        // NaN is a number that is not known: the status says so, as for other models.
        float[][] features = new float[contexts.length][];
        Arrays.setAll(features, i -> model.columns().encode(contexts[i]));
        inquiry(
                        features,
                        IntStream.range(0, contexts.length)
                                .mapToObj(i -> ContextRow.of(Map.of(), "context " + i))
                                .toList())
                .answer(taker);
    }

    @Override
    public Inquiry read(Path input) {
        return inquiry(ContextRow.all(CsvText.read(input)));
    }

    @Override
    public Inquiry inquire(List<? extends Map<String, ?>> contexts) {
        return inquiry(IntStream.range(0, contexts.size())
                .mapToObj(i -> ContextRow.of(contexts.get(i), "context " + i))
                .toList());
    }

    /** Everything is read before anything is decided. */
    private Inquiry inquiry(List<ContextRow> rows) {
        float[][] features = new float[rows.size()][];
        Arrays.setAll(features, i -> model.columns().encode(rows.get(i)));
        return inquiry(features, rows);
    }

    private Inquiry inquiry(float[][] features, List<ContextRow> rows) {
        List<Q> queries = rows.stream().map(model.posing()::query).toList();
        return Predictor.inquiry(features.length, taker -> {
            int[] row = {0};
            decide(features, queries, d -> {
                Decision decision = d.decision();
                String note = decision.details().getOrDefault(Decision.NOTE, "");
                String place = note.isEmpty()
                        ? ""
                        : String.valueOf(rows.get(row[0]).refuse(note).getMessage());
                row[0]++;
                taker.accept(place.isEmpty() ? decision : decision.withDetail(Decision.NOTE, place));
            });
        });
    }

    /**
     * A decision with its exact vector.
     *
     * @param x [n], NaN where there is none
     * @param values of the checks
     */
    record Decided(Decision decision, double[] x, double[] values) {}

    /** Decides for encoded contexts, in order. */
    void decide(float[][] features, List<Q> queries, Consumer<Decided> taker) {
        int rows = CostNetwork.chunk(problem.matrix().columns());
        for (int from = 0; from < features.length; from += rows) {
            int to = Math.min(features.length, from + rows);
            decideChunk(Arrays.copyOfRange(features, from, to), queries.subList(from, to), taker);
        }
    }

    /**
     * What the oracle says of a row.
     *
     * @param found the best decisions; none where there is none
     * @param note why, or what to mind
     * @param possible whether there are decisions under other costs
     */
    private record Answer(List<Optimum> found, String note, boolean possible) {}

    private void decideChunk(float[][] features, List<Q> queries, Consumer<Decided> taker) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor predicted = predict(model, features).costs();
            float[][] costs = Tensors.rows(predicted);
            List<Answer> answers = new ArrayList<>();
            // A row that has no decision at all takes no part in the solve.
            int[] solvable = new int[features.length];
            int count = 0;
            for (int i = 0; i < features.length; i++) {
                answers.add(ask(costs[i], queries.get(i)));
                if (answers.get(i).possible) {
                    solvable[count++] = i;
                }
            }
            if (count == 0) {
                for (int i = 0; i < features.length; i++) {
                    taker.accept(none(answers.get(i).note, features[i]));
                }
                return;
            }
            Inference<Instance> inference = network.infer(instance(predicted, Arrays.copyOf(solvable, count), queries));
            float[][] relaxed = Tensors.rows(inference.x());
            for (int i = 0, next = 0; i < features.length; i++) {
                Answer answer = answers.get(i);
                taker.accept(
                        answer.possible
                                ? decided(
                                        features[i], queries.get(i), costs[i], answer, relaxed[next], inference, next++)
                                : none(answer.note, features[i]));
            }
        }
    }

    /** The costs alone: all that the features say. */
    private static Instance predict(CostModel<?> model, float[][] features) {
        Tensor nothing = Tensors.zeros(ScalarType.Float, features.length, 0);
        Tensor learned = Tensors.of(features).narrow(1, 0, model.columns().learned());
        try (NoGradGuard offTape = new NoGradGuard()) {
            return model.network().encoder().encode(new Question(learned, nothing, nothing, nothing));
        }
    }

    private Instance instance(Tensor costs, int[] rows, List<Q> queries) {
        List<Q> asked = new ArrayList<>();
        for (int row : rows) {
            asked.add(queries.get(row));
        }
        Tensor chosen = rows.length == queries.size()
                ? costs
                : costs.index_select(
                        0, Tensors.of(Arrays.stream(rows).asLongStream().toArray()));
        return CostNetwork.instance(model.posing(), model.unit(), chosen, asked);
    }

    private Answer ask(float[] costs, Q query) {
        try {
            if (!CostNetwork.finite(costs)) {
                model.posing().requireFeasible(query);
                return new Answer(
                        List.of(),
                        "need finite costs under the model, got others: this context is too far from those of training",
                        true);
            }
            double[] w = CostData.doubles(costs);
            List<Optimum> found = best > 1 ? model.posing().best(best, w, query) : List.of(problem.minimise(w, query));
            return new Answer(found, found.get(0).warning(), true);
        } catch (InfeasibleException e) {
            return new Answer(List.of(), String.valueOf(e.getMessage()), feasible(query));
        }
    }

    private boolean feasible(Q query) {
        try {
            model.posing().requireFeasible(query);
            return true;
        } catch (InfeasibleException e) {
            return false;
        }
    }

    /** Whether a decision's bound leaves no more than rounding. */
    static boolean proved(Optimum decision, float[] costs) {
        return decision.gap() <= OPTIMAL * size(decision.x(), costs);
    }

    private Decided decided(
            float[] context,
            Q query,
            float[] costs,
            Answer answer,
            float[] relaxed,
            Inference<Instance> inference,
            int i) {
        SolveStats stats = inference.solution().stats();
        double unit = model.unit();
        float[] solution = relaxed.clone();
        for (int j = 0; j < solution.length; j++) {
            solution[j] *= (float) unit;
        }
        List<Optimum> found = answer.found;
        double[] x = found.isEmpty() ? nothing() : found.get(0).x();
        double value = found.isEmpty() ? Double.NaN : found.get(0).value();
        double gap = found.isEmpty() ? Double.NaN : found.get(0).gap();
        double residual = stats.residual()[i] / stats.threshold()[i];
        double violation = inference.violation()[i] * unit;
        double[] b = problem.rightHandSide(query);
        double[] values = {
            // Math.max keeps NaN.
            Math.max(violation, violation(x, b, query)) / scale(b),
            Double.isNaN(residual) ? Double.NaN : Math.max(1, residual),
            distance(context),
            found.isEmpty() ? Double.NaN : Math.max(0, gap) / size(x, costs)
        };
        Decision decision = new Decision(
                found.isEmpty() ? "" : model.posing().text(x, query),
                CostData.floats(x),
                solution,
                value,
                details(found, query, gap, answer.note),
                inference.solution().status()[i],
                stats.steps()[i],
                stats.residual()[i],
                violation,
                certificates.judge(values));
        return new Decided(decision, x, values);
    }

    /** A row that has no decision. */
    private Decided none(String why, float[] context) {
        double[] values = {Double.NaN, Double.NaN, distance(context), Double.NaN};
        Map<String, String> details = new LinkedHashMap<>();
        model.posing().detailColumns().forEach(name -> details.put(name, ""));
        addGap(details, Double.NaN, List.of());
        details.put(Decision.NOTE, why);
        Decision decision = new Decision(
                "",
                CostData.floats(nothing()),
                CostData.floats(nothing()),
                Double.NaN,
                details,
                Status.NON_FINITE,
                0,
                Double.NaN,
                Double.NaN,
                certificates.judge(values));
        return new Decided(decision, nothing(), values);
    }

    private double[] nothing() {
        double[] nothing = new double[problem.matrix().columns()];
        Arrays.fill(nothing, Double.NaN);
        return nothing;
    }

    private Map<String, String> details(List<Optimum> found, Q query, double gap, String note) {
        Map<String, String> details = new LinkedHashMap<>();
        List<String> names = model.posing().detailColumns();
        List<String> cells = found.isEmpty()
                ? List.of()
                : model.posing().details(found.get(0).x(), query);
        for (int k = 0; k < names.size(); k++) {
            details.put(names.get(k), cells.isEmpty() ? "" : cells.get(k));
        }
        List<String> next = new ArrayList<>();
        for (int k = 1; k < found.size(); k++) {
            next.add(model.posing().text(found.get(k).x(), query));
            next.add(Double.toString(found.get(k).value()));
        }
        addGap(details, gap, next);
        details.put(Decision.NOTE, note);
        return details;
    }

    private void addGap(Map<String, String> details, double gap, List<String> next) {
        // What rounding leaves below zero is no distance.
        details.put("gap", Double.toString(Double.isNaN(gap) ? gap : Math.max(0, gap)));
        for (int k = 1; k < best; k++) {
            boolean there = next.size() >= 2 * k;
            details.put("decision_" + (k + 1), there ? next.get(2 * k - 2) : "");
            details.put("objective_" + (k + 1), there ? next.get(2 * k - 1) : "");
        }
    }

    /** The largest absolute constraint residual of a decision. */
    private double violation(double[] x, double[] b, Q query) {
        SparseMatrix a = problem.matrix();
        double[] ax = a.multiply(x);
        double[] lower = problem.lower(query);
        double[] upper = problem.upper(query);
        double worst = 0;
        for (int i = 0; i < b.length; i++) {
            worst = Math.max(worst, Math.abs(ax[i] - b[i]));
        }
        for (int j = 0; j < x.length; j++) {
            worst = Math.max(worst, Math.max(lower[j] - x[j], x[j] - upper[j]));
        }
        return worst;
    }

    /** What the constraints' violation is measured by: the size of their right-hand sides, at least that of decisions. */
    private double scale(double[] b) {
        double largest = model.unit();
        for (double v : b) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    /** Σ |wⱼxⱼ|, what the gap is measured by; of costs without size any gap counts. */
    private static double size(double[] x, float[] w) {
        double sum = Float.MIN_NORMAL;
        for (int j = 0; j < x.length; j++) {
            sum += Math.abs(w[j] * x[j]);
        }
        return sum;
    }
}
