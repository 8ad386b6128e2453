package dev.stillpoint.zoo.tomography;

import java.util.Arrays;

/**
 * How near an image is to the true one, for brightness from 0 to 1: PSNR and mean SSIM as scikit-image defines them with
 * {@code data_range=1}.
 *
 * <p>SSIM is the mean, over windows that lie in the image, of
 * (2·m_x·m_y + c₁)(2·s_xy + c₂)/((m_x² + m_y² + c₁)(s_x² + s_y² + c₂)) with c₁ = 0.01² and c₂ = 0.03².
 *
 * <p>Reference: Wang, Bovik, Sheikh and Simoncelli 2004, IEEE Transactions on Image Processing 13(4).
 */
public final class Similarity {
    private static final double C1 = 1e-4;
    private static final double C2 = 9e-4;

    private Similarity() {}

    /** The window that SSIM's means and covariances are of. */
    public enum Window {
        /** 7 x 7, sample covariance: scikit-image's default. */
        UNIFORM,
        /** Gaussian of σ = 1.5 within 11 x 11, with the factor of a sample covariance: {@code gaussian_weights=True}. */
        GAUSSIAN,
        /** The same without the factor, as first published: {@code use_sample_covariance=False}. */
        WANG;

        /** Of one axis; they add up to 1. */
        private double[] weights() {
            if (this == UNIFORM) {
                double[] weights = new double[7];
                Arrays.fill(weights, 1.0 / 7);
                return weights;
            }
            double[] weights = new double[11];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = Math.exp(-(i - 5) * (i - 5) / (2 * 1.5 * 1.5));
                sum += weights[i];
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= sum;
            }
            return weights;
        }

        /** What makes a covariance of a window's numbers that of the sample. */
        private double factor() {
            return switch (this) {
                case UNIFORM -> 49 / 48.0;
                case GAUSSIAN -> 121 / 120.0;
                case WANG -> 1;
            };
        }
    }

    /**
     * −10·log₁₀ of the mean squared error; infinite for equal images.
     *
     * @param truth row by row
     * @param image as long
     */
    public static double psnr(float[] truth, float[] image) {
        check(truth, image);
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            double off = (double) truth[i] - image[i];
            sum += off * off;
        }
        return -10 * Math.log10(sum / truth.length);
    }

    /**
     * The mean SSIM.
     *
     * @param truth row by row
     * @param image as long
     * @param width pixels a row
     * @param window at most as large as the image
     */
    public static double ssim(float[] truth, float[] image, int width, Window window) {
        check(truth, image);
        double[] weights = window.weights();
        int side = weights.length;
        int height = width < 1 ? 0 : truth.length / width;
        if (width < side || height < side || height * width != truth.length) {
            throw new IllegalArgumentException("ssim: need full rows of an image of at least " + side + " x " + side
                    + " pixels, got width " + width + " and " + truth.length + " values");
        }
        int n = truth.length;
        double[][] moments = new double[5][n];
        for (int i = 0; i < n; i++) {
            double x = truth[i];
            double y = image[i];
            moments[0][i] = x;
            moments[1][i] = y;
            moments[2][i] = x * x;
            moments[3][i] = y * y;
            moments[4][i] = x * y;
        }
        for (int k = 0; k < moments.length; k++) {
            moments[k] = filtered(moments[k], width, height, weights);
        }
        double factor = window.factor();
        double sum = 0;
        int count = moments[0].length;
        for (int i = 0; i < count; i++) {
            double mx = moments[0][i];
            double my = moments[1][i];
            double sx = factor * (moments[2][i] - mx * mx);
            double sy = factor * (moments[3][i] - my * my);
            double sxy = factor * (moments[4][i] - mx * my);
            sum += (2 * mx * my + C1) * (2 * sxy + C2) / ((mx * mx + my * my + C1) * (sx + sy + C2));
        }
        return sum / count;
    }

    /** Weighted sums over all windows within the image: along the rows, then down the columns. */
    private static double[] filtered(double[] image, int width, int height, double[] weights) {
        int columns = width - weights.length + 1;
        int rows = height - weights.length + 1;
        double[] across = new double[height * columns];
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < weights.length; k++) {
                    sum += weights[k] * image[i * width + j + k];
                }
                across[i * columns + j] = sum;
            }
        }
        double[] result = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < weights.length; k++) {
                for (int j = 0; j < columns; j++) {
                    result[i * columns + j] += weights[k] * across[(i + k) * columns + j];
                }
            }
        }
        return result;
    }

    private static void check(float[] truth, float[] image) {
        if (truth.length == 0 || truth.length != image.length) {
            throw new IllegalArgumentException(
                    "Similarity: need images of one size, got " + truth.length + " and " + image.length + " pixels");
        }
    }
}
