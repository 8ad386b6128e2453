package dev.stillpoint.zoo.signals;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Provenance;
import dev.stillpoint.train.Task;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Evaluation;
import dev.stillpoint.zoo.Experiment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** The model on generated signals: 1,000 rows to validate and calibrate, 1,000 to test, the others to train. */
final class SignalExperiment implements Experiment {
    static final int VALIDATE = 1_000;
    static final int TEST = 1_000;

    private final ImplicitNetwork<Tensor, SignalContext> network;
    private final TrainingOptions options;
    private final SignalData all;
    private final SignalData validation;
    private final SignalData test;
    private final SignalTask task;

    SignalExperiment(ImplicitNetwork<Tensor, SignalContext> network, TrainingOptions options, SignalData all) {
        this.network = network;
        this.options = options;
        this.all = all;
        int training = all.size() - VALIDATE - TEST;
        this.validation = all.rows(training, training + VALIDATE);
        this.test = all.rows(training + VALIDATE, all.size());
        this.task = new SignalTask(network, all.rows(0, training), validation);
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
        return Map.of("signals and measurements", Provenance.sha256(all.signals(), all.measured()));
    }

    /** The dictionary, and A. */
    @Override
    public Learnable stored() {
        double[] flat =
                Arrays.stream(all.measurement()).flatMapToDouble(Arrays::stream).toArray();
        Tensor a = TensorScope.persist(Tensors.of(flat, SignalData.MEASUREMENTS, SignalData.LENGTH));
        return new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                network.visit(visitor);
                visitor.buffer("measurement", a);
            }
        };
    }

    @Override
    public Certificates certify() {
        return SignalPredictor.calibrated(all.measurement(), network, validation.measured())
                .certificates();
    }

    @Override
    public Evaluation evaluate(Certificates certificates) {
        SignalPredictor predictor = new SignalPredictor(all.measurement(), network, certificates);
        int rows = test.size();
        float[][] recovered = new float[rows][];
        int[] steps = new int[rows];
        double[] residual = new double[rows];
        List<List<Certificate>> labels = new ArrayList<>();
        int[] converged = {0};
        predictor.infer(test.measured(), d -> {
            int i = labels.size();
            recovered[i] = d.relaxed();
            steps[i] = d.steps();
            residual[i] = d.residual();
            converged[0] += d.status() == Status.CONVERGED ? 1 : 0;
            labels.add(d.certificates());
        });
        float[][] leastSquares = FourSignals.leastSquares(all.measurement(), test.measured());
        float[][] wrong = new float[rows][];
        Arrays.setAll(wrong, i -> test.signals()[(i + 1) % rows]);
        List<List<Certificate>> ofLeastSquares = predictor.judge(leastSquares, test.measured());
        List<List<Certificate>> ofWrong = predictor.judge(wrong, test.measured());
        List<List<Certificate>> ofTrue = predictor.judge(test.signals(), test.measured());
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("testLoss", squared(recovered));
        metrics.put("relativeError", Math.sqrt(squared(recovered) / squared(new float[rows][SignalData.LENGTH])));
        metrics.put("meanFidelity", values(labels, 1).average().orElseThrow());
        metrics.put("maxFidelity", values(labels, 1).max().orElseThrow());
        metrics.put("meanSparsity", values(labels, 0).average().orElseThrow());
        metrics.put("passing", share(labels, Label.PASS, 0, 1));
        metrics.put("trueSignalsPassing", share(ofTrue, Label.PASS, 0, 1));
        metrics.put("leastSquaresLoss", squared(leastSquares));
        metrics.put("leastSquaresSparsity", values(ofLeastSquares, 0).average().orElseThrow());
        metrics.put("leastSquaresFailingSparsity", share(ofLeastSquares, Label.FAIL, 0));
        metrics.put("wrongSignalsFailingFidelity", share(ofWrong, Label.FAIL, 1));
        metrics.put("converged", converged[0] / (double) rows);
        return new Evaluation(metrics, steps, residual, labels, FourSignals.drawn(test, 0, recovered[0], predictor));
    }

    /** ‖x − x*‖² a number. */
    private double squared(float[][] signals) {
        double sum = 0;
        for (int i = 0; i < signals.length; i++) {
            for (int j = 0; j < signals[i].length; j++) {
                double off = signals[i][j] - test.signals()[i][j];
                sum += off * off;
            }
        }
        return sum / signals.length / SignalData.LENGTH;
    }

    private static java.util.stream.DoubleStream values(List<List<Certificate>> labels, int check) {
        return labels.stream().mapToDouble(row -> row.get(check).value());
    }

    /** Rows of which all these checks have that label. */
    private static double share(List<List<Certificate>> labels, Label label, int... checks) {
        return labels.stream()
                        .filter(row -> Arrays.stream(checks)
                                .allMatch(check -> row.get(check).label() == label))
                        .count()
                / (double) labels.size();
    }
}
