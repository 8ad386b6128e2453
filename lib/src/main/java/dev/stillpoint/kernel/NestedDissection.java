package dev.stillpoint.kernel;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Nested dissection: a separator last, before it the two sides that it leaves, each the same way; what is small, or has
 * no small separator, by minimum degree with the separators around it counted in the degrees.
 *
 * <p>Reference: George 1973, "Nested dissection of a regular finite element mesh", SIAM J. Numer. Anal. 10(2).
 */
final class NestedDissection {
    /** Measured on grids of 30 x 30 to 300 x 300: half or twice as many vertices change the fill by a hundredth. */
    static final int LEAF = 400;

    /** A separator of more than this share of the vertices is no use. */
    private static final double POOR = 0.25;

    private final Graph graph;
    /** The number of a vertex within a set at hand, else −1. */
    private final int[] local;

    private final int[] order;
    /** The order is known from here on. */
    private int unfilled;

    private NestedDissection(Graph graph) {
        this.graph = graph;
        local = new int[graph.size];
        Arrays.fill(local, -1);
        order = new int[graph.size];
        unfilled = graph.size;
    }

    /** The order for one seed of the random choices. */
    static int[] order(Graph graph, long seed) {
        return new NestedDissection(graph).run(seed);
    }

    private int[] run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ArrayDeque<int[]> waiting = new ArrayDeque<>();
        int[] all = new int[graph.size];
        for (int v = 0; v < all.length; v++) {
            all[v] = v;
        }
        waiting.push(all);
        while (!waiting.isEmpty()) {
            int[] set = waiting.pop();
            byte[] side = set.length > LEAF ? Separator.of(graph.induced(set, set.length, local), random) : new byte[0];
            int[] middle = select(set, side, Separator.MIDDLE);
            int[] left = select(set, side, 0);
            int[] right = select(set, side, 1);
            if (left.length == 0 || right.length == 0 || middle.length > POOR * set.length) {
                leaf(set);
            } else {
                fill(middle);
                waiting.push(left);
                waiting.push(right);
            }
        }
        return order;
    }

    /** Numbers the set and, after it, all around it; fills the end of what is unfilled. */
    private void leaf(int[] set) {
        for (int k = 0; k < set.length; k++) {
            local[set[k]] = k;
        }
        int[] members = Arrays.copyOf(set, Math.max(16, 2 * set.length));
        int count = set.length;
        for (int k = 0; k < set.length; k++) {
            for (int p = graph.pointers[set[k]]; p < graph.pointers[set[k] + 1]; p++) {
                int u = graph.neighbours[p];
                if (local[u] < 0) {
                    if (count == members.length) {
                        members = Arrays.copyOf(members, 2 * count);
                    }
                    local[u] = count;
                    members[count++] = u;
                }
            }
        }
        members = Arrays.copyOf(members, count);
        for (int k = 0; k < count; k++) {
            local[members[k]] = -1;
        }
        Graph around = graph.induced(members, set.length, local);
        boolean[] surrounding = new boolean[count];
        Arrays.fill(surrounding, set.length, count, true);
        int[] sequence = MinimumDegree.order(around.pointers, around.neighbours, surrounding);
        int[] ordered = new int[set.length];
        for (int k = 0; k < set.length; k++) {
            ordered[k] = members[sequence[k]];
        }
        fill(ordered);
    }

    private static int[] select(int[] set, byte[] side, int which) {
        int[] result = new int[side.length];
        int count = 0;
        for (int k = 0; k < side.length; k++) {
            if (side[k] == which) {
                result[count++] = set[k];
            }
        }
        return Arrays.copyOf(result, count);
    }

    private void fill(int[] last) {
        unfilled -= last.length;
        System.arraycopy(last, 0, order, unfilled, last.length);
    }
}
