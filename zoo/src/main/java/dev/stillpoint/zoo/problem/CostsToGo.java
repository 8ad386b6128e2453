package dev.stillpoint.zoo.problem;

import java.util.Arrays;

/**
 * The least cost from each node to the destination, V(v) = min over edges v→u of w + V(u), component by component, sinks
 * first. Between components this is the dynamic programme of a graph without cycles, for costs of any sign; within a
 * component whose costs are not negative it is Dijkstra's algorithm, and within one that has negative costs a label-correcting
 * method. A component that has a negative cycle has no least costs: its negative costs are raised to 0.
 *
 * <p>O(E) without cycles, O(E + N log N) without negative costs, O(N·E) at worst. Of equally cheap edges out of a component of
 * one node, the first is taken.
 *
 * <p>References: Dijkstra 1959; Cherkassky and Goldberg 1999, "Negative-cycle detection algorithms".
 */
final class CostsToGo {
    /**
     * A label must fall by more than this part of its terms: eight roundings of double, so that a cycle whose costs cancel,
     * like 0.1 + 0.2 − 0.3, is not taken for a negative one.
     */
    private static final double ROUNDING = 0x1p-50;

    private static final int[] NONE = new int[0];
    private static final double[] NO_KEYS = new double[0];

    /**
     * V, at most V of the origin in its component, where the search may end early, and infinite where it did not come:
     * w + V(head) ≥ V(tail) on all usable edges.
     */
    final double[] cost;
    /** The edge to go on with, −1 at the destination and where there is none. */
    final int[] next;
    /** The costs that the labels belong to: the given array, or a copy where some were raised. */
    double[] raised;
    /** The edges of a negative cycle, in their order; none if the labels are exact. */
    int[] cycle = NONE;

    private final Digraph graph;
    private final boolean[] usable;
    private final double[] given;
    private final NodeHeap heap;

    private CostsToGo(Digraph graph, boolean[] usable, double[] w) {
        this.graph = graph;
        this.usable = usable;
        this.given = w;
        this.raised = w;
        this.cost = new double[graph.nodes];
        this.next = new int[graph.nodes];
        Arrays.fill(cost, Double.POSITIVE_INFINITY);
        Arrays.fill(next, -1);
        this.heap = new NodeHeap(graph.hasCycles() ? cost : NO_KEYS);
    }

    /**
     * V for the edges that a path can use.
     *
     * @param usable edges on a way from origin to destination, none into the origin or out of the destination
     */
    static CostsToGo of(Digraph graph, boolean[] usable, double[] w, int origin, int destination) {
        CostsToGo labels = new CostsToGo(graph, usable, w);
        labels.cost[destination] = 0;
        int[] starts = graph.memberStart;
        for (int c = graph.component[destination]; c <= graph.component[origin]; c++) {
            labels.leave(starts[c], starts[c + 1]);
            if (starts[c + 1] - starts[c] > 1) {
                labels.within(c, origin);
            }
        }
        return labels;
    }

    /** Edges out of a component, into those that are done. */
    private void leave(int first, int end) {
        for (int m = first; m < end; m++) {
            int v = graph.member[m];
            for (int p = graph.outStart[v]; p < graph.outStart[v + 1]; p++) {
                int e = graph.outEdge[p];
                if (usable[e] && !inner(e) && given[e] + cost[graph.head[e]] < cost[v]) {
                    cost[v] = given[e] + cost[graph.head[e]];
                    next[v] = e;
                }
            }
        }
    }

    private boolean inner(int e) {
        return graph.component[graph.tail[e]] == graph.component[graph.head[e]];
    }

    private void within(int c, int origin) {
        int first = graph.memberStart[c];
        int end = graph.memberStart[c + 1];
        boolean negative = false;
        for (int m = first; m < end; m++) {
            int v = graph.member[m];
            for (int p = graph.outStart[v]; p < graph.outStart[v + 1]; p++) {
                int e = graph.outEdge[p];
                negative |= given[e] < 0 && usable[e] && inner(e);
            }
        }
        if (!negative) {
            settle(first, end, origin);
            return;
        }
        double[] entry = new double[end - first];
        int[] exit = new int[end - first];
        for (int m = first; m < end; m++) {
            entry[m - first] = cost[graph.member[m]];
            exit[m - first] = next[graph.member[m]];
        }
        int[] found = correct(first, end);
        if (found.length > 0) {
            cycle = cycle.length > 0 ? cycle : found;
            raise(first, end);
            for (int m = first; m < end; m++) {
                cost[graph.member[m]] = entry[m - first];
                next[graph.member[m]] = exit[m - first];
            }
            settle(first, end, origin);
        }
    }

    private void raise(int first, int end) {
        raised = raised == given ? given.clone() : raised;
        for (int m = first; m < end; m++) {
            int v = graph.member[m];
            for (int p = graph.outStart[v]; p < graph.outStart[v + 1]; p++) {
                int e = graph.outEdge[p];
                raised[e] = inner(e) ? Math.max(raised[e], 0) : raised[e];
            }
        }
    }

    /** Dijkstra's algorithm within a component, until the origin's label is final. */
    private void settle(int first, int end, int origin) {
        for (int m = first; m < end; m++) {
            if (cost[graph.member[m]] < Double.POSITIVE_INFINITY) {
                heap.put(graph.member[m]);
            }
        }
        int c = graph.component[graph.member[first]];
        while (!heap.isEmpty()) {
            int v = heap.take();
            if (v == origin) {
                heap.clear();
                for (int m = first; m < end; m++) {
                    int u = graph.member[m];
                    cost[u] = Math.min(cost[u], cost[origin]);
                }
                return;
            }
            for (int p = graph.inStart[v]; p < graph.inStart[v + 1]; p++) {
                int e = graph.inEdge[p];
                int u = graph.tail[e];
                double through = raised[e] + cost[v];
                if (through < cost[u] && usable[e] && graph.component[u] == c) {
                    cost[u] = through;
                    next[u] = e;
                    heap.put(u);
                }
            }
        }
    }

    /**
     * Corrects labels in the order of a queue until none falls.
     *
     * @return the edges of a negative cycle, or none
     */
    private int[] correct(int first, int end) {
        int size = end - first;
        int[] queue = new int[size];
        boolean[] queued = new boolean[size];
        int from = 0;
        int waiting = 0;
        for (int m = first; m < end; m++) {
            int v = graph.member[m];
            if (cost[v] < Double.POSITIVE_INFINITY) {
                queue[waiting++] = v;
                queued[m - first] = true;
            }
        }
        int c = graph.component[graph.member[first]];
        int falls = 0;
        while (waiting > 0) {
            int v = queue[from];
            from = from + 1 == size ? 0 : from + 1;
            waiting--;
            queued[graph.position[v] - first] = false;
            for (int p = graph.inStart[v]; p < graph.inStart[v + 1]; p++) {
                int e = graph.inEdge[p];
                int u = graph.tail[e];
                if (!usable[e] || graph.component[u] != c || !falls(u, given[e], cost[v])) {
                    continue;
                }
                cost[u] = given[e] + cost[v];
                next[u] = e;
                int place = graph.position[u] - first;
                if (!queued[place]) {
                    queued[place] = true;
                    queue[(from + waiting++) % size] = u;
                }
                // Once there is a negative cycle the chosen edges have one sooner or later, and keep one.
                if (++falls % size == 0) {
                    int[] found = chosenCycle(first, end);
                    if (found.length > 0) {
                        return found;
                    }
                }
            }
        }
        return NONE;
    }

    private boolean falls(int u, double w, double costAhead) {
        double through = w + costAhead;
        double largest = Math.max(Math.abs(costAhead), Math.abs(w));
        return Double.isInfinite(cost[u]) || through < cost[u] - ROUNDING * Math.max(largest, Math.abs(cost[u]));
    }

    /** A cycle among the chosen edges of a component. */
    private int[] chosenCycle(int first, int end) {
        // 0 for a node not seen, else the number of the walk that came to it.
        int[] walk = new int[end - first];
        for (int m = first; m < end; m++) {
            int at = m;
            int number = m - first + 1;
            while (walk[at - first] == 0) {
                walk[at - first] = number;
                int e = next[graph.member[at]];
                if (e < 0 || !inner(e)) {
                    break;
                }
                at = graph.position[graph.head[e]];
                if (walk[at - first] == number) {
                    return around(graph.member[at]);
                }
            }
        }
        return NONE;
    }

    private int[] around(int start) {
        int length = 0;
        int v = start;
        do {
            length++;
            v = graph.head[next[v]];
        } while (v != start);
        int[] edges = new int[length];
        for (int i = 0; i < length; i++) {
            edges[i] = next[v];
            v = graph.head[next[v]];
        }
        return edges;
    }

    /** The edges from a node to the destination. */
    int[] path(int from) {
        int[] edges = new int[graph.nodes];
        int length = 0;
        for (int v = from; next[v] >= 0; v = graph.head[next[v]]) {
            edges[length++] = next[v];
        }
        return Arrays.copyOf(edges, length);
    }
}
