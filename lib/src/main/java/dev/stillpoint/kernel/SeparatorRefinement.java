package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * Makes a separator lighter by moving its vertices to a side, each pulling its neighbours of the other side in. Moves
 * that make it heavier are made too, and taken back where nothing better follows.
 *
 * <p>Reference: Fiduccia and Mattheyses 1982, "A linear-time heuristic for improving network partitions", DAC 19.
 */
final class SeparatorRefinement {
    private static final int PASSES = 8;
    private static final int PATIENCE = 120;
    /** The heavier side may have this share of the weight: measured on grids, 0.55 leaves a tenth more fill. */
    private static final double SHARE = 0.75;

    private final Graph graph;
    private final byte[] side;
    private final long[] weight = new long[3];
    private final long limit;
    private final GainHeap[] heaps;
    private final boolean[] moved;
    /** Vertex and side that it came from, for taking moves back. */
    private int[] log = new int[64];

    private int logged;

    SeparatorRefinement(Graph graph, byte[] side) {
        this.graph = graph;
        this.side = side;
        heaps = new GainHeap[] {new GainHeap(graph.size), new GainHeap(graph.size)};
        moved = new boolean[graph.size];
        int heaviest = 0;
        for (int v = 0; v < graph.size; v++) {
            weight[side[v]] += graph.weights[v];
            heaviest = Math.max(heaviest, graph.weights[v]);
        }
        limit = Math.max((long) (SHARE * graph.weight()), graph.weight() / 2 + heaviest);
    }

    /** Refines in place; the cost of what it leaves: the separator's weight, then the balance. */
    long run() {
        long cost = cost();
        for (int pass = 0; pass < PASSES; pass++) {
            long now = pass();
            if (now >= cost) {
                break;
            }
            cost = now;
        }
        return cost;
    }

    private long cost() {
        long total = weight[0] + weight[1] + weight[2];
        long over = Math.max(0, Math.max(weight[0], weight[1]) - limit);
        // Lexicographic: no side over its limit, then the separator, then the difference of the sides.
        return (over + weight[2]) * (total + 1) + Math.abs(weight[0] - weight[1]);
    }

    private long pass() {
        logged = 0;
        heaps[0].clear();
        heaps[1].clear();
        Arrays.fill(moved, false);
        for (int v = 0; v < graph.size; v++) {
            if (side[v] == Separator.MIDDLE) {
                offer(v);
            }
        }
        long best = cost();
        int bestLogged = 0;
        int since = 0;
        while (since < PATIENCE) {
            int to = destination();
            if (to < 0) {
                break;
            }
            int v = heaps[to].top();
            heaps[0].remove(v);
            heaps[1].remove(v);
            move(v, to);
            since++;
            long cost = cost();
            if (cost < best) {
                best = cost;
                bestLogged = logged;
                since = 0;
            }
        }
        while (logged > bestLogged) {
            logged -= 2;
            set(log[logged], log[logged + 1]);
        }
        return best;
    }

    /** The side of the best move: one that stays within the limit or goes to the lighter side. −1: none is left. */
    private int destination() {
        int lighter = weight[0] <= weight[1] ? 0 : 1;
        int heavier = 1 - lighter;
        if (heaps[heavier].isEmpty()
                || weight[heavier] + graph.weights[heaps[heavier].top()] > limit
                || (!heaps[lighter].isEmpty() && heaps[lighter].topGain() >= heaps[heavier].topGain())) {
            return heaps[lighter].isEmpty() ? -1 : lighter;
        }
        return heavier;
    }

    private void move(int v, int to) {
        note(v);
        set(v, to);
        moved[v] = true;
        for (int p = graph.pointers[v]; p < graph.pointers[v + 1]; p++) {
            int u = graph.neighbours[p];
            if (side[u] == Separator.MIDDLE) {
                heaps[1 - to].add(u, -graph.weights[v]);
            } else if (side[u] != to) {
                note(u);
                set(u, Separator.MIDDLE);
                for (int q = graph.pointers[u]; q < graph.pointers[u + 1]; q++) {
                    heaps[to].add(graph.neighbours[q], graph.weights[u]);
                }
                if (!moved[u]) {
                    offer(u);
                }
            }
        }
    }

    private void offer(int v) {
        int[] pulled = new int[2];
        for (int p = graph.pointers[v]; p < graph.pointers[v + 1]; p++) {
            int u = graph.neighbours[p];
            if (side[u] != Separator.MIDDLE) {
                pulled[side[u]] += graph.weights[u];
            }
        }
        heaps[0].insert(v, graph.weights[v] - pulled[1]);
        heaps[1].insert(v, graph.weights[v] - pulled[0]);
    }

    private void note(int v) {
        if (logged + 2 > log.length) {
            log = Arrays.copyOf(log, 2 * log.length);
        }
        log[logged++] = v;
        log[logged++] = side[v];
    }

    private void set(int v, int to) {
        weight[side[v]] -= graph.weights[v];
        side[v] = (byte) to;
        weight[to] += graph.weights[v];
    }
}
