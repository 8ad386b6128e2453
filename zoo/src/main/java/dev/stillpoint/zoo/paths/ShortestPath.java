package dev.stillpoint.zoo.paths;

/**
 * Exact shortest paths argmin {cᵀx : x a path}, by dynamic programming from the sink: V(v) = min over arcs v→u of
 * c + V(u), in double. O(E) time. The grid has no cycles, so costs may be negative. Of equally cheap continuations
 * (equal as doubles) the path takes the right arc: the result depends on the costs alone.
 *
 * @param grid the graph
 */
public record ShortestPath(Grid grid) {
    /**
     * The cheapest path.
     *
     * @param cost finite costs of the arcs [E]
     * @return the path's 0/1 arc indicator, a new array [E]
     * @throws IllegalArgumentException for another length, or a cost that is not finite
     */
    public float[] solve(float[] cost) {
        return best("ShortestPath", cost, 1);
    }

    /**
     * The path p nearest to a relaxed flow x. All paths have as many arcs, so argmin ‖x − p‖² = argmax xᵀp: the path
     * with the greatest sum of flow, from the same dynamic programme. A path decodes to itself. Following the larger
     * outgoing flow node by node instead can miss this path.
     *
     * @param flow finite flows on the arcs [E], from a network or a solver; any sign
     * @return the path's 0/1 arc indicator, a new array [E]
     * @throws IllegalArgumentException for another length, or a flow that is not finite
     */
    public float[] decode(float[] flow) {
        return best("decode", flow, -1);
    }

    /**
     * The cost cᵀx of a path or a relaxed flow, summed in double.
     *
     * @param cost the arcs' costs [E]
     * @param x a path or flow [E]
     * @return the cost
     * @throws IllegalArgumentException for another length
     */
    public double cost(float[] cost, float[] x) {
        grid.requireArcs("cost", cost);
        grid.requireArcs("cost", x);
        double sum = 0;
        for (int e = 0; e < cost.length; e++) {
            sum += (double) cost[e] * x[e];
        }
        return sum;
    }

    /** Minimises sign·wᵀp over the paths p. */
    private float[] best(String operation, float[] w, int sign) {
        grid.requireArcs(operation, w);
        for (int e = 0; e < w.length; e++) {
            if (!Float.isFinite(w[e])) {
                throw new IllegalArgumentException(operation + ": need finite numbers, got " + w[e] + " at arc " + e);
            }
        }
        int k = grid.k();
        int stride = 2 * k - 1;
        int last = k - 1;
        float[] path = new float[w.length];
        // Two rows of values to the sink, and at each node whether right is best.
        double[] value = new double[k];
        boolean[] right = new boolean[k * k];
        for (int row = last; row >= 0; row--) {
            for (int column = last; column >= 0; column--) {
                int rightArc = row * stride + column;
                double across = column < last ? sign * (double) w[rightArc] + value[column + 1] : 0;
                double down = row < last ? sign * (double) w[rightArc + last] + value[column] : 0;
                boolean goRight = column < last && (row == last || across <= down);
                right[row * k + column] = goRight;
                value[column] = goRight ? across : down;
            }
        }
        int column = 0;
        for (int row = 0; row < last || column < last; ) {
            int rightArc = row * stride + column;
            if (right[row * k + column]) {
                path[rightArc] = 1;
                column++;
            } else {
                path[rightArc + last] = 1;
                row++;
            }
        }
        return path;
    }
}
