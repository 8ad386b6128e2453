package dev.stillpoint.zoo.problem;

import java.util.Arrays;

/** A heap of nodes by their keys, four children a place, on arrays. Of equal keys any may come first. */
final class NodeHeap {
    private static final int CHILDREN = 4;
    private final double[] key;
    private final int[] heap;
    /** Where each node is, −1 where it is not. */
    private final int[] place;

    private int size;

    /** A heap of nodes with keys in an array that the caller lowers before each {@link #put}. */
    NodeHeap(double[] key) {
        this.key = key;
        this.heap = new int[key.length];
        this.place = new int[key.length];
        Arrays.fill(place, -1);
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        while (size > 0) {
            place[heap[--size]] = -1;
        }
    }

    /** Adds a node, or moves it up after its key was lowered. */
    void put(int node) {
        int at = place[node] < 0 ? size++ : place[node];
        double k = key[node];
        while (at > 0) {
            int parent = (at - 1) / CHILDREN;
            int above = heap[parent];
            if (key[above] <= k) {
                break;
            }
            heap[at] = above;
            place[above] = at;
            at = parent;
        }
        heap[at] = node;
        place[node] = at;
    }

    /** Takes a node of least key. */
    int take() {
        int top = heap[0];
        place[top] = -1;
        int node = heap[--size];
        if (size > 0) {
            sink(node);
        }
        return top;
    }

    private void sink(int node) {
        double k = key[node];
        int at = 0;
        while (true) {
            int first = CHILDREN * at + 1;
            if (first >= size) {
                break;
            }
            int least = first;
            for (int c = first + 1; c < Math.min(first + CHILDREN, size); c++) {
                if (key[heap[c]] < key[heap[least]]) {
                    least = c;
                }
            }
            int below = heap[least];
            if (key[below] >= k) {
                break;
            }
            heap[at] = below;
            place[below] = at;
            at = least;
        }
        heap[at] = node;
        place[node] = at;
    }
}
