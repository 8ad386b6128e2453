package dev.stillpoint.cli;

import java.util.List;

/** What every benchmark has: grids beside the options of all that say something. */
final class BenchOptions extends OutputOptions {
    /** 179,400 arcs. */
    private static final int LARGEST_GRID = 300;

    BenchOptions() {}

    /** Nodes on a side of several grids. */
    List<Integer> grids(String text) {
        List<Integer> grids = Words.list(spec, "--grids", text, word -> Words.whole(word, 2));
        for (int k : grids) {
            if (k > LARGEST_GRID) {
                throw Words.wrong(spec, "--grids", "need whole numbers from 2 to " + LARGEST_GRID + ", got " + k);
            }
        }
        return grids;
    }
}
