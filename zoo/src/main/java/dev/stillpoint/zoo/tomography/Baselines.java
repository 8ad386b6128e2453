package dev.stillpoint.zoo.tomography;

import dev.stillpoint.solver.StoppingRule;
import java.util.List;

/** What the methods without training are set to: chosen by mean PSNR on the validation images. */
public final class Baselines {
    private Baselines() {}

    /** A setting and how it did. */
    public record Choice<T>(T value, double psnr) {}

    /** The best window of filtered back-projection. */
    public static Choice<RampFilter> filter(TomographyData data) {
        Choice<RampFilter> best = new Choice<>(RampFilter.RAMP, Double.NEGATIVE_INFINITY);
        for (RampFilter filter : RampFilter.values()) {
            double psnr = psnr(d -> data.scanner().reconstruct(d, filter), data);
            best = psnr > best.psnr() ? new Choice<>(filter, psnr) : best;
        }
        return best;
    }

    /**
     * The best of some settings of total variation.
     *
     * @param data where it is chosen
     * @param candidates at least one
     * @param stop of each solve
     */
    public static Choice<TotalVariation.Options> totalVariation(
            TomographyData data, List<TotalVariation.Options> candidates, StoppingRule stop) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("Baselines: need at least one candidate, got none");
        }
        Choice<TotalVariation.Options> best = new Choice<>(candidates.get(0), Double.NEGATIVE_INFINITY);
        for (TotalVariation.Options options : candidates) {
            double psnr = psnr(new TotalVariation(data.scanner(), options, stop), data);
            best = psnr > best.psnr() ? new Choice<>(options, psnr) : best;
        }
        return best;
    }

    private static double psnr(Reconstruction method, TomographyData data) {
        float[][] images = method.all(data.validate().data());
        return Scores.mean(Scores.of(images, data.validate(), data.scanner()).psnr());
    }
}
