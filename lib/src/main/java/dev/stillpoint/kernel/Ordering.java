package dev.stillpoint.kernel;

import java.util.Arrays;

/** Orders of elimination that keep the Cholesky factor of a symmetric matrix sparse. */
public final class Ordering {
    /** Seeds of nested dissection: the best of five has about 3 % less fill on grids than one, for 5 times 0.2 s at 90,000. */
    private static final int TRIES = 5;
    /** Nested dissection that much worse than minimum degree is not tried again. */
    private static final double HOPELESS = 1.1;

    /** A hub has this many times √n neighbours, and this many times the average. */
    private static final double HUB = 10;

    private Ordering() {}

    /**
     * The better of minimum degree and nested dissection by the exact number of entries of the factor, postordered.
     *
     * @param symmetric [n, n] with a symmetric pattern; values do not matter
     * @return order[k] = the original index eliminated k-th
     * @throws IllegalArgumentException for a pattern that is not symmetric
     */
    public static int[] of(SparseMatrix symmetric) {
        checkSymmetric(symmetric);
        return tree(symmetric).order();
    }

    /** The order with its elimination tree. */
    static EliminationTree tree(SparseMatrix symmetric) {
        Graph whole = Graph.of(symmetric);
        int[] split = hubsLast(whole);
        int[] scratch = new int[whole.size];
        Arrays.fill(scratch, -1);
        int inner = whole.size - hubs(whole);
        Graph graph = inner == whole.size ? whole : whole.induced(Arrays.copyOf(split, inner), inner, scratch);

        EliminationTree best = EliminationTree.of(
                symmetric,
                compose(MinimumDegree.order(graph.pointers, graph.neighbours.clone(), new boolean[inner]), split));
        // Trees and cliques: where the factor is about the matrix, there is nothing to gain.
        if (inner <= NestedDissection.LEAF || best.nonZeros() <= whole.neighbours.length) {
            return best;
        }
        for (int seed = 0; seed < TRIES; seed++) {
            EliminationTree other = EliminationTree.of(symmetric, compose(NestedDissection.order(graph, seed), split));
            if (other.nonZeros() == best.nonZeros() || other.nonZeros() > HOPELESS * best.nonZeros()) {
                return best;
            }
            if (other.nonZeros() < best.nonZeros()) {
                best = other;
            }
        }
        return best;
    }

    /** All vertices as numbered, the hubs after the others. */
    private static int[] hubsLast(Graph graph) {
        int[] result = new int[graph.size];
        int inner = 0;
        int hubs = 0;
        for (int v = 0; v < graph.size; v++) {
            if (isHub(graph, v)) {
                result[graph.size - ++hubs] = v;
            } else {
                result[inner++] = v;
            }
        }
        return result;
    }

    private static int hubs(Graph graph) {
        int hubs = 0;
        for (int v = 0; v < graph.size; v++) {
            hubs += isHub(graph, v) ? 1 : 0;
        }
        return hubs;
    }

    /** Joined to so many that every elimination would touch it, and it would be eliminated last in any case. */
    private static boolean isHub(Graph graph, int v) {
        double degree = graph.pointers[v + 1] - graph.pointers[v];
        return degree > HUB * Math.sqrt(graph.size) && degree > HUB * graph.neighbours.length / graph.size;
    }

    /** The order of the first vertices of {@code split}, and then the rest of them. */
    private static int[] compose(int[] order, int[] split) {
        int[] result = split.clone();
        for (int k = 0; k < order.length; k++) {
            result[k] = split[order[k]];
        }
        return result;
    }

    private static void checkSymmetric(SparseMatrix matrix) {
        if (matrix.rows() != matrix.columns()) {
            throw new IllegalArgumentException(
                    "Ordering: need a square matrix, got " + matrix.rows() + " x " + matrix.columns());
        }
        SparseMatrix transposed = matrix.transpose();
        if (!Arrays.equals(matrix.pointers(), transposed.pointers())
                || !Arrays.equals(matrix.indices(), transposed.indices())) {
            throw new IllegalArgumentException("Ordering: need a symmetric pattern, got one that is not");
        }
    }
}
