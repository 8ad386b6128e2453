package dev.stillpoint.zoo.problem;

/**
 * Which edges a path from the origin to the destination can use: those on some way from one to the other that are open,
 * do not enter the origin and do not leave the destination. O(N + E).
 */
final class Reach {
    /** Nodes that the origin gets to. */
    final boolean[] forward;
    /** Nodes that get to the destination. */
    final boolean[] backward;

    final boolean[] usable;

    private Reach(boolean[] forward, boolean[] backward, boolean[] usable) {
        this.forward = forward;
        this.backward = backward;
        this.usable = usable;
    }

    static Reach of(Digraph graph, int origin, int destination, int[] closed) {
        boolean[] usable = new boolean[graph.edges()];
        for (int e = 0; e < usable.length; e++) {
            usable[e] = graph.head[e] != origin && graph.tail[e] != destination;
        }
        for (int e : closed) {
            usable[e] = false;
        }
        boolean[] forward = search(graph.nodes, origin, usable, graph.outStart, graph.outEdge, graph.head);
        boolean[] backward = search(graph.nodes, destination, usable, graph.inStart, graph.inEdge, graph.tail);
        for (int e = 0; e < usable.length; e++) {
            usable[e] &= forward[graph.tail[e]] && backward[graph.head[e]];
        }
        return new Reach(forward, backward, usable);
    }

    static int count(boolean[] nodes) {
        int count = 0;
        for (boolean node : nodes) {
            count += node ? 1 : 0;
        }
        return count;
    }

    private static boolean[] search(int nodes, int start, boolean[] usable, int[] starts, int[] edges, int[] end) {
        boolean[] reached = new boolean[nodes];
        int[] stack = new int[nodes];
        int height = 1;
        stack[0] = start;
        reached[start] = true;
        while (height > 0) {
            int v = stack[--height];
            for (int p = starts[v]; p < starts[v + 1]; p++) {
                int u = end[edges[p]];
                if (usable[edges[p]] && !reached[u]) {
                    reached[u] = true;
                    stack[height++] = u;
                }
            }
        }
        return reached;
    }
}
