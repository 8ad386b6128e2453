package dev.stillpoint.zoo.paths;

import dev.stillpoint.data.Split;

/**
 * Shortest-path instances: contexts d, the arcs' true costs c, and for each the optimal path x*(c) and its cost. The
 * arrays are shared with the caller, not copied: treat them as read-only.
 */
public final class PathData {
    private final Grid grid;
    private final float[][] contexts;
    private final float[][] costs;
    private final int[][] arcs;
    private final double[] optimalCosts;

    private PathData(Grid grid, float[][] contexts, float[][] costs, int[][] arcs, double[] optimalCosts) {
        this.grid = grid;
        this.contexts = contexts;
        this.costs = costs;
        this.arcs = arcs;
        this.optimalCosts = optimalCosts;
    }

    /**
     * Instances from known contexts and costs; solves each exactly, O(rows·E).
     *
     * @param grid the graph
     * @param contexts finite features [rows, p], rows at least 1
     * @param costs finite costs of the arcs [rows, E]
     * @return the instances
     * @throws IllegalArgumentException for other shapes, or numbers that are not finite
     */
    public static PathData of(Grid grid, float[][] contexts, float[][] costs) {
        if (contexts.length == 0 || contexts.length != costs.length) {
            throw new IllegalArgumentException("PathData: need as many contexts as costs and at least one, got "
                    + contexts.length + " and " + costs.length);
        }
        int features = contexts[0].length;
        for (int i = 0; i < contexts.length; i++) {
            if (contexts[i].length != features) {
                throw new IllegalArgumentException("PathData: need [" + features + "] features in row " + i + ", got ["
                        + contexts[i].length + "]");
            }
            for (float feature : contexts[i]) {
                if (!Float.isFinite(feature)) {
                    throw new IllegalArgumentException(
                            "PathData: need finite features, got " + feature + " in row " + i);
                }
            }
        }
        ShortestPath solver = new ShortestPath(grid);
        int[][] arcs = new int[costs.length][];
        double[] optimalCosts = new double[costs.length];
        for (int i = 0; i < costs.length; i++) {
            float[] path = solver.solve(costs[i]);
            arcs[i] = grid.arcs(path);
            optimalCosts[i] = solver.cost(costs[i], path);
        }
        return new PathData(grid, contexts, costs, arcs, optimalCosts);
    }

    /**
     * Some of the rows, for instance those of a {@link Split}.
     *
     * @param rows which rows, at least one
     * @return the instances of those rows, in that order
     * @throws IllegalArgumentException for a row outside the data, or no row
     */
    public PathData select(int[] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("select: need at least one row, got none");
        }
        float[][] selected = Split.select(contexts, rows);
        int[][] paths = new int[rows.length][];
        double[] optimal = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            paths[i] = arcs[rows[i]];
            optimal[i] = optimalCosts[rows[i]];
        }
        return new PathData(grid, selected, Split.select(costs, rows), paths, optimal);
    }

    /**
     * The graph of all rows.
     *
     * @return the grid
     */
    public Grid grid() {
        return grid;
    }

    /**
     * The number of instances.
     *
     * @return at least 1
     */
    public int size() {
        return contexts.length;
    }

    /**
     * The contexts d.
     *
     * @return [size, p]
     */
    public float[][] contexts() {
        return contexts;
    }

    /**
     * The arcs' true costs c, unknown to a predictor.
     *
     * @return [size, E]
     */
    public float[][] costs() {
        return costs;
    }

    /**
     * The optimal paths x*(c) as {@link Grid#arcs(float[])}: on a large grid far fewer numbers than their indicators.
     *
     * @return [size, 2(k−1)]
     */
    public int[][] arcs() {
        return arcs;
    }

    /**
     * The optimal path x*(c) of a row as 0/1 arc indicator.
     *
     * @param row 0 to size−1
     * @return a new array [E]
     */
    public float[] path(int row) {
        float[] path = new float[grid.arcs()];
        for (int arc : arcs[row]) {
            path[arc] = 1;
        }
        return path;
    }

    /**
     * The optimal costs cᵀx*(c).
     *
     * @return [size]
     */
    public double[] optimalCosts() {
        return optimalCosts;
    }
}
