package dev.stillpoint.zoo.tomography;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Check;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * What an image is certified by, whatever made it: its distance from [0, 1]ⁿ; fidelity ‖Ax − d‖/‖d‖; where there is a learned
 * regulariser, its proximal residual; roughness, the mean difference of neighbours over the mean brightness; and the convergence
 * of what made it, its residual over the one asked for, at least 1.
 *
 * <p>Box, fidelity and convergence must hold; regulariser and roughness are compared with what they are on training images.
 */
final class ImageChecks {
    static final String BOX = "box";
    static final String FIDELITY = "fidelity";
    static final String REGULARISER = "regulariser";
    static final String ROUGHNESS = "roughness";
    static final String CONVERGENCE = "convergence";

    /** What the residual leaves of ‖Ax − d‖ ≤ δ. */
    static final double KEPT = 1.001;

    private final Scanner scanner;
    private final Optional<ConstrainedNetwork> reference;

    /**
     * The properties.
     *
     * @param scanner A
     * @param reference whose regulariser; empty for none
     */
    ImageChecks(Scanner scanner, Optional<ConstrainedNetwork> reference) {
        this.scanner = scanner;
        this.reference = reference;
    }

    /** The checks' names, in the order of their values. */
    static List<String> names(boolean regularised) {
        return regularised
                ? List.of(BOX, FIDELITY, REGULARISER, ROUGHNESS, CONVERGENCE)
                : List.of(BOX, FIDELITY, ROUGHNESS, CONVERGENCE);
    }

    /**
     * Properties of images, a list of values an image.
     *
     * @param images [n²] each
     * @param data d, [batch, beams], in the scanner's unit
     * @param excess each solve's residual over the one asked for
     */
    double[][] values(float[][] images, Tensor data, double[] excess) {
        double[][] values = new double[images.length][];
        for (int from = 0; from < images.length; from += Reconstruction.ROWS) {
            int to = Math.min(images.length, from + Reconstruction.ROWS);
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                Tensor x = Tensors.of(Arrays.copyOfRange(images, from, to));
                Tensor d = data.narrow(0, from, (long) to - from);
                double[] off = Tensors.doubles(
                        Tensors.rowNorm(scanner.operator().apply(x, new Rows(x)).sub(d)));
                double[] size = Tensors.doubles(Tensors.rowNorm(d));
                double[] regulariser = reference
                        .map(model -> model.regulariserResidual(x, model.context(d)))
                        .orElse(new double[0]);
                for (int i = from; i < to; i++) {
                    List<Double> row = new ArrayList<>();
                    row.add(outside(images[i]));
                    row.add(off[i - from] == 0 ? 0 : off[i - from] / size[i - from]);
                    if (reference.isPresent()) {
                        row.add(regulariser[i - from]);
                    }
                    row.add(roughness(images[i], scanner.beam().pixels()));
                    row.add(Double.isNaN(excess[i]) ? Double.NaN : Math.max(1, excess[i]));
                    values[i] = row.stream().mapToDouble(Double::doubleValue).toArray();
                }
            }
        }
        return values;
    }

    /** The Euclidean distance from [0, 1]ⁿ; NaN if a number is. */
    static double outside(float[] image) {
        double squares = 0;
        for (float v : image) {
            double outside = Math.max(Math.max(-v, v - 1), 0);
            squares += Float.isNaN(v) ? Double.NaN : outside * outside;
        }
        return Math.sqrt(squares);
    }

    /** Σ|differences of neighbours| / Σ|numbers|, 0 for 0/0. */
    static double roughness(float[] image, int width) {
        double differences = 0;
        double sum = 0;
        for (int i = 0; i < image.length; i++) {
            sum += Math.abs(image[i]);
            if (i % width > 0) {
                differences += Math.abs(image[i] - image[i - 1]);
            }
            if (i >= width) {
                differences += Math.abs(image[i] - image[i - width]);
            }
        }
        return differences == 0 ? 0 : differences / sum;
    }

    /**
     * Checks with thresholds.
     *
     * @param values of calibration inferences; rows with NaN say nothing
     * @param fidelity the largest ‖Ax − d‖/‖d‖ that is allowed
     */
    Certificates calibrated(double[][] values, double fidelity) {
        List<Check> checks = new ArrayList<>();
        List<String> names = names(reference.isPresent());
        for (int k = 0; k < names.size(); k++) {
            int column = k;
            checks.add(
                    switch (names.get(k)) {
                        case BOX -> new HardLimit(BOX, 0);
                        case FIDELITY -> new HardLimit(FIDELITY, KEPT * fidelity);
                        case CONVERGENCE -> new HardLimit(CONVERGENCE, 1);
                        default ->
                            Quantile.of(
                                    names.get(k),
                                    Arrays.stream(values)
                                            .mapToDouble(row -> row[column])
                                            .filter(Double::isFinite)
                                            .toArray());
                    });
        }
        return new Certificates(checks);
    }

    /** The labels of images. */
    List<List<Certificate>> judge(float[][] images, Tensor data, double[] excess, Certificates certificates) {
        return Arrays.stream(values(images, data, excess))
                .map(certificates::judge)
                .toList();
    }
}
