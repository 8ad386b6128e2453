package dev.stillpoint.zoo.paths;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Every path of a small grid, by recursion over node numbers and an arc list of its own: the solver's slow twin. */
final class AllPaths {
    private final int k;
    private final List<int[]> arcs = new ArrayList<>();
    private final List<float[]> paths = new ArrayList<>();

    private AllPaths(int k) {
        this.k = k;
        for (int row = 0; row < k; row++) {
            for (int column = 0; column < k - 1; column++) {
                arcs.add(new int[] {row * k + column, row * k + column + 1});
            }
            if (row < k - 1) {
                for (int column = 0; column < k; column++) {
                    arcs.add(new int[] {row * k + column, row * k + column + k});
                }
            }
        }
    }

    static List<float[]> of(int k) {
        AllPaths all = new AllPaths(k);
        all.extend(0, new float[all.arcs.size()]);
        return all.paths;
    }

    /** The arcs as {tail, head}, in PyEPO's order. */
    static List<int[]> arcs(int k) {
        return new AllPaths(k).arcs;
    }

    /** from, from + 1, ... below to. */
    static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    /** The optimal paths of all rows. */
    static float[][] optimal(PathData data) {
        return IntStream.range(0, data.size()).mapToObj(data::path).toArray(float[][]::new);
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private void extend(int node, float[] taken) {
        if (node == k * k - 1) {
            paths.add(taken.clone());
            return;
        }
        for (int e = 0; e < arcs.size(); e++) {
            if (arcs.get(e)[0] == node) {
                taken[e] = 1;
                extend(arcs.get(e)[1], taken);
                taken[e] = 0;
            }
        }
    }
}
