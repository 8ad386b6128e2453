package dev.stillpoint.zoo.tomography;

import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * How a method does, image by image.
 *
 * @param psnr in dB
 * @param ssim with the 7 x 7 window
 * @param ssimGaussian with the Gaussian window
 * @param box the Euclidean distance from [0, 1]ⁿ
 * @param fidelity ‖Ax − d‖/‖d‖
 * @param excess ‖Ax − d‖ over the norm of the true errors of d
 */
public record Scores(
        double[] psnr, double[] ssim, double[] ssimGaussian, double[] box, double[] fidelity, double[] excess) {

    /**
     * Judges images.
     *
     * @param images [n²] each, one a row of {@code scans}
     * @param scans the truth and the data
     * @param scanner A
     */
    public static Scores of(float[][] images, Scans scans, Scanner scanner) {
        int rows = images.length;
        if (rows != scans.size()) {
            throw new IllegalArgumentException(
                    "Scores: need an image for each of " + scans.size() + " rows, got " + rows);
        }
        int width = scanner.beam().pixels();
        Scores scores = new Scores(
                new double[rows],
                new double[rows],
                new double[rows],
                new double[rows],
                new double[rows],
                new double[rows]);
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            float[][] truth = Tensors.rows(scans.images());
            Tensor x = Tensors.of(images);
            double[] off = Tensors.doubles(
                    Tensors.rowNorm(scanner.operator().apply(x, new Rows(x)).sub(scans.data())));
            double[] size = Tensors.doubles(Tensors.rowNorm(scans.data()));
            for (int i = 0; i < rows; i++) {
                scores.psnr[i] = Similarity.psnr(truth[i], images[i]);
                scores.ssim[i] = Similarity.ssim(truth[i], images[i], width, Similarity.Window.UNIFORM);
                scores.ssimGaussian[i] = Similarity.ssim(truth[i], images[i], width, Similarity.Window.GAUSSIAN);
                scores.box[i] = ImageChecks.outside(images[i]);
                scores.fidelity[i] = off[i] / size[i];
                scores.excess[i] = off[i] / scans.noise()[i];
            }
        }
        return scores;
    }

    /** The mean of some numbers; NaN if one is. */
    public static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
