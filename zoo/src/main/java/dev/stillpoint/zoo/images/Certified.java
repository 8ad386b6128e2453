package dev.stillpoint.zoo.images;

import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Familiarity;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a model makes of images, with what its certificates look at.
 *
 * @param scores of the images
 * @param unfamiliarity of each
 */
record Certified(Scores scores, double[] unfamiliarity) {
    /** The names of the checks, in the order of their values. */
    static final List<String> CHECKS = List.of("residual", "doubt", "unfamiliarity");

    /**
     * Four in a hundred images like those of the calibration are told apart, so that with a few thousand to calibrate on no more than
     * five in a hundred others are.
     */
    private static final double PASS = 0.96;

    private static final double FAIL = 0.99;

    static Certified of(ImageModel model, ImageSet set, Reference reference) {
        double[] unfamiliarity = new double[set.size()];
        Familiarity familiarity = reference.familiarity();
        Scores all = Scores.of(model, set, Mode.EVAL, (from, u, scores) -> {
            float[][] features = reference.features(u);
            float[][] outputs = Tensors.rows(scores);
            for (int i = 0; i < features.length; i++) {
                unfamiliarity[from + i] = familiarity.unfamiliarity(features[i], outputs[i]);
            }
        });
        return new Certified(all, unfamiliarity);
    }

    /** Of one image, in the order of {@link #CHECKS}. */
    double[] values(int i) {
        return values(scores.residual()[i], scores.confidence()[i], unfamiliarity[i]);
    }

    /**
     * The values of the checks. A residual is at least 1: how far below its tolerance a solve happens to stop says nothing about an
     * image.
     *
     * @param residual in units of the tolerance
     * @param confidence probability of the class chosen
     * @param unfamiliarity as {@link Familiarity} has it
     */
    static double[] values(double residual, double confidence, double unfamiliarity) {
        return new double[] {Double.isNaN(residual) ? Double.NaN : Math.max(1, residual), 1 - confidence, unfamiliarity
        };
    }

    /** Checks calibrated on these images, which the model must not have been trained on. Those whose solve was lost do not count. */
    Certificates calibrated() {
        return new Certificates(
                List.of(check(0, i -> values(i)[0]), check(1, i -> values(i)[1]), check(2, i -> values(i)[2])));
    }

    private Quantile check(int which, IntToDoubleFunction value) {
        double[] finite = IntStream.range(0, scores.rows())
                .mapToDouble(value)
                .filter(Double::isFinite)
                .toArray();
        return new Quantile(CHECKS.get(which), Arrays.copyOf(finite, finite.length), PASS, FAIL);
    }
}
