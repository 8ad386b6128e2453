package dev.stillpoint.certificate;

/**
 * Passes when value ≤ tolerance, fails otherwise. For what must hold, such as constraints.
 *
 * @param name the property
 * @param tolerance ≥ 0, in the property's unit
 */
public record HardLimit(String name, double tolerance) implements Check {
    /** Checks the tolerance. */
    public HardLimit {
        if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
            throw new IllegalArgumentException("HardLimit: need finite tolerance >= 0, got " + tolerance);
        }
    }

    @Override
    public Label label(double value) {
        return value <= tolerance ? Label.PASS : Label.FAIL;
    }
}
