package dev.stillpoint.kernel;

import java.util.Arrays;

/** Vertices by gain, the greatest on top; the gain of any of them may change. */
final class GainHeap {
    private final int[] heap;
    private final int[] place;
    private final int[] gain;
    private int count;

    GainHeap(int n) {
        heap = new int[n];
        place = new int[n];
        gain = new int[n];
        Arrays.fill(place, -1);
    }

    boolean isEmpty() {
        return count == 0;
    }

    int top() {
        return heap[0];
    }

    int topGain() {
        return gain[heap[0]];
    }

    void clear() {
        while (count > 0) {
            place[heap[--count]] = -1;
        }
    }

    void insert(int v, int newGain) {
        gain[v] = newGain;
        put(v, count++);
        up(v);
    }

    /** Adds to the gain of a vertex; one that is not here is left alone. */
    void add(int v, int change) {
        if (place[v] >= 0) {
            gain[v] += change;
            up(v);
            down(v);
        }
    }

    /** Takes a vertex out, if it is here. */
    void remove(int v) {
        int at = place[v];
        if (at < 0) {
            return;
        }
        place[v] = -1;
        int last = heap[--count];
        if (last != v) {
            put(last, at);
            up(last);
            down(last);
        }
    }

    private void up(int v) {
        int at = place[v];
        while (at > 0 && gain[heap[(at - 1) / 2]] < gain[v]) {
            put(heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }
        put(v, at);
    }

    private void down(int v) {
        int at = place[v];
        while (2 * at + 1 < count) {
            int child = 2 * at + 1;
            if (child + 1 < count && gain[heap[child + 1]] > gain[heap[child]]) {
                child++;
            }
            if (gain[heap[child]] <= gain[v]) {
                break;
            }
            put(heap[child], at);
            at = child;
        }
        put(v, at);
    }

    private void put(int v, int at) {
        heap[at] = v;
        place[v] = at;
    }
}
