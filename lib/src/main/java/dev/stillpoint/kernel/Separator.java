package dev.stillpoint.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small set of vertices without which a graph falls into two sides of similar weight, found on a much coarser graph
 * and refined on every finer one. The random choices have a fixed seed.
 *
 * <p>Reference: Karypis and Kumar 1998, "A fast and high quality multilevel scheme for partitioning irregular graphs",
 * SIAM J. Sci. Comput. 20(1); refinement of vertex separators after Ashcraft and Liu 1998.
 */
final class Separator {
    /** Neither side: in the separator. */
    static final byte MIDDLE = 2;

    private static final int COARSEST = 60;
    private static final int STARTS = 8;
    /** Coarsening that leaves more than this share of the vertices is not worth a level. */
    private static final double STALLED = 0.9;

    private Separator() {}

    /** For each vertex 0, 1 or {@link #MIDDLE}; no edge joins 0 and 1. */
    static byte[] of(Graph graph, SplittableRandom random) {
        List<Graph> graphs = new ArrayList<>();
        List<int[]> maps = new ArrayList<>();
        Graph coarsest = graph;
        while (coarsest.size > COARSEST) {
            int[] map = coarsest.pairs(random);
            int count = 0;
            for (int v = 0; v < map.length; v++) {
                count = Math.max(count, map[v] + 1);
            }
            if (count > STALLED * coarsest.size) {
                break;
            }
            graphs.add(coarsest);
            maps.add(map);
            coarsest = coarsest.contracted(map, count);
        }
        byte[] side = best(coarsest, random);
        for (int level = graphs.size() - 1; level >= 0; level--) {
            int[] map = maps.get(level);
            byte[] finer = new byte[map.length];
            for (int v = 0; v < map.length; v++) {
                finer[v] = side[map[v]];
            }
            side = finer;
            new SeparatorRefinement(graphs.get(level), side).run();
        }
        return side;
    }

    private static byte[] best(Graph graph, SplittableRandom random) {
        byte[] best = {};
        long least = Long.MAX_VALUE;
        for (int start = 0; start < STARTS; start++) {
            byte[] side = grown(graph, random.nextInt(graph.size));
            long cost = new SeparatorRefinement(graph, side).run();
            if (cost < least) {
                least = cost;
                best = side;
            }
        }
        return best;
    }

    /** Half of the weight, by breadth from one vertex; those of it that touch the other half are the separator. */
    private static byte[] grown(Graph graph, int start) {
        byte[] side = new byte[graph.size];
        Arrays.fill(side, (byte) 1);
        int[] queue = new int[graph.size];
        boolean[] seen = new boolean[graph.size];
        long half = graph.weight() / 2;
        long weight = 0;
        int count = 0;
        int next = 0;
        // Another start where a component is used up.
        for (int k = 0; k < graph.size && weight < half; k++) {
            int root = (start + k) % graph.size;
            if (!seen[root]) {
                seen[root] = true;
                queue[count++] = root;
            }
            while (next < count && weight < half) {
                int v = queue[next++];
                side[v] = 0;
                weight += graph.weights[v];
                for (int p = graph.pointers[v]; p < graph.pointers[v + 1]; p++) {
                    int u = graph.neighbours[p];
                    if (!seen[u]) {
                        seen[u] = true;
                        queue[count++] = u;
                    }
                }
            }
        }
        for (int v = 0; v < graph.size; v++) {
            for (int p = graph.pointers[v]; p < graph.pointers[v + 1] && side[v] == 0; p++) {
                if (side[graph.neighbours[p]] == 1) {
                    side[v] = MIDDLE;
                }
            }
        }
        return side;
    }
}
