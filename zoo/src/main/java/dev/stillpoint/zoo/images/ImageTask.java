package dev.stillpoint.zoo.images;

import dev.stillpoint.Inference;
import dev.stillpoint.data.Augmentation;
import dev.stillpoint.network.Mode;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Loss;
import dev.stillpoint.train.Task;
import dev.stillpoint.zoo.Adjoints;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Cross-entropy of an image network. After every epoch it is measured on validation images, which select the model, and on
 * test images, which do not: the weights of the last epoch and of the best one on test are kept beside the selected ones, so
 * that the authors' way of reporting can stand beside ours.
 */
final class ImageTask implements Task {
    private final ImageModel model;
    private final Contraction contraction;
    private final Batches batches;
    private final ImageSet training;
    private final ImageSet validation;
    private final ImageSet test;
    private final ImageProbe probe;
    private final Kept last;
    private final Kept bestOnTest;

    /**
     * What a training step sees of its images.
     *
     * @param augmentation changes them
     * @param seed of the changes
     */
    record Batches(Augmentation augmentation, long seed) {}

    ImageTask(
            ImageModel model,
            Contraction contraction,
            Batches batches,
            ImageSet training,
            ImageSet validation,
            ImageSet test) {
        this.model = model;
        this.contraction = contraction;
        this.batches = batches;
        this.training = training;
        this.validation = validation;
        this.test = test;
        this.probe = new ImageProbe(model, training);
        this.last = new Kept(model.network());
        this.bestOnTest = new Kept(model.network());
    }

    @Override
    public Learnable model() {
        return model.network();
    }

    @Override
    public int trainingRows() {
        return training.size();
    }

    @Override
    public Loss loss(int[] rows) {
        Tensor images = training.batch(rows, batches.augmentation(), batches.seed(), last.epoch());
        Inference<Rows> inference = model.forward(images, contraction);
        int[] unusable = inference.solution().unusable();
        Tensor entropy = torch.cross_entropy_loss(inference.x(), training.labels(rows));
        Tensor loss = contraction
                .penalty(
                        model.network().operator(Mode.TRAIN),
                        inference.solution().z(),
                        inference.context())
                .map(entropy::add)
                .orElse(entropy);
        return new Loss(loss, unusable, () -> metrics(inference));
    }

    /** After the backward pass. */
    private Map<String, Double> metrics(Inference<Rows> inference) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("steps", (double) inference.solution().stats().batchSteps());
        metrics.put(
                "converged",
                inference.solution().count(Status.CONVERGED)
                        / (double) Math.max(1, inference.solution().status().length));
        metrics.putAll(
                Adjoints.metrics(model.adjoint(), inference.afterBackward().get()));
        return metrics;
    }

    @Override
    public Map<String, Double> validate() {
        long start = System.nanoTime();
        Scores scores = Scores.of(model, validation, Mode.EVAL);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("validationError", 1 - scores.accuracy());
        metrics.put("validationLoss", scores.loss());
        metrics.put("validationSteps", scores.meanSteps());
        metrics.put("validationConverged", scores.converged());
        Scores onTest = Scores.of(model, test, Mode.EVAL);
        metrics.put("testAccuracy", onTest.accuracy());
        last.take(last.epoch() + 1, onTest.accuracy());
        if (bestOnTest.epoch() == 0 || onTest.accuracy() > bestOnTest.accuracy()) {
            bestOnTest.take(last.epoch(), onTest.accuracy());
        }
        metrics.putAll(probe.diagnostics());
        metrics.put("measuringSeconds", (System.nanoTime() - start) / 1e9);
        return metrics;
    }

    /** The gradients of this task on its first rows. */
    ImageProbe probe() {
        return probe;
    }

    /** The weights after the last epoch. */
    Kept last() {
        return last;
    }

    /** The weights of the epoch with the best test accuracy: chosen with the test images seen, as the authors chose. */
    Kept bestOnTest() {
        return bestOnTest;
    }

    @Override
    public void visitState(ParameterVisitor visitor) {
        visitor.part("last", last);
        visitor.part("bestOnTest", bestOnTest);
        visitor.part("contraction", contraction);
        visitor.part("adjoint", model.adjoint());
    }

    /** A copy of a network's weights with the epoch it was taken at. */
    static final class Kept implements Learnable {
        private final ImageNetwork network;
        private final Map<String, Tensor> weights = new LinkedHashMap<>();
        private final Tensor about = TensorScope.persist(Tensors.zeros(ScalarType.Double, 2));

        Kept(ImageNetwork network) {
            this.network = network;
            try (TensorScope scope = TensorScope.open()) {
                network.state()
                        .forEach((name, t) ->
                                weights.put(name, TensorScope.persist(t.detach().clone())));
            }
        }

        /** From 1; 0 before the first copy. */
        int epoch() {
            return (int) Tensors.doubles(about)[0];
        }

        double accuracy() {
            return Tensors.doubles(about)[1];
        }

        void take(int epoch, double accuracy) {
            copy(network.state(), weights);
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                about.copy_(Tensors.of(new double[] {epoch, accuracy}, 2));
            }
        }

        /** Runs something with these weights in the network, which has its own again afterwards. */
        void with(Runnable body) {
            Kept own = new Kept(network);
            try {
                copy(weights, network.state());
                body.run();
            } finally {
                copy(own.weights, network.state());
                own.release();
            }
        }

        private void release() {
            weights.values().forEach(TensorScope::release);
            TensorScope.release(about);
        }

        static void copy(Map<String, Tensor> from, Map<String, Tensor> to) {
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                to.forEach((name, t) -> {
                    Tensor source = from.get(name);
                    if (source == null) {
                        throw new AssertionError("copies have the weights' names");
                    }
                    t.copy_(source);
                });
            }
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            weights.forEach(visitor::buffer);
            visitor.buffer("about", about);
        }
    }
}
