package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * Which column of the Cholesky factor updates which: the parent of column j is the first row below the diagonal in it.
 * The order is made a postorder, which changes no fill and puts columns of one pattern side by side.
 *
 * <p>Reference: Liu 1990, "The role of elimination trees in sparse factorization", SIAM J. Matrix Anal. Appl. 11(1).
 */
final class EliminationTree {
    private final int[] order;
    private final int[] inverse;
    private final int[] parent;
    private final int[] counts;

    private EliminationTree(int[] order, int[] inverse, int[] parent, int[] counts) {
        this.order = order;
        this.inverse = inverse;
        this.parent = parent;
        this.counts = counts;
    }

    /** Of a symmetric pattern eliminated in this order, up to a postorder. O(non-zeros of the factor). */
    static EliminationTree of(SparseMatrix pattern, int[] order) {
        int n = order.length;
        int[] inverse = inverse(order);
        int[] parent = parents(pattern, order, inverse);
        int[] counts = counts(pattern, order, inverse, parent);
        int[] post = postorder(parent, counts);
        int[] newOrder = new int[n];
        int[] newParent = new int[n];
        int[] newCounts = new int[n];
        int[] place = inverse(post);
        for (int k = 0; k < n; k++) {
            int old = post[k];
            newOrder[k] = order[old];
            newParent[k] = parent[old] < 0 ? -1 : place[parent[old]];
            newCounts[k] = counts[old];
        }
        return new EliminationTree(newOrder, inverse(newOrder), newParent, newCounts);
    }

    /** The original index eliminated k-th. */
    int[] order() {
        return order;
    }

    /** When an original index is eliminated. */
    int[] inverse() {
        return inverse;
    }

    /** The parent of each column, −1 for a root. */
    int[] parent() {
        return parent;
    }

    /** Entries below the diagonal in each column of the factor. */
    int[] counts() {
        return counts;
    }

    /** Entries below the diagonal of the whole factor. */
    long nonZeros() {
        long sum = 0;
        for (int k = 0; k < counts.length; k++) {
            sum += counts[k];
        }
        return sum;
    }

    private static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            inverse[order[k]] = k;
        }
        return inverse;
    }

    private static int[] parents(SparseMatrix pattern, int[] order, int[] inverse) {
        int[] parent = new int[order.length];
        int[] ancestor = new int[order.length];
        Arrays.fill(parent, -1);
        Arrays.fill(ancestor, -1);
        for (int k = 0; k < order.length; k++) {
            for (int p = pattern.pointers()[order[k]]; p < pattern.pointers()[order[k] + 1]; p++) {
                int i = inverse[pattern.indices()[p]];
                while (i >= 0 && i < k) {
                    int next = ancestor[i];
                    ancestor[i] = k;
                    if (next < 0) {
                        parent[i] = k;
                    }
                    i = next;
                }
            }
        }
        return parent;
    }

    private static int[] counts(SparseMatrix pattern, int[] order, int[] inverse, int[] parent) {
        int[] counts = new int[order.length];
        int[] seen = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            seen[k] = k;
            for (int p = pattern.pointers()[order[k]]; p < pattern.pointers()[order[k] + 1]; p++) {
                // Row k of the factor is what one passes on the way up from its entries.
                for (int i = inverse[pattern.indices()[p]]; i < k && seen[i] != k; i = parent[i]) {
                    seen[i] = k;
                    counts[i]++;
                }
            }
        }
        return counts;
    }

    /** Children before parents, the child with the longest column last: it may share its parent's pattern. */
    private static int[] postorder(int[] parent, int[] counts) {
        int n = parent.length;
        int[] byCount = byCount(counts);
        int[] head = new int[n + 1];
        int[] next = new int[n];
        Arrays.fill(head, -1);
        // The root's list is the last one. Pushed from the longest on, so that lists start with the shortest.
        for (int k = n - 1; k >= 0; k--) {
            int j = byCount[k];
            int list = parent[j] < 0 ? n : parent[j];
            next[j] = head[list];
            head[list] = j;
        }
        int[] post = new int[n];
        int[] stack = new int[n + 1];
        int top = 0;
        stack[0] = n;
        int size = 0;
        while (top >= 0) {
            int list = stack[top];
            int child = head[list];
            if (child >= 0) {
                head[list] = next[child];
                stack[++top] = child;
            } else {
                top--;
                if (list < n) {
                    post[size++] = list;
                }
            }
        }
        return post;
    }

    private static int[] byCount(int[] counts) {
        int[] start = new int[counts.length + 1];
        for (int j = 0; j < counts.length; j++) {
            start[counts[j] + 1]++;
        }
        Triplets.accumulate(start);
        int[] sorted = new int[counts.length];
        for (int j = 0; j < counts.length; j++) {
            sorted[start[counts[j]]++] = j;
        }
        return sorted;
    }
}
