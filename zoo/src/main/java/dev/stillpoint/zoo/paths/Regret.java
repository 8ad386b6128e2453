package dev.stillpoint.zoo.paths;

/**
 * What decisions x̂ cost against the optimal ones: the normalised regret Σᵢ (cᵢᵀx̂ᵢ − cᵢᵀxᵢ*) / Σᵢ |cᵢᵀxᵢ*|, and the
 * share of rows whose regret is below 1e-3. Depends on the rows: state the floor of the same rows beside it
 * ({@link PathGenerator#noiseFreeCosts}).
 *
 * <p>Reference: Elmachtoub and Grigas 2022, "Smart predict, then optimize", Management Science 68(1); normalised as in
 * PyEPO.
 *
 * @param normalised 0 for optimal decisions, never below
 * @param accuracy 0 to 1
 */
public record Regret(double normalised, double accuracy) {
    private static final double SAME_COST = 1e-3;

    /**
     * The regret of the exact decisions for predicted costs.
     *
     * @param predicted predicted costs ĉ [size, E], finite
     * @param truth the instances
     * @return the regret of x*(ĉ)
     * @throws IllegalArgumentException for other shapes or costs that are not finite
     */
    public static Regret ofCosts(float[][] predicted, PathData truth) {
        requireRows("ofCosts", predicted, truth);
        return ofPaths(new ShortestPath(truth.grid()).solve(predicted), truth);
    }

    /**
     * The regret of decided paths.
     *
     * @param paths 0/1 arc indicators [size, E]
     * @param truth the instances
     * @return the regret
     * @throws IllegalArgumentException for other shapes, or a row that is no path
     */
    public static Regret ofPaths(float[][] paths, PathData truth) {
        requireRows("ofPaths", paths, truth);
        ShortestPath solver = new ShortestPath(truth.grid());
        double regret = 0;
        double scale = 0;
        int same = 0;
        for (int i = 0; i < paths.length; i++) {
            if (!truth.grid().isPath(paths[i])) {
                throw new IllegalArgumentException("ofPaths: need a path in row " + i + ", got another arc vector");
            }
            double excess = solver.cost(truth.costs()[i], paths[i]) - truth.optimalCosts()[i];
            regret += excess;
            scale += Math.abs(truth.optimalCosts()[i]);
            same += excess < SAME_COST ? 1 : 0;
        }
        requireScale("ofPaths", scale);
        return new Regret(regret / scale, (double) same / paths.length);
    }

    /**
     * The relaxed cost Σᵢ cᵢᵀxᵢ / Σᵢ cᵢᵀxᵢ* − 1 of fractional flows, before any decoding. May be negative where the
     * flows violate their constraints.
     *
     * @param flows flows x [size, E]
     * @param truth the instances
     * @return the relative excess cost
     * @throws IllegalArgumentException for other shapes
     */
    public static double relaxed(float[][] flows, PathData truth) {
        requireRows("relaxed", flows, truth);
        ShortestPath solver = new ShortestPath(truth.grid());
        double cost = 0;
        double scale = 0;
        for (int i = 0; i < flows.length; i++) {
            cost += solver.cost(truth.costs()[i], flows[i]);
            scale += truth.optimalCosts()[i];
        }
        requireScale("relaxed", scale);
        return cost / scale - 1;
    }

    private static void requireRows(String operation, float[][] rows, PathData truth) {
        if (rows.length != truth.size()) {
            throw new IllegalArgumentException(
                    operation + ": need [" + truth.size() + ", E] rows, got [" + rows.length + ", E]");
        }
    }

    private static void requireScale(String operation, double scale) {
        if (scale == 0) {
            throw new IllegalArgumentException(operation + ": need optimal costs that do not sum to 0, got 0");
        }
    }
}
