package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * Approximate minimum degree: eliminates next what is joined to fewest others, with the graph of what is left kept as
 * cliques ("elements", one for each eliminated pivot) instead of edges. Vertices that have come to have the same
 * neighbours are one supervariable and go together. A vertex may be marked as surrounding: it counts for the degrees of
 * others and is never eliminated.
 *
 * <p>Reference: Amestoy, Davis and Duff 1996, "An approximate minimum degree ordering algorithm", SIAM J. Matrix Anal.
 * Appl. 17(4). Differences: elements have arrays of their own, so that nothing is ever compressed in place.
 */
final class MinimumDegree {
    private static final int[] NONE = {};

    private final int n;
    /** Vertex i: list[start[i]] and on has its elements, then its neighbours that are in no common element. */
    private final int[] list;

    private final int[] start;
    private final int[] elements;
    private final int[] length;
    /** What is left of an element's vertices; empty unless it is one that lives. */
    private final int[][] clique;

    private final boolean[] living;
    /** How many vertices a supervariable stands for; 0 once it is eliminated or merged, negative while in the pivot's clique. */
    private final int[] size;

    private final int[] degree;
    private final boolean[] surrounding;
    private final DegreeLists byDegree;
    private final long[] mark;
    private long tag = 1;
    private final int[] nextMember;
    private final int[] lastMember;
    private final int[] hashHead;
    private final int[] hashNext;
    private final int[] hashOf;
    private int left;

    private MinimumDegree(int[] pointers, int[] neighbours, boolean[] surrounding) {
        n = pointers.length - 1;
        list = neighbours;
        start = pointers;
        this.surrounding = surrounding;
        elements = new int[n];
        length = new int[n];
        clique = new int[n][];
        living = new boolean[n];
        size = new int[n];
        degree = new int[n];
        mark = new long[n];
        nextMember = new int[n];
        lastMember = new int[n];
        hashHead = new int[n];
        hashNext = new int[n];
        hashOf = new int[n];
        byDegree = new DegreeLists(n);
        Arrays.fill(clique, NONE);
        Arrays.fill(size, 1);
        Arrays.fill(nextMember, -1);
        Arrays.fill(hashHead, -1);
        left = n;
        for (int i = n - 1; i >= 0; i--) {
            lastMember[i] = i;
            length[i] = pointers[i + 1] - pointers[i];
            degree[i] = length[i];
            if (!surrounding[i]) {
                byDegree.add(i, degree[i]);
            }
        }
    }

    /**
     * The order of elimination of all that is not surrounding.
     *
     * @param pointers where the neighbours of each vertex start, and their number
     * @param neighbours without the vertex itself, each edge from both ends; overwritten
     */
    static int[] order(int[] pointers, int[] neighbours, boolean[] surrounding) {
        return new MinimumDegree(pointers, neighbours, surrounding).eliminateAll();
    }

    private int[] eliminateAll() {
        int[] order = new int[n];
        int count = 0;
        for (int pivot = byDegree.removeLeast(); pivot >= 0; pivot = byDegree.removeLeast()) {
            eliminate(pivot);
            for (int i = pivot; i >= 0; i = nextMember[i]) {
                order[count++] = i;
            }
        }
        return Arrays.copyOf(order, count);
    }

    private void eliminate(int pivot) {
        left -= size[pivot];
        int[] vertices = cliqueOf(pivot);
        measureElements(vertices);
        for (int k = 0; k < vertices.length; k++) {
            update(vertices[k], pivot);
        }
        // Above every mark that measureElements left.
        tag += n + 1L;
        for (int k = 0; k < vertices.length; k++) {
            if (size[vertices[k]] < 0 && !surrounding[vertices[k]]) {
                mergeAlike(hashOf[vertices[k]]);
            }
        }
        finish(pivot, vertices);
    }

    /** All that the pivot touches, directly or through an element; those elements end in the new one. */
    private int[] cliqueOf(int pivot) {
        int[] vertices = new int[Math.min(degree[pivot], n)];
        int count = 0;
        int weight = 0;
        size[pivot] = -size[pivot];
        for (int p = 0; p < length[pivot]; p++) {
            int other = list[start[pivot] + p];
            boolean direct = p >= elements[pivot];
            int members = direct ? 1 : clique[other].length;
            for (int q = 0; q < members; q++) {
                int i = direct ? other : clique[other][q];
                if (size[i] > 0) {
                    weight += size[i];
                    size[i] = -size[i];
                    vertices[count++] = i;
                    if (!surrounding[i]) {
                        byDegree.remove(i, degree[i]);
                    }
                }
            }
            if (!direct) {
                end(other);
            }
        }
        size[pivot] = 0;
        degree[pivot] = weight;
        living[pivot] = true;
        return Arrays.copyOf(vertices, count);
    }

    private void end(int element) {
        living[element] = false;
        clique[element] = NONE;
    }

    /** mark[e] − tag becomes what element e has outside of the pivot's clique. */
    private void measureElements(int[] vertices) {
        for (int k = 0; k < vertices.length; k++) {
            int i = vertices[k];
            for (int p = start[i]; p < start[i] + elements[i]; p++) {
                int e = list[p];
                if (living[e]) {
                    mark[e] = (mark[e] >= tag ? mark[e] : degree[e] + tag) + size[i];
                }
            }
        }
    }

    /** The lists of vertex i without what the new element covers, its new degree outside of it, and its hash. */
    private void update(int i, int pivot) {
        int from = start[i];
        int to = from;
        long outside = 0;
        long hash = 0;
        for (int p = from; p < from + elements[i]; p++) {
            int e = list[p];
            if (!living[e]) {
                continue;
            }
            if (mark[e] == tag) {
                // All of it is in the new element too.
                end(e);
                continue;
            }
            outside += mark[e] - tag;
            hash += e;
            list[to++] = e;
        }
        int firstVertex = to;
        for (int p = from + elements[i]; p < from + length[i]; p++) {
            int j = list[p];
            if (size[j] > 0) {
                outside += size[j];
                hash += j;
                list[to++] = j;
            }
        }
        if (to == from && !surrounding[i]) {
            // Nothing but the new element: eliminated next, without any further fill.
            left += size[i];
            degree[pivot] += size[i];
            join(pivot, i);
            return;
        }
        // There is room: the pivot, or an element that it ended, has left these lists.
        list[to] = to > firstVertex ? list[firstVertex] : pivot;
        list[firstVertex] = pivot;
        elements[i] = firstVertex + 1 - from;
        length[i] = to + 1 - from;
        degree[i] = (int) Math.min(degree[i], outside);
        if (!surrounding[i]) {
            hashOf[i] = (int) (hash % n);
            hashNext[i] = hashHead[hashOf[i]];
            hashHead[hashOf[i]] = i;
        }
    }

    /** Makes one of all vertices in this bucket whose lists hold the same. */
    private void mergeAlike(int bucket) {
        for (int i = hashHead[bucket]; i >= 0; i = hashNext[i]) {
            for (int p = start[i]; p < start[i] + length[i]; p++) {
                mark[list[p]] = tag;
            }
            int before = i;
            for (int j = hashNext[i]; j >= 0; j = hashNext[j]) {
                if (alike(i, j)) {
                    size[i] += size[j];
                    join(i, j);
                    hashNext[before] = hashNext[j];
                } else {
                    before = j;
                }
            }
            tag++;
        }
        hashHead[bucket] = -1;
    }

    /** Whether j has the lists of i, whose entries are marked. */
    private boolean alike(int i, int j) {
        if (length[i] != length[j] || elements[i] != elements[j]) {
            return false;
        }
        for (int p = start[j]; p < start[j] + length[j]; p++) {
            if (mark[list[p]] != tag) {
                return false;
            }
        }
        return true;
    }

    /** From now on j goes where i goes. */
    private void join(int i, int j) {
        size[j] = 0;
        nextMember[lastMember[i]] = j;
        lastMember[i] = lastMember[j];
    }

    private void finish(int pivot, int[] vertices) {
        int count = 0;
        for (int k = 0; k < vertices.length; k++) {
            int i = vertices[k];
            if (size[i] < 0) {
                size[i] = -size[i];
                vertices[count++] = i;
                if (!surrounding[i]) {
                    degree[i] = Math.min(degree[i] + degree[pivot], left) - size[i];
                    byDegree.add(i, degree[i]);
                }
            }
        }
        if (count == 0) {
            end(pivot);
        } else {
            clique[pivot] = Arrays.copyOf(vertices, count);
        }
    }
}
