package dev.stillpoint.zoo.tomography;

/**
 * The ramp |ω| of filtered back-projection, by its samples in space (1/4 at 0, −1/(πk)² at odd k, 0 at even), times a window that
 * damps high frequencies, of u in [−1/2, 1/2).
 *
 * <p>Reference: Kak and Slaney 1988, chapter 3; the windows as scikit-image's {@code iradon} samples them.
 */
public enum RampFilter {
    /** None. */
    RAMP,
    /** sinc(u). */
    SHEPP_LOGAN,
    /** cos(πu). */
    COSINE,
    /** 0.54 + 0.46·cos(2πu), of one sample less a period. */
    HAMMING,
    /** 0.5 + 0.5·cos(2πu), of one sample less a period. */
    HANN;

    private static final int LEAST_LENGTH = 64;

    /**
     * The filter's impulse response for a detector of some bins: filtered q_i = Σ_j h_|i−j|·d_j, in units of a bin, which is the
     * circular convolution over twice as many bins or more, a power of two.
     *
     * @param bins at least 1
     * @return h_0 to h_{bins − 1}
     */
    double[] response(int bins) {
        int length = LEAST_LENGTH;
        while (length < 2 * bins) {
            length *= 2;
        }
        double[] transform = new double[length];
        for (int m = 0; m < length; m++) {
            double ramp = 0.25;
            for (int k = 1; k < length / 2; k += 2) {
                ramp -= 2 * Math.cos(2 * Math.PI * m * k / length) / (Math.PI * k * Math.PI * k);
            }
            transform[m] = 2 * ramp * window(m, length);
        }
        double[] response = new double[bins];
        for (int k = 0; k < bins; k++) {
            for (int m = 0; m < length; m++) {
                response[k] += transform[m] * Math.cos(2 * Math.PI * m * k / length) / length;
            }
        }
        return response;
    }

    private double window(int m, int length) {
        double u = (m < length / 2 ? m : m - length) / (double) length;
        // The symmetric windows' samples, of which the one at −1/2 has no partner at +1/2, peak half a sample off.
        double v = (u * length + 0.5) / (length - 1);
        return switch (this) {
            case RAMP -> 1;
            case SHEPP_LOGAN -> u == 0 ? 1 : Math.sin(Math.PI * u) / (Math.PI * u);
            case COSINE -> Math.cos(Math.PI * u);
            case HAMMING -> 0.54 + 0.46 * Math.cos(2 * Math.PI * v);
            case HANN -> 0.5 + 0.5 * Math.cos(2 * Math.PI * v);
        };
    }
}
