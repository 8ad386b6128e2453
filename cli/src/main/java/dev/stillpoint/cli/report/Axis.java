package dev.stillpoint.cli.report;

/**
 * A range that begins and ends on round numbers, with a step of 1, 2 or 5 times a power of ten between its ticks.
 *
 * @param low the first tick
 * @param high the last tick, above low
 * @param step between ticks
 */
record Axis(double low, double high, double step) {
    /**
     * The tightest one around [least, most], finite numbers, with about {@code steps} steps. Where both are equal, it has
     * them in its middle.
     *
     * @param finest the smallest step that makes sense, 0 for any
     */
    static Axis around(double least, double most, int steps, double finest) {
        double size = Math.max(Math.abs(least), Math.abs(most));
        if (most - least <= 1e-9 * size || most <= least) {
            double half = Math.max(finest, size == 0 ? 1 : 0.1 * size);
            return around(least - half, most + half, 2, finest);
        }
        double step = Math.max(finest, round((most - least) / steps));
        // A bound that is a tick but for rounding stays one.
        double low = step * Math.floor(least / step + 1e-9);
        double high = step * Math.ceil(most / step - 1e-9);
        return new Axis(low, high, step);
    }

    /** How many decimals its ticks need. */
    int decimals() {
        return Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
    }

    private static double round(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double lead = step / power;
        return power * (lead <= 1 + 1e-9 ? 1 : lead <= 2 + 1e-9 ? 2 : lead <= 5 + 1e-9 ? 5 : 10);
    }
}
