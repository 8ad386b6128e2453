package dev.stillpoint.cli;

import java.util.List;

/** What every benchmark has: checks of numbers beside the options of all that say something. */
final class BenchOptions extends OutputOptions {
    /** 179,400 arcs. */
    private static final int LARGEST_GRID = 300;

    BenchOptions() {}

    /** Refuses a number below {@code least}. */
    void atLeast(String option, int value, int least) {
        if (value < least) {
            throw Words.wrong(spec, option, "need a whole number >= " + least + ", got " + value);
        }
    }

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
