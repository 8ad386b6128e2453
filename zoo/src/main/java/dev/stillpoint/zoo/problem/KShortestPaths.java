package dev.stillpoint.zoo.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The k cheapest paths that visit no node twice, by Yen's algorithm with Lawler's rule: a path is branched from its own
 * deviation on, so that none is found twice. Costs are reduced by the costs to go, w + V(head) − V(tail) ≥ 0: this
 * changes all paths from origin to destination by the same amount, and the searches head for the destination.
 *
 * <p>References: Yen 1971, "Finding the k shortest loopless paths in a network"; Lawler 1972.
 */
final class KShortestPaths {
    private final Digraph graph;
    private final int origin;
    private final int destination;
    private final double[] reduced;

    private final double[] label;
    private final int[] into;
    private final boolean[] banned;
    private final boolean[] bannedEdge;
    private final NodeHeap heap;
    private final int[] touched;

    /** Starts from costs to go for the same graph and ends. */
    KShortestPaths(Digraph graph, boolean[] usable, CostsToGo toGo, int origin, int destination) {
        this.graph = graph;
        this.origin = origin;
        this.destination = destination;
        this.reduced = new double[graph.edges()];
        for (int e = 0; e < reduced.length; e++) {
            double w = toGo.raised[e] + toGo.cost[graph.head[e]] - toGo.cost[graph.tail[e]];
            reduced[e] = usable[e] ? Math.max(w, 0) : Double.POSITIVE_INFINITY;
        }
        this.label = new double[graph.nodes];
        this.into = new int[graph.nodes];
        this.banned = new boolean[graph.nodes];
        this.bannedEdge = new boolean[graph.edges()];
        this.touched = new int[graph.nodes];
        Arrays.fill(label, Double.POSITIVE_INFINITY);
        this.heap = new NodeHeap(label);
    }

    /** A path, its reduced cost, and where it leaves the path that it was branched from. */
    private record Branch(int[] edges, double cost, int deviation, int number) {}

    /** At most k paths by their edges, cheapest first, starting with the one given. */
    List<int[]> find(int[] cheapest, int k) {
        PriorityQueue<Branch> open =
                new PriorityQueue<>(Comparator.comparingDouble(Branch::cost).thenComparingInt(Branch::number));
        List<int[]> found = new ArrayList<>();
        open.add(new Branch(cheapest, 0, 0, 0));
        int made = 1;
        while (found.size() < k && !open.isEmpty()) {
            Branch path = open.remove();
            found.add(path.edges);
            if (found.size() == k) {
                break;
            }
            double root = 0;
            int v = origin;
            for (int i = 0; i < path.edges.length; i++) {
                if (i >= path.deviation) {
                    Branch branch = branch(path.edges, i, v, root, found, made);
                    if (branch.edges.length > 0) {
                        open.add(branch);
                        made++;
                    }
                }
                banned[v] = true;
                root += reduced[path.edges[i]];
                v = graph.head[path.edges[i]];
            }
            for (int e : path.edges) {
                banned[graph.tail[e]] = false;
            }
        }
        return found;
    }

    /** The cheapest path that follows another's first i edges and then takes an edge that no found path takes there. */
    private Branch branch(int[] path, int i, int spur, double root, List<int[]> found, int number) {
        for (int[] other : found) {
            if (other.length > i && Arrays.equals(other, 0, i, path, 0, i)) {
                bannedEdge[other[i]] = true;
            }
        }
        int[] end = search(spur);
        for (int[] other : found) {
            if (other.length > i) {
                bannedEdge[other[i]] = false;
            }
        }
        if (end.length == 0) {
            return new Branch(end, 0, i, number);
        }
        int[] edges = Arrays.copyOf(path, i + end.length);
        System.arraycopy(end, 0, edges, i, end.length);
        double cost = root;
        for (int e : end) {
            cost += reduced[e];
        }
        return new Branch(edges, cost, i, number);
    }

    /** Dijkstra's algorithm around what is banned; no edges if there is no way. */
    private int[] search(int spur) {
        int count = 0;
        touched[count++] = spur;
        label[spur] = 0;
        heap.put(spur);
        boolean arrived = false;
        while (!heap.isEmpty() && !arrived) {
            int v = heap.take();
            arrived = v == destination;
            for (int p = graph.outStart[v]; p < graph.outStart[v + 1] && !arrived; p++) {
                int e = graph.outEdge[p];
                int u = graph.head[e];
                double through = label[v] + reduced[e];
                if (through < label[u] && !banned[u] && !bannedEdge[e]) {
                    if (Double.isInfinite(label[u])) {
                        touched[count++] = u;
                    }
                    label[u] = through;
                    into[u] = e;
                    heap.put(u);
                }
            }
        }
        int length = 0;
        for (int v = destination; arrived && v != spur; v = graph.tail[into[v]]) {
            length++;
        }
        int[] edges = new int[length];
        for (int v = destination; length > 0; v = graph.tail[into[v]]) {
            edges[--length] = into[v];
        }
        heap.clear();
        for (int i = 0; i < count; i++) {
            label[touched[i]] = Double.POSITIVE_INFINITY;
        }
        return edges;
    }
}
