package dev.stillpoint.solver;

/**
 * Says when a sample's residual is rounding: T(z) and z differ by some roundings of ‖z‖, and that over many looks neither
 * falls nor leads anywhere.
 *
 * <p>The last is what tells rounding from a slow convergence, whose residual may be as small: a mode that contracts slowly
 * moves the solution x = S(z) by almost the same at every step. x is asked, not z, because rounding adds up along the
 * directions in which z is not unique. So where a sample is found, x stands still to some tens of roundings.
 */
final class RoundingFloor {
    /** In units of the precision's rounding times ‖z‖: sums inside T left 32 on the largest of the grids tried. */
    private static final double ROUNDINGS = 64;
    /** Long enough that a walk of roundings, √LOOKS residuals, stays below a quarter of a straight line. */
    private static final int LOOKS = 32;
    /** A residual that falls less than this from one half of the looks to the other stands still. */
    private static final double FALL = 0.9;

    private final double rounding;
    private int looks;
    /** Whether x is known at the look before these. */
    private boolean begun;
    /** Whether the residual was above the level at one of these looks. */
    private boolean above;
    /** The smallest residual of the first half of these looks, and of the second. */
    private double early = Double.POSITIVE_INFINITY;

    private double late = Double.POSITIVE_INFINITY;
    private boolean found;

    RoundingFloor(double rounding) {
        this.rounding = rounding;
    }

    /** The largest residual that rounding explains, where numbers of the norm {@code size} are summed. */
    static double level(double rounding, double size) {
        return ROUNDINGS * rounding * size;
    }

    /**
     * Looks at the sample.
     *
     * @param residual ‖T(z) − z‖
     * @param size ‖z‖
     * @return whether {@link #moved} is to be told how far x went; once in a while, near the sample's rounding
     */
    boolean look(double residual, double size) {
        // Written so that NaN is above.
        boolean near = residual <= level(rounding, size);
        if (!near) {
            above = true;
            found = false;
        } else if (looks < LOOKS / 2) {
            early = Math.min(early, residual);
        } else {
            late = Math.min(late, residual);
        }
        if (++looks < LOOKS) {
            return false;
        }
        looks = 0;
        if (!near) {
            restart(false);
        }
        return near;
    }

    /**
     * Judges the looks since this was last called, if they are all that a window has.
     *
     * @param distance ‖x − x'‖ with x' as it was then
     * @param residual ‖T(z) − z‖ now
     */
    void moved(double distance, double residual) {
        found |= begun && !above && late >= FALL * early && distance <= LOOKS / 4.0 * residual;
        restart(true);
    }

    /** Whether the sample has been found; it stays so while its residual is that small. */
    boolean found() {
        return found;
    }

    private void restart(boolean known) {
        begun = known;
        above = false;
        early = Double.POSITIVE_INFINITY;
        late = Double.POSITIVE_INFINITY;
    }
}
