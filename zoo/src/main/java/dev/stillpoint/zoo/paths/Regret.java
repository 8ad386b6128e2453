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
        requireRows("ofCosts", predicted.length, truth);
        ShortestPath solver = new ShortestPath(truth.grid());
        double[] paid = new double[predicted.length];
        for (int i = 0; i < paid.length; i++) {
            paid[i] = solver.cost(truth.costs()[i], solver.solve(predicted[i]));
        }
        return ofPaid("ofCosts", paid, truth);
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
        requireRows("ofPaths", paths.length, truth);
        double[] paid = new double[paths.length];
        for (int i = 0; i < paid.length; i++) {
            paid[i] = paid(paths[i], truth, i);
        }
        return ofPaid("ofPaths", paid, truth);
    }

    /** What a decided path costs in a row, cᵀx̂. */
    static double paid(float[] path, PathData truth, int row) {
        if (!truth.grid().isPath(path)) {
            throw new IllegalArgumentException("ofPaths: need a path in row " + row + ", got another arc vector");
        }
        return new ShortestPath(truth.grid()).cost(truth.costs()[row], path);
    }

    /** The regret of decisions of which nothing but their costs is kept. */
    static Regret ofPaid(String operation, double[] paid, PathData truth) {
        requireRows(operation, paid.length, truth);
        double regret = 0;
        double scale = 0;
        int same = 0;
        for (int i = 0; i < paid.length; i++) {
            double excess = paid[i] - truth.optimalCosts()[i];
            regret += excess;
            scale += Math.abs(truth.optimalCosts()[i]);
            same += excess < SAME_COST ? 1 : 0;
        }
        requireScale(operation, scale);
        return new Regret(regret / scale, (double) same / paid.length);
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
        requireRows("relaxed", flows.length, truth);
        ShortestPath solver = new ShortestPath(truth.grid());
        double[] paid = new double[flows.length];
        for (int i = 0; i < paid.length; i++) {
            paid[i] = solver.cost(truth.costs()[i], flows[i]);
        }
        return relaxed(paid, truth);
    }

    /** The same of flows of which nothing but their costs is kept. */
    static double relaxed(double[] paid, PathData truth) {
        requireRows("relaxed", paid.length, truth);
        double cost = 0;
        double scale = 0;
        for (int i = 0; i < paid.length; i++) {
            cost += paid[i];
            scale += truth.optimalCosts()[i];
        }
        requireScale("relaxed", scale);
        return cost / scale - 1;
    }

    private static void requireRows(String operation, int rows, PathData truth) {
        if (rows != truth.size()) {
            throw new IllegalArgumentException(
                    operation + ": need [" + truth.size() + ", E] rows, got [" + rows + ", E]");
        }
    }

    private static void requireScale(String operation, double scale) {
        if (scale == 0) {
            throw new IllegalArgumentException(operation + ": need optimal costs that do not sum to 0, got 0");
        }
    }
}
