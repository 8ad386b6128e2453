package dev.stillpoint.kernel;

/**
 * l ≤ x ≤ u, the same for all samples; infinities allowed. The arrays are not copied.
 *
 * @param lower l, [n]
 * @param upper u, [n]
 */
public record Bounds(float[] lower, float[] upper) {
    /** Checks the lengths. */
    public Bounds {
        if (lower.length != upper.length) {
            throw new IllegalArgumentException(
                    "Bounds: need bounds of one length, got " + lower.length + " and " + upper.length);
        }
    }
}
