package dev.stillpoint.kernel;

import java.nio.FloatBuffer;

/**
 * y = Ax of many samples in float32, a tile of lanes at a time, its rows dealt to all cores. A sample's numbers depend neither
 * on the other samples nor on the threads.
 *
 * @param lanes the arithmetic
 * @param matrix A
 */
public record SparseTiles(Lanes lanes, LaneMatrix matrix) {
    /** Multiply-adds below which a second thread costs more than it brings: some 50 microseconds of work. */
    private static final long WORTH_A_THREAD = 1 << 18;

    /** Parts a thread, so that one that is held up does not hold up the others. */
    private static final int PARTS = 4;

    /** Columns that are turned into a tile at a time: both sides of the turn fit into the nearest cache. */
    private static final int STRETCH = 256;

    /**
     * Multiplies every sample.
     *
     * @param count samples
     * @param x [count, columns]
     * @param y [count, rows], overwritten
     */
    public void run(int count, FloatBuffer x, FloatBuffer y) {
        for (int first = 0; first < count; ) {
            int left = count - first;
            int narrow = lanes.narrower().width();
            Lanes own = (left + narrow - 1) / narrow * narrow < lanes.width() ? lanes.narrower() : lanes;
            int samples = Math.min(own.width(), left);
            tile(own, first, samples, x, y);
            first += samples;
        }
    }

    private void tile(Lanes own, int first, int samples, FloatBuffer x, FloatBuffer y) {
        int rows = matrix.rows();
        float[] in = new float[matrix.columns() * own.width()];
        float[] out = new float[rows * own.width()];
        long work = (long) matrix.values().length * own.width();
        int threads = (int) Math.max(1, Math.min(Workers.limit(), work / WORTH_A_THREAD));
        int parts = threads == 1 ? 1 : threads * PARTS;
        Workers.run(parts, part -> pack(own.width(), first, samples, x, in, part, parts));
        Workers.run(parts, part -> {
            int from = start(part, parts);
            int to = start(part + 1, parts);
            own.product(matrix, from, to, in, out);
            float[] row = new float[to - from];
            for (int lane = 0; lane < samples; lane++) {
                for (int i = from; i < to; i++) {
                    row[i - from] = out[i * own.width() + lane];
                }
                y.put((first + lane) * rows + from, row);
            }
        });
    }

    private void pack(int width, int first, int samples, FloatBuffer x, float[] in, int part, int parts) {
        int n = matrix.columns();
        float[] row = new float[STRETCH];
        int to = (int) ((long) n * (part + 1) / parts);
        for (int from = (int) ((long) n * part / parts); from < to; from += STRETCH) {
            int length = Math.min(STRETCH, to - from);
            for (int lane = 0; lane < samples; lane++) {
                x.get((first + lane) * n + from, row, 0, length);
                for (int j = 0; j < length; j++) {
                    in[(from + j) * width + lane] = row[j];
                }
            }
        }
    }

    /** The row at which a part begins: parts hold about as many nonzeros, an empty row counting as one. */
    private int start(int part, int parts) {
        int rows = matrix.rows();
        long wanted = ((long) matrix.values().length + rows) * part / parts;
        int low = 0;
        int high = rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if ((long) matrix.pointers()[middle] + middle < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
