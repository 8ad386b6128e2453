package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.data.Split;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Provenance;
import dev.stillpoint.train.Task;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Evaluation;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.GradientProbe;
import dev.stillpoint.zoo.polytope.CostSettings;
import dev.stillpoint.zoo.polytope.LeastSquares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Shortest paths on PyEPO's synthetic data: 200 rows to validate, 200 to test, the others to train. */
final class PathExperiment implements Experiment {
    static final int VALIDATE = 200;
    static final int TEST = 200;

    private final ImplicitNetwork<Tensor, Rows> network;
    private final TrainingOptions options;
    private final PathData all;
    private final PathData training;
    private final PathData validation;
    private final PathData test;
    private final PathGenerator generator;
    private final Split split;
    private final PathTask task;

    PathExperiment(
            ImplicitNetwork<Tensor, Rows> network,
            TrainingOptions options,
            PathGenerator generator,
            CostSettings.Dealer dealer) {
        this.network = network;
        this.options = options;
        this.all = generator.generate();
        this.generator = generator;
        this.split = dealer.split(all.size(), all.size() - VALIDATE - TEST, VALIDATE, TEST);
        this.training = all.select(split.train());
        this.validation = all.select(split.validate());
        this.test = all.select(split.test());
        this.task = new PathTask(network, training, validation);
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public TrainingOptions training() {
        return options;
    }

    @Override
    public Map<String, String> data() {
        return Map.of("contexts and costs", Provenance.sha256(all.contexts(), all.costs()));
    }

    @Override
    public Learnable stored() {
        return stored(network, Tensors.of(training.contexts()));
    }

    /** The weights, and the training contexts that the distance certificate compares with. */
    static Learnable stored(ImplicitNetwork<Tensor, Rows> network, Tensor contexts) {
        Tensor kept = TensorScope.persist(contexts);
        return new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                network.visit(visitor);
                visitor.buffer("trainingContexts", kept);
            }
        };
    }

    @Override
    public Optional<GradientProbe> probe() {
        return Optional.of(new PathProbe(network, training, task));
    }

    @Override
    public Certificates certify() {
        return PathPredictor.calibrated(
                        training.grid(), network, new NearestContext(training.contexts()), validation.contexts())
                .certificates();
    }

    @Override
    public Evaluation evaluate(Certificates certificates) {
        PathPredictor predictor =
                new PathPredictor(test.grid(), network, new NearestContext(training.contexts()), certificates);
        ShortestPath oracle = new ShortestPath(test.grid());
        int rows = test.size();
        double[] chosen = new double[rows];
        double[] relaxed = new double[rows];
        double[] decoded = new double[rows];
        int[] steps = new int[rows];
        double[] residual = new double[rows];
        double[] violation = new double[rows];
        int[] converged = new int[rows];
        List<List<Certificate>> labels = new ArrayList<>();
        // What the decisions cost is kept, not the decisions: each has two numbers an arc.
        predictor.infer(test.contexts(), d -> {
            int i = labels.size();
            chosen[i] = Regret.paid(d.chosen(), test, i);
            relaxed[i] = oracle.cost(test.costs()[i], d.relaxed());
            decoded[i] = Regret.paid(oracle.decode(d.relaxed()), test, i);
            steps[i] = d.steps();
            residual[i] = d.residual();
            violation[i] = d.violation();
            converged[i] = d.status() == Status.CONVERGED ? 1 : 0;
            labels.add(d.certificates());
        });
        Regret decision = Regret.ofPaid("evaluate", chosen, test);
        double floor =
                Regret.ofCosts(generator.noiseFreeCosts(split.test()), test).normalised();
        double twoStage = Regret.ofCosts(
                        LeastSquares.fit(training.contexts(), training.costs()).predict(test.contexts()), test)
                .normalised();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("normalizedRegret", decision.normalised());
        metrics.put("noiseFloor", floor);
        metrics.put("regretOverFloor", decision.normalised() / floor);
        metrics.put("twoStageRegret", twoStage);
        metrics.put("decodedRegret", Regret.ofPaid("evaluate", decoded, test).normalised());
        metrics.put("relaxedRegret", Regret.relaxed(relaxed, test));
        metrics.put("accuracy", decision.accuracy());
        metrics.put("maxViolation", Arrays.stream(violation).reduce(0, Math::max));
        metrics.put("converged", Arrays.stream(converged).sum() / (double) rows);
        return new Evaluation(metrics, steps, residual, labels, GridDrawing.examples(test, chosen, predictor));
    }
}
