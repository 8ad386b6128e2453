package dev.stillpoint.zoo.problem;

/**
 * A row's own {x : Ax = b, l ≤ x ≤ u} for the A that all rows share.
 *
 * @param rightHandSide b, [m], finite
 * @param lower l, [n], −∞ where there is no bound
 * @param upper u, [n], ∞ where there is no bound
 */
public record PolytopeQuery(double[] rightHandSide, double[] lower, double[] upper) {
    /** Copies the arrays. */
    public PolytopeQuery {
        rightHandSide = rightHandSide.clone();
        lower = lower.clone();
        upper = upper.clone();
    }

    /** The same bounds with another right-hand side. */
    public PolytopeQuery withRightHandSide(double[] b) {
        return new PolytopeQuery(b, lower, upper);
    }
}
