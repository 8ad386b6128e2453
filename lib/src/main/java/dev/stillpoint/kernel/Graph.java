package dev.stillpoint.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An undirected graph with weights, each edge stored from both ends: the neighbours of v are neighbours[p] for
 * pointers[v] &lt;= p &lt; pointers[v + 1].
 */
final class Graph {
    final int size;
    final int[] pointers;
    final int[] neighbours;
    final int[] weights;
    final int[] edgeWeights;

    private Graph(int[] pointers, int[] neighbours, int[] weights, int[] edgeWeights) {
        this.size = weights.length;
        this.pointers = pointers;
        this.neighbours = neighbours;
        this.weights = weights;
        this.edgeWeights = edgeWeights;
    }

    /** Vertices and edges of weight one. */
    static Graph of(int[] pointers, int[] neighbours) {
        return new Graph(pointers, neighbours, ones(pointers.length - 1), ones(neighbours.length));
    }

    /** The pattern of a symmetric matrix, without its diagonal. */
    static Graph of(SparseMatrix symmetric) {
        int n = symmetric.rows();
        int[] pointers = new int[n + 1];
        int[] neighbours = new int[symmetric.nonZeros()];
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int p = symmetric.pointers()[i]; p < symmetric.pointers()[i + 1]; p++) {
                if (symmetric.indices()[p] != i) {
                    neighbours[count++] = symmetric.indices()[p];
                }
            }
            pointers[i + 1] = count;
        }
        return of(pointers, Arrays.copyOf(neighbours, count));
    }

    long weight() {
        long sum = 0;
        for (int v = 0; v < size; v++) {
            sum += weights[v];
        }
        return sum;
    }

    /**
     * The graph on some of the vertices, numbered in their order, without the edges between two from number
     * {@code inner} on.
     *
     * @param local scratch: −1 for every vertex, before and after
     */
    Graph induced(int[] members, int inner, int[] local) {
        int bound = 0;
        for (int k = 0; k < members.length; k++) {
            local[members[k]] = k;
            bound += pointers[members[k] + 1] - pointers[members[k]];
        }
        int[] starts = new int[members.length + 1];
        int[] across = new int[bound];
        int count = 0;
        for (int k = 0; k < members.length; k++) {
            for (int p = pointers[members[k]]; p < pointers[members[k] + 1]; p++) {
                int u = local[neighbours[p]];
                if (u >= 0 && (k < inner || u < inner)) {
                    across[count++] = u;
                }
            }
            starts[k + 1] = count;
        }
        for (int k = 0; k < members.length; k++) {
            local[members[k]] = -1;
        }
        return of(starts, Arrays.copyOf(across, count));
    }

    /**
     * Pairs each vertex with the free neighbour that it shares the heaviest edge with, in a random order.
     *
     * @return the coarse vertex of each, numbered from 0
     */
    int[] pairs(SplittableRandom random) {
        int[] coarse = new int[size];
        Arrays.fill(coarse, -1);
        int[] visit = permutation(size, random);
        int count = 0;
        for (int k = 0; k < size; k++) {
            int v = visit[k];
            if (coarse[v] >= 0) {
                continue;
            }
            int best = -1;
            int heaviest = 0;
            for (int p = pointers[v]; p < pointers[v + 1]; p++) {
                if (coarse[neighbours[p]] < 0 && edgeWeights[p] > heaviest) {
                    heaviest = edgeWeights[p];
                    best = neighbours[p];
                }
            }
            coarse[v] = count;
            if (best >= 0) {
                coarse[best] = count;
            }
            count++;
        }
        return coarse;
    }

    /** The graph in which vertices of one coarse number are one; weights add up. */
    Graph contracted(int[] coarse, int count) {
        int[] first = new int[count];
        int[] second = new int[count];
        Arrays.fill(first, -1);
        Arrays.fill(second, -1);
        for (int v = 0; v < size; v++) {
            if (first[coarse[v]] < 0) {
                first[coarse[v]] = v;
            } else {
                second[coarse[v]] = v;
            }
        }
        int[] starts = new int[count + 1];
        int[] across = new int[neighbours.length];
        int[] merged = new int[neighbours.length];
        int[] sums = new int[count];
        int[] place = new int[count];
        Arrays.fill(place, -1);
        int edges = 0;
        for (int c = 0; c < count; c++) {
            int from = edges;
            for (int v = first[c]; v >= 0; v = v == first[c] ? second[c] : -1) {
                sums[c] += weights[v];
                for (int p = pointers[v]; p < pointers[v + 1]; p++) {
                    int d = coarse[neighbours[p]];
                    if (d == c) {
                        continue;
                    }
                    if (place[d] < from) {
                        place[d] = edges;
                        across[edges++] = d;
                    }
                    merged[place[d]] += edgeWeights[p];
                }
            }
            starts[c + 1] = edges;
        }
        return new Graph(starts, Arrays.copyOf(across, edges), sums, Arrays.copyOf(merged, edges));
    }

    private static int[] permutation(int n, SplittableRandom random) {
        int[] result = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            result[i] = result[j];
            result[j] = i;
        }
        return result;
    }

    private static int[] ones(int n) {
        int[] result = new int[n];
        Arrays.fill(result, 1);
        return result;
    }
}
