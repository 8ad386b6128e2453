package dev.stillpoint.solver;

/** The residuals of one sample's last few looks, for γ̂. */
final class ResidualTrace {
    /** Long enough to average over the beat of two complex eigenvalues, short enough to forget how the solve began. */
    private static final int LOOKS = 5;

    private final double[] residual = new double[LOOKS];
    private final int[] step = new int[LOOKS];
    /** Where the next look goes: over the oldest, once {@code full}. */
    private int slot;

    private boolean full;

    void add(int atStep, double r) {
        residual[slot] = r;
        step[slot] = atStep;
        if (++slot == LOOKS) {
            slot = 0;
            full = true;
        }
    }

    /** γ̂ = (last/first)^(1/steps between them) over the looks that are remembered; NaN for fewer than two. */
    double ratio() {
        if (!full && slot < 2) {
            return Double.NaN;
        }
        int last = slot == 0 ? LOOKS - 1 : slot - 1;
        int first = full ? slot : 0;
        if (residual[last] == 0) {
            return 0;
        }
        return Math.pow(residual[last] / residual[first], 1.0 / (step[last] - step[first]));
    }
}
