package dev.stillpoint.kernel;

import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Davis-Yin splitting for min wᵀx + γ/2 ‖x‖² over {Ax = b, l ≤ x ≤ u}, many samples at once in float32: x = min(max(z, l), u),
 * z⁺ = z − x + P(2x − z − α(w + γx)), P the projection onto {Ax = b}.
 *
 * <p>A tile holds as many samples as {@link Lanes} are wide, every thread works on a tile of its own, and a lane whose sample
 * ends takes the next one from the queue; few samples, and the last ones, go on in narrower lanes. What a sample computes
 * depends on neither its lane nor its neighbours, so results are the same at any number of threads. A step of a tile costs O(nonzeros of A and L) and allocates nothing.
 *
 * <p>Reference: Davis and Yin 2017, arXiv 1504.01032; McKenzie, Heaton and Wu Fung 2024 for these problems.
 *
 * @param lanes the arithmetic
 * @param factor A
 * @param box l and u
 * @param step α
 * @param gamma γ
 */
public record DavisYinTiles(Lanes lanes, AffineFactor factor, Bounds box, double step, double gamma) {
    /**
     * The samples of one solve, one after another in each buffer.
     *
     * @param count how many
     * @param start z₀, [count, n]
     * @param cost w, [count, n]
     * @param kept b as {@link AffineFactor#kept} gives it, one for all samples or one a sample
     * @param result the iterate at which each sample ended, [count, n]
     */
    public record Samples(int count, FloatBuffer start, FloatBuffer cost, double[][] kept, FloatBuffer result) {
        double[] rightHandSide(int sample) {
            return kept[kept.length == 1 ? 0 : sample];
        }
    }

    /**
     * Iterates every sample until the judge ends it.
     *
     * @param samples the samples
     * @param judge who decides
     */
    public void run(Samples samples, Judge judge) {
        int threads = Math.min(Workers.limit(), samples.count());
        // So that few samples are spread over all threads instead of filling one tile.
        int share = threads == 0 ? 0 : Math.min(lanes.width(), (samples.count() + threads - 1) / threads);
        Lanes enough = fitting(lanes, share);
        AtomicInteger queue = new AtomicInteger();
        Workers.run(threads, thread -> new DavisYinTile(this, enough, samples, judge, queue).run(share));
    }

    /** The narrowest lanes that hold so many samples. */
    private static Lanes fitting(Lanes lanes, int samples) {
        Lanes narrower = lanes.narrower();
        return narrower.width() < lanes.width() && samples <= narrower.width() ? fitting(narrower, samples) : lanes;
    }
}
