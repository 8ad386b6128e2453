package dev.stillpoint.kernel;

import java.util.Arrays;

/** Vertices by degree, those of one degree the latest first. */
final class DegreeLists {
    private final int[] head;
    private final int[] next;
    private final int[] previous;
    private int least;

    DegreeLists(int n) {
        head = new int[n];
        next = new int[n];
        previous = new int[n];
        least = n;
        Arrays.fill(head, -1);
    }

    void add(int i, int degree) {
        next[i] = head[degree];
        previous[i] = -1;
        if (head[degree] >= 0) {
            previous[head[degree]] = i;
        }
        head[degree] = i;
        least = Math.min(least, degree);
    }

    void remove(int i, int degree) {
        if (next[i] >= 0) {
            previous[next[i]] = previous[i];
        }
        if (previous[i] >= 0) {
            next[previous[i]] = next[i];
        } else {
            head[degree] = next[i];
        }
    }

    /** A vertex of least degree, −1 if there is none. */
    int removeLeast() {
        while (least < head.length && head[least] < 0) {
            least++;
        }
        if (least == head.length) {
            return -1;
        }
        int i = head[least];
        remove(i, least);
        return i;
    }
}
