package dev.stillpoint.zoo.polytope;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Evaluation;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.GradientProbe;
import dev.stillpoint.zoo.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Learning the costs of a problem from past rows, whatever the problem.
 *
 * @param <Q> what a row asks
 */
final class CostExperiment<Q> implements Experiment {
    /** Of the mean optimal cost: below it two decisions cost the same. */
    private static final double SAME_COST = 1e-6;

    /** Of the largest number of a decision: below it two decisions are the same. */
    private static final double SAME_DECISION = 1e-3;

    private final CostModel<Q> model;
    private final Problem<Q> problem;
    private final TrainingOptions options;
    private final TrainingData<Q> data;
    private final CostTask<Question, Instance> task;

    CostExperiment(CostModel<Q> model, TrainingOptions options, TrainingData<Q> data) {
        this.model = model;
        this.problem = model.posing().problem();
        this.options = options;
        this.data = data;
        this.task = CostRows.task(model, model.network(), data.training(), data.validation());
    }

    @Override
    public CostTask<Question, Instance> task() {
        return task;
    }

    @Override
    public TrainingOptions training() {
        return options;
    }

    @Override
    public Map<String, String> data() {
        return data.checksums();
    }

    @Override
    public Map<String, String> texts() {
        return model.texts();
    }

    /** The weights, and the training contexts that the distance certificate compares with. */
    @Override
    public Learnable stored() {
        Tensor contexts = TensorScope.persist(Tensors.of(data.training().features()));
        return new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                model.network().visit(visitor);
                visitor.buffer(CostFiles.CONTEXTS_TENSOR, contexts);
            }
        };
    }

    @Override
    public Optional<GradientProbe> probe() {
        int[] first = new int[Math.min(CostProbe.ROWS, data.training().size())];
        Arrays.setAll(first, i -> i);
        CostData<Q> rows = data.training().select(first);
        return Optional.of(new CostProbe<>(
                model.network(),
                task,
                network -> CostRows.task(model, network, rows, rows),
                CostNetwork.inferenceStop(problem.matrix()),
                first.length));
    }

    private NearestContext nearest() {
        return new NearestContext(data.training().features());
    }

    @Override
    public Certificates certify() {
        return CostPredictor.calibrate(model, nearest(), data.validation());
    }

    @Override
    public Evaluation evaluate(Certificates certificates) {
        CostData<Q> test = data.test();
        List<Decision> decisions = new ArrayList<>();
        double[] paid = new double[test.size()];
        double[] relaxed = new double[test.size()];
        int[] same = new int[test.size()];
        double[] distance = new double[test.size()];
        new CostPredictor<>(model, nearest(), certificates).decide(test.features(), test.queries(), d -> {
            int i = decisions.size();
            Decision decision = d.decision();
            if (test.truth().isPresent()) {
                paid[i] = test.paid(i, d.x());
                relaxed[i] = test.paid(i, CostData.doubles(decision.relaxed()));
            }
            same[i] = same(d.x(), test.decisions()[i]) ? 1 : 0;
            distance[i] = squares(decision.relaxed(), test.decisions()[i]);
            decisions.add(decision.withoutVectors());
        });
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (test.truth().isPresent()) {
            addRegrets(metrics, test, paid, relaxed);
        } else {
            metrics.put("accuracy", share(same));
            metrics.put("commonAccuracy", commonAccuracy(test));
        }
        metrics.put("relaxedDistance", Arrays.stream(distance).sum() / test.size());
        metrics.put(
                "maxViolation",
                decisions.stream().mapToDouble(Decision::violation).reduce(0, Math::max));
        metrics.put(
                "converged",
                decisions.stream().filter(d -> d.status() == Status.CONVERGED).count() / (double) test.size());
        List<List<Certificate>> labels =
                decisions.stream().map(Decision::certificates).toList();
        return new Evaluation(
                metrics,
                decisions.stream().mapToInt(Decision::steps).toArray(),
                decisions.stream().mapToDouble(Decision::residual).toArray(),
                labels,
                List.of());
    }

    private void addRegrets(Map<String, Double> metrics, CostData<Q> test, double[] paid, double[] relaxed) {
        CostData<Q> training = data.training();
        double[] optimal = test.costs().optimal();
        double mean = Arrays.stream(optimal).map(Math::abs).sum() / test.size();
        int[] best = new int[test.size()];
        Arrays.setAll(best, i -> paid[i] - optimal[i] <= SAME_COST * mean ? 1 : 0);
        float[][] seen = training.costs().costs();
        float[][] constant = new float[test.size()][];
        Arrays.fill(constant, mean(seen));
        int p = model.columns().learned();
        float[][] regressed =
                LeastSquares.fit(first(training.features(), p), seen).predict(first(test.features(), p));
        put(metrics, "normalizedRegret", "undecided", test.regret(paid));
        put(metrics, "twoStageRegret", "twoStageUndecided", test.regretOf(problem, regressed));
        put(metrics, "meanCostRegret", "meanCostUndecided", test.regretOf(problem, constant));
        metrics.put("relaxedRegret", test.regret(relaxed).normalised());
        metrics.put("accuracy", share(best));
    }

    /** The regret, and the rows that it leaves out where there are some. */
    static void put(Map<String, Double> metrics, String name, String left, CostData.Regret regret) {
        metrics.put(name, regret.normalised());
        if (regret.undecided() > 0) {
            metrics.put(left, regret.undecided());
        }
    }

    private boolean same(double[] x, float[] y) {
        for (int j = 0; j < x.length; j++) {
            // Written so that NaN is not the same.
            if (!(Math.abs(x[j] - y[j]) <= SAME_DECISION * model.unit())) {
                return false;
            }
        }
        return true;
    }

    private double squares(float[] x, float[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            double d = (x[j] - y[j]) / model.unit();
            sum += d * d / x.length;
        }
        return sum;
    }

    /** The share of test rows whose decision is the one that training rows have most often. */
    private double commonAccuracy(CostData<Q> test) {
        Map<List<Float>, Integer> counts = new HashMap<>();
        List<Float> common = List.of();
        for (float[] decision : data.training().decisions()) {
            List<Float> key = boxed(decision);
            if (counts.merge(key, 1, Integer::sum) > counts.getOrDefault(common, 0)) {
                common = key;
            }
        }
        int hits = 0;
        for (float[] decision : test.decisions()) {
            hits += boxed(decision).equals(common) ? 1 : 0;
        }
        return hits / (double) test.size();
    }

    private static List<Float> boxed(float[] v) {
        List<Float> boxed = new ArrayList<>(v.length);
        for (float each : v) {
            boxed.add(each);
        }
        return boxed;
    }

    private static double share(int[] hits) {
        return Arrays.stream(hits).sum() / (double) hits.length;
    }

    private static float[] mean(float[][] rows) {
        double[] sum = new double[rows[0].length];
        for (float[] row : rows) {
            for (int j = 0; j < sum.length; j++) {
                sum[j] += row[j];
            }
        }
        float[] mean = new float[sum.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = (float) (sum[j] / rows.length);
        }
        return mean;
    }

    private static float[][] first(float[][] rows, int p) {
        float[][] cut = new float[rows.length][];
        Arrays.setAll(cut, i -> Arrays.copyOf(rows[i], p));
        return cut;
    }
}
