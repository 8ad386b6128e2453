package dev.stillpoint.zoo.tomography;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Inquiry;
import dev.stillpoint.zoo.Predictor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Reconstructs images. A context is a sinogram: line integrals over [−1, 1]², angle by angle; the decision's objective is
 * ‖Ax − d‖/‖d‖. Files with images are scanned first, with seeded noise, and the decisions then say how near the truth they are.
 */
final class TomographyPredictor implements Predictor {
    private final Method method;
    private final Scanner scanner;
    private final ImageChecks checks;
    private final Certificates certificates;
    private final double noise;
    private final long seed;

    /**
     * A predictor.
     *
     * @param method trained
     * @param scanner A
     * @param checks what its images are certified by
     * @param certificates their thresholds
     * @param noise of a beam when an image is scanned
     * @param seed of that noise
     */
    TomographyPredictor(
            Method method, Scanner scanner, ImageChecks checks, Certificates certificates, double noise, long seed) {
        this.method = method;
        this.scanner = scanner;
        this.checks = checks;
        this.certificates = certificates;
        this.noise = noise;
        this.seed = seed;
    }

    /** The trained method. */
    Method method() {
        return method;
    }

    /** A. */
    Scanner scanner() {
        return scanner;
    }

    /** The properties behind {@link #certificates()}. */
    ImageChecks checks() {
        return checks;
    }

    /** The thresholds. */
    Certificates certificates() {
        return certificates;
    }

    @Override
    public List<String> inputs() {
        return CsvTable.numbered("d", scanner.beam().beams());
    }

    @Override
    public OptionalInt imageWidth() {
        return OptionalInt.of(scanner.beam().pixels());
    }

    @Override
    public void infer(float[][] contexts, Consumer<Decision> taker) {
        infer(contexts, 1 / scanner.unit(), List.of(), taker);
    }

    @Override
    public Inquiry read(Path input) {
        if (!ScanFiles.reads(input)) {
            return Predictor.super.read(input);
        }
        ScanFiles.Content content = new ScanFiles(scanner.beam()).read(input);
        if (!content.sinograms().isEmpty()) {
            float[][] contexts = content.sinograms().toArray(new float[0][]);
            return Predictor.inquiry(contexts.length, taker -> infer(contexts, taker));
        }
        return Predictor.inquiry(content.images().size(), taker -> {
            try (TensorScope scope = TensorScope.open()) {
                Scans scans = Scans.of(scanner, content.images(), noise, seed);
                infer(Tensors.rows(scans.data()), 1, content.images(), taker);
            }
        });
    }

    /** Of data that are line integrals times {@code 1/(unit·factor)}, and perhaps known images. */
    private void infer(float[][] contexts, double factor, List<float[]> truth, Consumer<Decision> taker) {
        for (int from = 0; from < contexts.length; from += Reconstruction.ROWS) {
            float[][] part = Arrays.copyOfRange(contexts, from, Math.min(contexts.length, from + Reconstruction.ROWS));
            Method.Answers answers;
            List<List<Certificate>> labels;
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                Tensor d = Tensors.of(part).mul(new Scalar(factor));
                answers = method.all(d, done -> {});
                labels = checks.judge(answers.images, d, answers.excess, certificates);
            }
            for (int i = 0; i < part.length; i++) {
                float[] known = truth.isEmpty() ? new float[0] : truth.get(from + i);
                taker.accept(decision(answers, i, labels.get(i), known));
            }
        }
    }

    private Decision decision(Method.Answers answers, int i, List<Certificate> labels, float[] truth) {
        float[] image = answers.images[i];
        int n = scanner.beam().pixels();
        double outside = 0;
        for (float v : image) {
            outside = Float.isNaN(v) ? Double.NaN : Math.max(outside, Math.max(-v, v - 1));
        }
        Map<String, String> details = new LinkedHashMap<>();
        if (truth.length > 0) {
            details.put("psnr", String.format(Locale.ROOT, "%.2f", Similarity.psnr(truth, image)));
            details.put(
                    "ssim",
                    String.format(Locale.ROOT, "%.4f", Similarity.ssim(truth, image, n, Similarity.Window.UNIFORM)));
        }
        double fidelity = labels.stream()
                .filter(label -> label.name().equals(ImageChecks.FIDELITY))
                .mapToDouble(Certificate::value)
                .findFirst()
                .orElse(Double.NaN);
        return new Decision(
                n + " x " + n + " pixels",
                image,
                image,
                fidelity,
                details,
                answers.status[i],
                answers.steps[i],
                answers.residual[i],
                outside,
                labels);
    }
}
