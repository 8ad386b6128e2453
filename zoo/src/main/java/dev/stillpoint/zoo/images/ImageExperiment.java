package dev.stillpoint.zoo.images;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.LabelledImages;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.train.Task;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Evaluation;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.GradientProbe;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Training images, of which the last are held out to select the model, and test images. */
final class ImageExperiment implements Experiment {
    private final ImageModel model;
    private final TrainingOptions options;
    private final ImageSet training;
    private final ImageSet validation;
    private final ImageSet test;
    private final ImageTask task;
    private final Reference reference;
    private final Contraction contraction;
    private final Map<String, String> data;

    ImageExperiment(
            ImageModel model,
            TrainingOptions options,
            Contraction contraction,
            ImageTask.Batches batches,
            ImageSet training,
            ImageSet validation,
            ImageSet test) {
        this.model = model;
        this.options = options;
        this.training = training;
        this.contraction = contraction;
        this.reference = new Reference(model.network());
        this.validation = validation;
        this.test = test;
        this.task = new ImageTask(model, contraction, batches, training, validation, test);
        this.data = new LinkedHashMap<>();
        data.put("training images", sha256(training.images()));
        data.put("validation images", sha256(validation.images()));
        data.put("test images", sha256(test.images()));
    }

    /** Of pixels, then labels, a byte each. */
    private static String sha256(LabelledImages images) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] pixels = new byte[images.images().size()];
            for (int i = 0; i < images.count(); i++) {
                images.images().copy(i, pixels, 0);
                digest.update(pixels);
            }
            for (int i = 0; i < images.count(); i++) {
                digest.update((byte) images.label(i));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    ImageModel model() {
        return model;
    }

    Contraction contraction() {
        return contraction;
    }

    ImageSet trainingImages() {
        return training;
    }

    ImageSet test() {
        return test;
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
        return data;
    }

    @Override
    public Learnable stored() {
        return new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                model.network().visit(visitor);
                visitor.part(Reference.NAME, reference);
            }
        };
    }

    @Override
    public Learnable weights() {
        return model.network();
    }

    @Override
    public Optional<GradientProbe> probe() {
        return Optional.of(task.probe());
    }

    @Override
    public Certificates certify() {
        reference.learn(model, training, validation);
        return Certified.of(model, validation, reference).calibrated();
    }

    @Override
    public Evaluation evaluate(Certificates certificates) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        Certified certified = Certified.of(model, test, reference);
        Scores chosen = certified.scores();
        metrics.put("accuracy", chosen.accuracy());
        metrics.put("accuracyTrainMode", Scores.of(model, test, Mode.TRAIN).accuracy());
        named("last", task.last(), metrics);
        named("bestOnTest", task.bestOnTest(), metrics);
        metrics.put("testLoss", chosen.loss());
        metrics.put("meanSteps", chosen.meanSteps());
        metrics.put("converged", chosen.converged());
        List<List<Certificate>> labels = new ArrayList<>();
        for (int i = 0; i < chosen.rows(); i++) {
            labels.add(certificates.judge(certified.values(i)));
        }
        return new Evaluation(metrics, chosen.steps(), chosen.residual(), labels, List.of());
    }

    /** Beside the chosen epoch, where this process has trained or gone on with a training. */
    private void named(String name, ImageTask.Kept kept, Map<String, Double> metrics) {
        if (kept.epoch() > 0) {
            metrics.put(name + "Epoch", (double) kept.epoch());
            metrics.put(name + "Accuracy", kept.accuracy());
            kept.with(() -> metrics.put(
                    name + "AccuracyTrainMode",
                    Scores.of(model, test, Mode.TRAIN).accuracy()));
        }
    }
}
