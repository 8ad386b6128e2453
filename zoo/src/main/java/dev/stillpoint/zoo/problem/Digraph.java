package dev.stillpoint.zoo.problem;

import java.util.Arrays;

/**
 * A directed graph on arrays: nodes and edges by number, the edges out of and into each node in ascending order, and the
 * strongly connected components in an order in which every edge between two of them leads to an earlier one.
 */
final class Digraph {
    final int nodes;
    final int[] tail;
    final int[] head;
    /** Edges out of v: outEdge[outStart[v]] to outEdge[outStart[v + 1] − 1]. */
    final int[] outStart;

    final int[] outEdge;
    final int[] inStart;
    final int[] inEdge;
    /** The component of each node. */
    final int[] component;
    /** Nodes of component c: member[memberStart[c]] to member[memberStart[c + 1] − 1]. */
    final int[] memberStart;

    final int[] member;
    /** Where each node is in {@link #member}. */
    final int[] position;

    Digraph(int nodes, int[] tail, int[] head) {
        this.nodes = nodes;
        this.tail = tail;
        this.head = head;
        this.outStart = starts(nodes, tail);
        this.outEdge = sorted(outStart, tail);
        this.inStart = starts(nodes, head);
        this.inEdge = sorted(inStart, head);
        this.component = new int[nodes];
        this.member = new int[nodes];
        int[] ends = new int[nodes];
        int count = new Tarjan().run(ends);
        this.memberStart = new int[count + 1];
        System.arraycopy(ends, 0, memberStart, 1, count);
        this.position = new int[nodes];
        for (int m = 0; m < nodes; m++) {
            position[member[m]] = m;
        }
    }

    boolean hasCycles() {
        return memberStart.length <= nodes;
    }

    int edges() {
        return tail.length;
    }

    /** The number of each node's part, of those that no edge joins, in the order of their first nodes. */
    int[] parts() {
        int[] part = new int[nodes];
        Arrays.fill(part, -1);
        int[] stack = new int[nodes];
        int count = 0;
        for (int start = 0; start < nodes; start++) {
            if (part[start] >= 0) {
                continue;
            }
            int height = 0;
            stack[height++] = start;
            part[start] = count;
            while (height > 0) {
                int v = stack[--height];
                int out = outStart[v + 1] - outStart[v];
                int degree = out + inStart[v + 1] - inStart[v];
                for (int i = 0; i < degree; i++) {
                    int u = i < out ? head[outEdge[outStart[v] + i]] : tail[inEdge[inStart[v] + i - out]];
                    if (part[u] < 0) {
                        part[u] = count;
                        stack[height++] = u;
                    }
                }
            }
            count++;
        }
        return part;
    }

    private static int[] starts(int nodes, int[] end) {
        int[] starts = new int[nodes + 1];
        for (int v : end) {
            starts[v + 1]++;
        }
        for (int v = 0; v < nodes; v++) {
            starts[v + 1] += starts[v];
        }
        return starts;
    }

    private static int[] sorted(int[] starts, int[] end) {
        int[] next = Arrays.copyOf(starts, starts.length - 1);
        int[] sorted = new int[end.length];
        for (int e = 0; e < end.length; e++) {
            sorted[next[end[e]]++] = e;
        }
        return sorted;
    }

    /** Tarjan 1972, "Depth-first search and linear graph algorithms", with stacks of its own; it finds sinks first. */
    private final class Tarjan {
        private final int[] index = new int[nodes];
        private final int[] low = new int[nodes];
        private final int[] at = new int[nodes];
        private final boolean[] waiting = new boolean[nodes];
        private final int[] stack = new int[nodes];
        private final int[] calls = new int[nodes];
        private int visited;
        private int height;
        private int placed;
        private int count;

        int run(int[] ends) {
            for (int root = 0; root < nodes; root++) {
                if (index[root] == 0) {
                    search(root, ends);
                }
            }
            return count;
        }

        private void search(int root, int[] ends) {
            int depth = 0;
            enter(root);
            calls[0] = root;
            while (depth >= 0) {
                int v = calls[depth];
                if (at[v] < outStart[v + 1]) {
                    int u = head[outEdge[at[v]++]];
                    if (index[u] == 0) {
                        enter(u);
                        calls[++depth] = u;
                    } else if (waiting[u]) {
                        low[v] = Math.min(low[v], index[u]);
                    }
                } else {
                    depth--;
                    if (depth >= 0) {
                        low[calls[depth]] = Math.min(low[calls[depth]], low[v]);
                    }
                    if (low[v] == index[v]) {
                        close(v, ends);
                    }
                }
            }
        }

        private void enter(int v) {
            index[v] = ++visited;
            low[v] = visited;
            at[v] = outStart[v];
            waiting[v] = true;
            stack[height++] = v;
        }

        private void close(int v, int[] ends) {
            int u;
            do {
                u = stack[--height];
                waiting[u] = false;
                component[u] = count;
                member[placed++] = u;
            } while (u != v);
            ends[count++] = placed;
        }
    }
}
