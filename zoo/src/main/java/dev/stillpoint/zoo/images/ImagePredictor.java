package dev.stillpoint.zoo.images;

import dev.stillpoint.Inference;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.network.Mode;
import dev.stillpoint.solver.SolveStats;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** Classifies images given as rows of pixel values from 0 to 255, channel by channel. */
final class ImagePredictor implements Predictor {
    /** The names of the checks, in the order of their values. */
    static final List<String> CHECKS = List.of("residual", "doubt");

    private final ImageModel model;
    private final Normalisation normalisation;
    private final int side;
    private final Certificates certificates;

    ImagePredictor(ImageModel model, Normalisation normalisation, int side, Certificates certificates) {
        this.model = model;
        this.normalisation = normalisation;
        this.side = side;
        this.certificates = certificates;
    }

    /** Checks calibrated on what a model made of images that it was not trained on. */
    static Certificates calibrated(Scores scores, double threshold) {
        double[] residual = new double[scores.rows()];
        double[] doubt = new double[scores.rows()];
        for (int i = 0; i < residual.length; i++) {
            residual[i] = residual(scores.residual()[i], threshold);
            doubt[i] = 1 - scores.confidence()[i];
        }
        return new Certificates(List.of(Quantile.of(CHECKS.get(0), residual), Quantile.of(CHECKS.get(1), doubt)));
    }

    /** In units of the tolerance, and at least 1: how far below it a solve happens to stop says nothing about an image. */
    static double residual(double reached, double threshold) {
        double residual = reached / threshold;
        return Double.isNaN(residual) ? Double.NaN : Math.max(1, residual);
    }

    @Override
    public List<String> inputs() {
        return CsvTable.numbered("p", normalisation.channels() * side * side);
    }

    @Override
    public void infer(float[][] contexts, Consumer<Decision> taker) {
        for (int from = 0; from < contexts.length; from += Scores.BATCH) {
            float[][] part = Arrays.copyOfRange(contexts, from, Math.min(contexts.length, from + Scores.BATCH));
            List<Decision> decisions = new ArrayList<>(part.length);
            try (TensorScope scope = TensorScope.open()) {
                Inference<Rows> inference = model.infer(images(part), Mode.EVAL);
                float[][] probability = Tensors.rows(inference.x().softmax(1));
                for (int i = 0; i < part.length; i++) {
                    decisions.add(decision(inference, i, probability[i]));
                }
            }
            decisions.forEach(taker);
        }
    }

    private Tensor images(float[][] rows) {
        int plane = side * side;
        float[] values = new float[rows.length * normalisation.channels() * plane];
        int at = 0;
        for (float[] row : rows) {
            for (int c = 0; c < normalisation.channels(); c++) {
                double mean = normalisation.mean().get(c);
                double deviation = normalisation.deviation().get(c);
                for (int p = 0; p < plane; p++) {
                    values[at++] = (float) ((row[c * plane + p] / 255.0 - mean) / deviation);
                }
            }
        }
        return Tensors.of(values, rows.length, normalisation.channels(), side, side);
    }

    private Decision decision(Inference<Rows> inference, int i, float[] probability) {
        int best = 0;
        for (int k = 1; k < probability.length; k++) {
            best = probability[k] > probability[best] ? k : best;
        }
        boolean number = !Float.isNaN(probability[best]);
        float[] chosen = new float[probability.length];
        chosen[best] = number ? 1 : 0;
        SolveStats stats = inference.solution().stats();
        double doubt = number ? 1 - probability[best] : Double.NaN;
        return new Decision(
                number ? Integer.toString(best) : "",
                chosen,
                probability,
                number ? -Math.log(probability[best]) : Double.NaN,
                inference.solution().status()[i],
                stats.steps()[i],
                stats.residual()[i],
                0,
                certificates.judge(new double[] {residual(stats.residual()[i], stats.threshold()[i]), doubt}));
    }
}
