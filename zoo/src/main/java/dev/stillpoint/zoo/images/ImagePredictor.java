package dev.stillpoint.zoo.images;

import dev.stillpoint.Inference;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Familiarity;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.data.Images;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.network.Mode;
import dev.stillpoint.solver.SolveStats;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Inquiry;
import dev.stillpoint.zoo.Predictor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** Classifies images given as rows of pixel values from 0 to 255, channel by channel. */
final class ImagePredictor implements Predictor {
    private final ImageModel model;
    private final Reference reference;
    private final Familiarity familiarity;
    private final Normalisation normalisation;
    private final int side;
    private final Certificates certificates;

    ImagePredictor(
            ImageModel model, Reference reference, Normalisation normalisation, int side, Certificates certificates) {
        this.model = model;
        this.reference = reference;
        this.familiarity = reference.familiarity();
        this.normalisation = normalisation;
        this.side = side;
        this.certificates = certificates;
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
                float[][] scores = Tensors.rows(inference.x());
                float[][] features = reference.features(inference.solution().z());
                for (int i = 0; i < part.length; i++) {
                    double unfamiliarity = familiarity.unfamiliarity(features[i], scores[i]);
                    decisions.add(decision(inference, i, probability[i], unfamiliarity));
                }
            }
            decisions.forEach(taker);
        }
    }

    /** A CSV file of pixels, an idx file, a PNG file, or a folder of PNG files in the order of their names. */
    @Override
    public Inquiry read(Path input) {
        if (String.valueOf(input.getFileName()).toLowerCase(Locale.ROOT).endsWith(".csv")) {
            return Predictor.super.read(input);
        }
        Images images = ImageFiles.read(input, normalisation.channels(), side);
        byte[] pixels = new byte[images.size()];
        float[][] rows = new float[images.count()][images.size()];
        for (int i = 0; i < rows.length; i++) {
            images.copy(i, pixels, 0);
            for (int p = 0; p < pixels.length; p++) {
                rows[i][p] = pixels[p] & 255;
            }
        }
        List<String> names = ImageFiles.names(input, rows.length);
        return Predictor.inquiry(rows.length, taker -> {
            Iterator<String> next = names.iterator();
            infer(rows, decision -> taker.accept(decision.withDetail("image", next.next())));
        });
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

    private Decision decision(Inference<Rows> inference, int i, float[] probability, double unfamiliarity) {
        int best = 0;
        for (int k = 1; k < probability.length; k++) {
            best = probability[k] > probability[best] ? k : best;
        }
        boolean number = !Float.isNaN(probability[best]);
        float[] chosen = new float[probability.length];
        chosen[best] = number ? 1 : 0;
        SolveStats stats = inference.solution().stats();
        double confidence = number ? probability[best] : Double.NaN;
        double residual = stats.residual()[i] / stats.threshold()[i];
        return new Decision(
                number ? Integer.toString(best) : "",
                chosen,
                probability,
                number ? -Math.log(probability[best]) : Double.NaN,
                inference.solution().status()[i],
                stats.steps()[i],
                stats.residual()[i],
                0,
                certificates.judge(Certified.values(residual, confidence, unfamiliarity)));
    }
}
