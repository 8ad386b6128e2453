package dev.stillpoint.certificate;

/**
 * Whether a classifier has reason to know an input: how far its features lie from those of every class, and how little its
 * scores s commit themselves, E = −log Σ exp(s_k). Each is measured against inputs of the usual kind, and the worse counts:
 * max over both of (value − median) / (high quantile − median), so 0 is ordinary and 1 is seldom exceeded.
 *
 * <p>Both, because each sees what the other misses: distances find other scales and textures, energies find shapes between the
 * classes. Reference: Liu et al. 2020, Energy-based out-of-distribution detection, arXiv 2010.03759, for E at temperature 1;
 * {@link ClassDistance} for the distance.
 */
public final class Familiarity {
    /** The quantile that is 1: near what a threshold will be, so that both measures are compared where it matters. */
    private static final double HIGH = 0.96;

    private final ClassDistance classes;
    private final double[] centre;
    private final double[] scale;

    private Familiarity(ClassDistance classes, double[] centre, double[] scale) {
        this.classes = classes;
        this.centre = centre;
        this.scale = scale;
    }

    /**
     * From what {@link #centre} and {@link #scale} gave.
     *
     * @param classes distances
     * @param centre median distance and median energy, finite
     * @param scale of both, positive
     */
    public static Familiarity of(ClassDistance classes, double[] centre, double[] scale) {
        if (centre.length != 2 || scale.length != 2) {
            throw new IllegalArgumentException(
                    "Familiarity: need two centres and two scales, got " + centre.length + " and " + scale.length);
        }
        for (int i = 0; i < 2; i++) {
            if (!Double.isFinite(centre[i]) || !(scale[i] > 0)) {
                throw new IllegalArgumentException(
                        "Familiarity: need finite centres and positive scales, got " + centre[i] + " and " + scale[i]);
            }
        }
        return new Familiarity(classes, centre.clone(), scale.clone());
    }

    /**
     * Learns what is usual.
     *
     * @param classes distances, fitted on training inputs
     * @param features of N inputs that were not trained on
     * @param scores of the same inputs, before any softmax
     */
    public static Familiarity calibrated(ClassDistance classes, float[][] features, float[][] scores) {
        if (features.length == 0 || features.length != scores.length) {
            throw new IllegalArgumentException(
                    "Familiarity: need as many rows of scores as of features, at least one, got " + scores.length
                            + " and " + features.length);
        }
        double[] distance = new double[features.length];
        double[] energy = new double[features.length];
        for (int i = 0; i < features.length; i++) {
            distance[i] = classes.distance(features[i]);
            energy[i] = energy(scores[i]);
        }
        java.util.Arrays.sort(distance);
        java.util.Arrays.sort(energy);
        double[] centre = {quantile(distance, 0.5), quantile(energy, 0.5)};
        double[] scale = {quantile(distance, HIGH) - centre[0], quantile(energy, HIGH) - centre[1]};
        for (int i = 0; i < 2; i++) {
            // Inputs that are all the same have no spread: any other is then unfamiliar.
            scale[i] = scale[i] > 0 ? scale[i] : Math.ulp(1.0);
        }
        return of(classes, centre, scale);
    }

    /** −log Σ exp(s_k), without overflow; NaN for scores with NaN. */
    static double energy(float[] scores) {
        double most = Double.NEGATIVE_INFINITY;
        for (float s : scores) {
            most = Math.max(most, s);
        }
        double sum = 0;
        for (float s : scores) {
            sum += Math.exp(s - most);
        }
        return -most - Math.log(sum);
    }

    /** How unfamiliar an input is: small is good, NaN for features or scores with NaN. */
    public double unfamiliarity(float[] features, float[] scores) {
        double distance = (classes.distance(features) - centre[0]) / scale[0];
        double energy = (energy(scores) - centre[1]) / scale[1];
        return Math.max(distance, energy);
    }

    /** The distances. */
    public ClassDistance classes() {
        return classes;
    }

    /** Median distance and median energy, a copy. */
    public double[] centre() {
        return centre.clone();
    }

    /** The scale of both, a copy. */
    public double[] scale() {
        return scale.clone();
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) Math.floor(share * sorted.length))];
    }
}
