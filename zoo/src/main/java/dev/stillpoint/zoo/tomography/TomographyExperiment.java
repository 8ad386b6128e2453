package dev.stillpoint.zoo.tomography;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Provenance;
import dev.stillpoint.train.Task;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Evaluation;
import dev.stillpoint.zoo.Experiment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** One method with its data: calibrated on training images of chests, judged on the test patients' slices. */
final class TomographyExperiment implements Experiment {
    /** Training inferences whose properties the checks are calibrated on. */
    static final int CALIBRATION = 100;

    private final Method method;
    private final Task task;
    private final TrainingOptions options;
    private final TomographyData data;
    private final Optional<ConstrainedNetwork> reference;
    private final double fidelity;

    /**
     * An experiment.
     *
     * @param method with the weights that the task trains
     * @param task its training
     * @param options how it trains
     * @param data on what
     * @param reference the method's regulariser, where it has one
     * @param fidelity the largest ‖Ax − d‖/‖d‖ that counts as faithful
     */
    TomographyExperiment(
            Method method,
            Task task,
            TrainingOptions options,
            TomographyData data,
            Optional<ConstrainedNetwork> reference,
            double fidelity) {
        this.method = method;
        this.task = task;
        this.options = options;
        this.data = data;
        this.reference = reference;
        this.fidelity = fidelity;
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
        Map<String, String> sums = new LinkedHashMap<>();
        sums.put("training images and measurements", sha256(data.train()));
        sums.put("validation images and measurements", sha256(data.validate()));
        sums.put("test images and measurements", sha256(data.test()));
        return sums;
    }

    private static String sha256(Scans scans) {
        return Provenance.sha256(Tensors.rows(scans.images()), Tensors.rows(scans.data()));
    }

    @Override
    public Learnable stored() {
        return method.weights();
    }

    private ImageChecks checks() {
        return new ImageChecks(data.scanner(), reference);
    }

    @Override
    public Certificates certify() {
        int[] rows = calibrationRows(data.train().size());
        Method.Answers answers = new Method.Answers(rows.length);
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (int k = 0; k < rows.length; k++) {
                try (TensorScope each = TensorScope.open()) {
                    Tensor d = data.train().data().narrow(0, rows[k], 1);
                    answers.put(
                            k,
                            task instanceof WarmTask warm
                                    ? method.answer(d, warm.trainingStates(rows[k], rows[k] + 1))
                                    : method.answer(d));
                }
            }
            Tensor d = data.train()
                    .data()
                    .index_select(
                            0, Tensors.of(Arrays.stream(rows).asLongStream().toArray()));
            return checks().calibrated(checks().values(answers.images, d, answers.excess), fidelity);
        }
    }

    /** The first training rows of chests, ellipses left out. */
    static int[] calibrationRows(int rows) {
        int[] chosen = new int[rows];
        int count = 0;
        for (int i = 0; i < rows && count < CALIBRATION; i++) {
            if (!TomographyData.ellipses(i)) {
                chosen[count++] = i;
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    @Override
    public Evaluation evaluate(Certificates certificates) {
        Scans test = data.test();
        Method.Answers answers = method.all(test.data(), done -> {});
        List<List<Certificate>> labels = checks().judge(answers.images, test.data(), answers.excess, certificates);
        Scores scores = Scores.of(answers.images, test, data.scanner());
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("psnr", Scores.mean(scores.psnr()));
        metrics.put("ssim", Scores.mean(scores.ssim()));
        metrics.put("ssimGaussian", Scores.mean(scores.ssimGaussian()));
        metrics.put("maxBox", max(scores.box()));
        metrics.put("maxFidelity", max(scores.fidelity()));
        metrics.put("maxExcess", max(scores.excess()));
        if (reference.isPresent()) {
            metrics.put("maxFidelityOverRadius", max(scores.fidelity()) / fidelity);
            metrics.put("maxOptimality", max(answers.optimality));
        }
        metrics.put("converged", answers.converged());
        metrics.put("meanSteps", Arrays.stream(answers.steps).average().orElse(Double.NaN));
        metrics.put("weights", (double) method.weights().parameters().values().stream()
                .mapToLong(Tensor::numel)
                .sum());
        for (int k = 0; k < labels.get(0).size(); k++) {
            int check = k;
            String name = labels.get(0).get(k).name();
            metrics.put(
                    "failing" + Character.toUpperCase(name.charAt(0)) + name.substring(1),
                    labels.stream()
                                    .filter(row -> row.get(check).label() == Label.FAIL)
                                    .count()
                            / (double) labels.size());
        }
        return new Evaluation(metrics, answers.steps, answers.residual, labels, List.of());
    }

    /** NaN if one is. */
    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }
}
