package dev.stillpoint.kernel;

import java.nio.FloatBuffer;

/**
 * P(x) = x − Aᵀ(AAᵀ)⁻¹(Ax − b) of many samples in float32, a tile of lanes at a time.
 *
 * @param lanes the arithmetic
 * @param factor A
 */
public record ProjectionTiles(Lanes lanes, AffineFactor factor) {
    /** Nonzeros times samples below which a second thread costs more than it brings: some 50 microseconds of work. */
    private static final long WORTH_A_THREAD = 1 << 18;

    /**
     * Projects every sample.
     *
     * @param count samples
     * @param x [count, n]
     * @param kept b as {@link AffineFactor#kept} gives it, one for all samples or one a sample
     * @param result [count, n]
     */
    public void run(int count, FloatBuffer x, double[][] kept, FloatBuffer result) {
        long work = count * (2 * factor.nonZeros() + 2L * factor.matrix().nonZeros());
        int threads = (int) Math.max(1, Math.min(Math.min(Workers.limit(), count), work / WORTH_A_THREAD));
        int share = (count + threads - 1) / threads;
        Workers.run(threads, thread -> run(thread * share, Math.min(count, (thread + 1) * share), x, kept, result));
    }

    private void run(int from, int to, FloatBuffer x, double[][] kept, FloatBuffer result) {
        int width = lanes.width();
        int n = factor.columns();
        int m = factor.rank();
        LaneFactor f = factor.lanes();
        float[] v = new float[n * width];
        float[] b = new float[m * width];
        float[] y = new float[m * width];
        float[] row = new float[n];
        for (int first = from; first < to; first += width) {
            int count = Math.min(width, to - first);
            for (int lane = 0; lane < count; lane++) {
                x.get((first + lane) * n, row);
                for (int j = 0; j < n; j++) {
                    v[j * width + lane] = row[j];
                }
                double[] own = kept[kept.length == 1 ? 0 : first + lane];
                for (int i = 0; i < m; i++) {
                    b[i * width + lane] = (float) own[i];
                }
            }
            lanes.residual(f, v, b, y);
            lanes.solve(f, y);
            lanes.subtractTransposed(f, y, v);
            for (int lane = 0; lane < count; lane++) {
                for (int j = 0; j < n; j++) {
                    row[j] = v[j * width + lane];
                }
                result.put((first + lane) * n, row);
            }
        }
    }
}
