package dev.stillpoint.zoo.problem;

import static dev.stillpoint.zoo.problem.NameList.some;

import java.util.ArrayList;
import java.util.List;

/** Reads the path off a decision's numbers, or says why there is none. */
final class RouteReader {
    /** A file's 0 and 1 may have been through a solver. */
    private static final double WHOLE = 1e-6;

    private final Digraph graph;
    private final List<String> nodes;
    private final List<String> edges;

    RouteReader(Digraph graph, List<String> nodes, List<String> edges) {
        this.graph = graph;
        this.nodes = nodes;
        this.edges = edges;
    }

    Route read(double[] x, int origin, int destination, int[] closed) {
        int taken = 0;
        for (int e = 0; e < x.length; e++) {
            // Written so that NaN fails.
            if (!(Math.abs(x[e]) <= WHOLE || Math.abs(x[e] - 1) <= WHOLE)) {
                throw new IllegalArgumentException("edge " + edges.get(e) + ": need 0 or 1, got " + x[e]);
            }
            taken += isTaken(x, e) ? 1 : 0;
        }
        for (int e : closed) {
            if (isTaken(x, e)) {
                throw new IllegalArgumentException("edge " + edges.get(e) + ": need 0 where it is closed, got " + x[e]);
            }
        }
        List<String> path = new ArrayList<>();
        List<String> visited = new ArrayList<>(List.of(nodes.get(origin)));
        boolean[] seen = new boolean[graph.nodes];
        boolean[] onPath = new boolean[x.length];
        int v = origin;
        seen[v] = true;
        while (v != destination) {
            int e = only(x, v);
            v = graph.head[e];
            onPath[e] = true;
            path.add(edges.get(e));
            visited.add(nodes.get(v));
            if (seen[v]) {
                throw new IllegalArgumentException(
                        "need a path that visits no node twice, got " + some(visited, " -> "));
            }
            seen[v] = true;
        }
        if (path.size() < taken) {
            List<String> others = new ArrayList<>();
            for (int e = 0; e < x.length; e++) {
                if (isTaken(x, e) && !onPath[e]) {
                    others.add(edges.get(e));
                }
            }
            throw new IllegalArgumentException("need a path and no other edges, got " + some(visited, " -> ")
                    + " and beside it " + some(others, ", "));
        }
        return new Route(visited, path);
    }

    private static boolean isTaken(double[] x, int e) {
        return x[e] > WHOLE;
    }

    private int only(double[] x, int node) {
        int taken = -1;
        for (int p = graph.outStart[node]; p < graph.outStart[node + 1]; p++) {
            int e = graph.outEdge[p];
            if (!isTaken(x, e)) {
                continue;
            }
            if (taken >= 0) {
                throw new IllegalArgumentException(
                        "need one edge from " + nodes.get(node) + ", got " + edges.get(taken) + " and " + edges.get(e));
            }
            taken = e;
        }
        if (taken < 0) {
            throw new IllegalArgumentException("need one edge from " + nodes.get(node) + ", got none");
        }
        return taken;
    }
}
