package dev.stillpoint.zoo.images;

import dev.stillpoint.Inference;
import dev.stillpoint.network.Mode;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What a model makes of labelled images.
 *
 * @param rows images
 * @param correct of them classified rightly; one whose solve gave no number is not
 * @param loss mean cross-entropy
 * @param meanSteps of the solver
 * @param converged share of the rows whose solve did
 * @param confidence of each row, the probability of the class that was chosen
 * @param steps of each row
 * @param residual of each row, in units of the tolerance asked for
 */
record Scores(
        int rows,
        int correct,
        double loss,
        double meanSteps,
        double converged,
        double[] confidence,
        int[] steps,
        double[] residual) {
    /** Rows that are solved together: the paper's test batch. In training mode the batch decides the statistics. */
    static final int BATCH = 400;

    /** Share of the rows classified rightly. */
    double accuracy() {
        return correct / (double) rows;
    }

    /** Sees what becomes of each batch, in its scope. */
    interface Listener {
        /**
         * A batch's outcome.
         *
         * @param from row of its first image
         * @param u the solutions, NaN for one that was lost
         * @param scores [rows, classes]
         */
        void solved(int from, Tensor u, Tensor scores);
    }

    /** Runs a model over all images of a set, in their order. */
    static Scores of(ImageModel model, ImageSet set, Mode mode) {
        return of(model, set, mode, (from, u, scores) -> {});
    }

    /** The same, watched. */
    static Scores of(ImageModel model, ImageSet set, Mode mode, Listener listener) {
        int n = set.size();
        int correct = 0;
        double loss = 0;
        int converged = 0;
        double stepSum = 0;
        double[] confidence = new double[n];
        int[] steps = new int[n];
        double[] residual = new double[n];
        for (int from = 0; from < n; from += BATCH) {
            int[] rows = range(from, Math.min(n, from + BATCH));
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                Inference<Rows> inference = model.infer(set.batch(rows), mode);
                Tensor labels = set.labels(rows);
                Tensor scores = inference.x();
                listener.solved(from, inference.solution().z(), scores);
                loss += torch.cross_entropy_loss(scores, labels).item_double() * rows.length;
                double[] probability = Tensors.doubles(scores.softmax(1).amax(new long[] {1}, false));
                long[] chosen = Tensors.longs(scores.argmax(new LongOptional(1), false));
                for (int i = 0; i < rows.length; i++) {
                    boolean number = inference.solution().status()[i].usable() && !Double.isNaN(probability[i]);
                    correct += number && chosen[i] == set.images().label(rows[i]) ? 1 : 0;
                    converged += inference.solution().status()[i] == Status.CONVERGED ? 1 : 0;
                    confidence[from + i] = probability[i];
                    steps[from + i] = inference.solution().stats().steps()[i];
                    stepSum += steps[from + i];
                    residual[from + i] = inference.solution().stats().residual()[i]
                            / inference.solution().stats().threshold()[i];
                }
            }
        }
        return new Scores(n, correct, loss / n, stepSum / n, converged / (double) n, confidence, steps, residual);
    }

    static int[] range(int from, int to) {
        int[] rows = new int[to - from];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = from + i;
        }
        return rows;
    }
}
