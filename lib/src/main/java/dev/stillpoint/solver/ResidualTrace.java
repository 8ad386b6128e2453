package dev.stillpoint.solver;

import java.util.Arrays;

/** The residuals of each sample's last few looks, for γ̂. */
final class ResidualTrace {
    /** Long enough to average over the beat of two complex eigenvalues, short enough to forget how the solve began. */
    private static final int LOOKS = 5;

    private final double[][] residual;
    private final int[][] step;
    private final int[] count;

    ResidualTrace(int batch) {
        residual = new double[batch][LOOKS];
        step = new int[batch][LOOKS];
        count = new int[batch];
    }

    void add(int sample, int atStep, double r) {
        int slot = count[sample]++ % LOOKS;
        residual[sample][slot] = r;
        step[sample][slot] = atStep;
    }

    /** γ̂ of every sample: (last/first)^(1/steps between them) over the looks that are remembered; NaN for fewer than two. */
    double[] ratios() {
        double[] ratios = new double[count.length];
        Arrays.setAll(ratios, this::ratio);
        return ratios;
    }

    private double ratio(int sample) {
        if (count[sample] < 2) {
            return Double.NaN;
        }
        int last = (count[sample] - 1) % LOOKS;
        int first = count[sample] <= LOOKS ? 0 : count[sample] % LOOKS;
        double r = residual[sample][last];
        if (r == 0) {
            return 0;
        }
        return Math.pow(r / residual[sample][first], 1.0 / (step[sample][last] - step[sample][first]));
    }
}
