package dev.stillpoint.zoo.paths;

import dev.stillpoint.kernel.SparseMatrix;

/**
 * The directed k x k grid of PyEPO: nodes row by row from 0 (north-west, the source) to k²−1 (south-east, the sink),
 * arcs right and down alone. Arcs are numbered row by row: first the k−1 right arcs of row i, then its k down arcs
 * unless it is the last row. Every path from source to sink has 2(k−1) arcs.
 *
 * <p>Reference: Tang and Khalil 2024, "PyEPO", arXiv 2206.14234, shortest path.
 *
 * @param k nodes on a side, 2 to 32,768
 */
public record Grid(int k) {
    private static final int MAX_SIDE = 32_768;

    /**
     * Checks the size.
     *
     * @param k nodes on a side, 2 to 32,768
     * @throws IllegalArgumentException for k below 2, or so large that arcs no longer have an int for a number
     */
    public Grid {
        if (k < 2) {
            throw new IllegalArgumentException("Grid: need k >= 2, got " + k);
        }
        if (k > MAX_SIDE) {
            throw new IllegalArgumentException("Grid: need k <= " + MAX_SIDE + ", got " + k);
        }
    }

    /**
     * The number of nodes, k².
     *
     * @return at least 4
     */
    public int nodes() {
        return k * k;
    }

    /**
     * The number of arcs, E = 2k(k−1).
     *
     * @return at least 4
     */
    public int arcs() {
        return 2 * k * (k - 1);
    }

    /**
     * The arcs on every path from source to sink, 2(k−1).
     *
     * @return at least 2
     */
    public int pathLength() {
        return 2 * (k - 1);
    }

    /**
     * The arc from node (row, column) to (row, column + 1).
     *
     * @param row 0 to k−1
     * @param column 0 to k−2
     * @return the arc's number
     * @throws IllegalArgumentException where there is no such arc
     */
    public int rightArc(int row, int column) {
        requireWithin("rightArc row", row, k);
        requireWithin("rightArc column", column, k - 1);
        return row * (2 * k - 1) + column;
    }

    /**
     * The arc from node (row, column) to (row + 1, column).
     *
     * @param row 0 to k−2
     * @param column 0 to k−1
     * @return the arc's number
     * @throws IllegalArgumentException where there is no such arc
     */
    public int downArc(int row, int column) {
        requireWithin("downArc row", row, k - 1);
        requireWithin("downArc column", column, k);
        return row * (2 * k - 1) + k - 1 + column;
    }

    /**
     * The node an arc leaves.
     *
     * @param arc 0 to E−1
     * @return the node
     * @throws IllegalArgumentException for another arc
     */
    public int tail(int arc) {
        requireWithin("tail arc", arc, arcs());
        int row = arc / (2 * k - 1);
        int place = arc % (2 * k - 1);
        return row * k + (place < k - 1 ? place : place - (k - 1));
    }

    /**
     * The node an arc enters.
     *
     * @param arc 0 to E−1
     * @return the node
     * @throws IllegalArgumentException for another arc
     */
    public int head(int arc) {
        return tail(arc) + (arc % (2 * k - 1) < k - 1 ? 1 : k);
    }

    /**
     * The incidence matrix A [k², E]: −1 at an arc's tail, +1 at its head, 2E entries.
     *
     * @return a new matrix [k², E]
     */
    public SparseMatrix incidence() {
        int[] node = new int[Math.multiplyExact(2, arcs())];
        int[] arcs = new int[node.length];
        double[] sign = new double[node.length];
        for (int arc = 0; arc < arcs(); arc++) {
            node[2 * arc] = tail(arc);
            node[2 * arc + 1] = head(arc);
            arcs[2 * arc] = arc;
            arcs[2 * arc + 1] = arc;
            sign[2 * arc] = -1;
            sign[2 * arc + 1] = 1;
        }
        return SparseMatrix.ofTriplets(nodes(), arcs(), node, arcs, sign);
    }

    /**
     * The right-hand side b of the unit flow A·x = b: −1 at the source, +1 at the sink, 0 elsewhere.
     *
     * @return a new array [k²]
     */
    public double[] supply() {
        double[] b = new double[nodes()];
        b[0] = -1;
        b[nodes() - 1] = 1;
        return b;
    }

    /**
     * Whether x is the indicator of a path: x in {0, 1}ᴱ and A·x = b, exactly. O(E).
     *
     * @param x arcs [E]
     * @return true for a path from source to sink
     * @throws IllegalArgumentException for another length
     */
    public boolean isPath(float[] x) {
        requireArcs("isPath", x);
        int taken = 0;
        for (float arc : x) {
            if (arc != 0f && arc != 1f) {
                return false;
            }
            taken += arc == 1f ? 1 : 0;
        }
        return taken == pathLength() && follow(x, new int[pathLength() + 1]);
    }

    /**
     * The nodes on a path, from 0 to k²−1.
     *
     * @param path its arc indicator [E]
     * @return a new array [2k−1]
     * @throws IllegalArgumentException unless {@link #isPath}
     */
    public int[] nodes(float[] path) {
        if (!isPath(path)) {
            throw new IllegalArgumentException("nodes: need the 0/1 indicator of one path, got something else");
        }
        int[] nodes = new int[pathLength() + 1];
        follow(path, nodes);
        return nodes;
    }

    /**
     * The arcs on a path, from source to sink, which is in ascending order: 2(k−1) numbers in place of E.
     *
     * @param path its arc indicator [E]
     * @return a new array [2(k−1)]
     * @throws IllegalArgumentException unless {@link #isPath}
     */
    public int[] arcs(float[] path) {
        if (!isPath(path)) {
            throw new IllegalArgumentException("arcs: need the 0/1 indicator of one path, got something else");
        }
        int[] arcs = new int[pathLength()];
        int count = 0;
        for (int arc = 0; arc < path.length; arc++) {
            if (path[arc] == 1f) {
                arcs[count++] = arc;
            }
        }
        return arcs;
    }

    /** Walks from the source along arcs of 1; whether that reaches the sink. */
    private boolean follow(float[] x, int[] nodes) {
        int row = 0;
        int column = 0;
        for (int i = 1; i < nodes.length; i++) {
            if (column < k - 1 && x[rightArc(row, column)] == 1f) {
                column++;
            } else if (row < k - 1 && x[downArc(row, column)] == 1f) {
                row++;
            } else {
                return false;
            }
            nodes[i] = row * k + column;
        }
        return true;
    }

    /** Names the operation where an arc vector has another length. */
    void requireArcs(String operation, float[] x) {
        if (x.length != arcs()) {
            throw new IllegalArgumentException(operation + ": need [" + arcs() + "] arcs, got [" + x.length + "]");
        }
    }

    private static void requireWithin(String name, int value, int end) {
        if (value < 0 || value >= end) {
            throw new IllegalArgumentException(name + ": need 0 to " + (end - 1) + ", got " + value);
        }
    }
}
