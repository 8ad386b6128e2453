package dev.stillpoint.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** One thread's tile of {@link DavisYinTiles}. Everything is allocated when it is made. */
final class DavisYinTile {
    private static final int EMPTY = -1;

    private final DavisYinTiles problem;
    private final Lanes lanes;
    private final LaneFactor factor;
    private final AffineFactor affine;
    private final Bounds box;
    private final float step;
    private final float keep;
    private final DavisYinTiles.Samples samples;
    private final Judge judge;
    private final AtomicInteger queue;
    private final int width;
    private final int n;
    private final int m;

    private final float[] scaledCost;
    private final float[] b;
    /** 2x − z − α(w + γx), which is to be projected. */
    private final float[] v;

    private final float[] y;
    private final float[] sums;
    private final float[] row;
    private final int[] sample;
    private final int[] steps;
    private float[] z;
    private float[] next;
    /** x at each lane's last mark; made when the first lane comes near its rounding. */
    private float[] mark = new float[0];

    private int live;

    /** A tile of the problem, on these lanes. */
    DavisYinTile(DavisYinTiles problem, Lanes lanes, DavisYinTiles.Samples samples, Judge judge, AtomicInteger queue) {
        this.problem = problem;
        this.lanes = lanes;
        this.affine = problem.factor();
        this.factor = affine.lanes();
        this.box = problem.box();
        this.step = (float) problem.step();
        this.keep = (float) (1 - problem.step() * problem.gamma());
        this.samples = samples;
        this.judge = judge;
        this.queue = queue;
        this.width = lanes.width();
        this.n = factor.columns();
        this.m = factor.rank();
        this.scaledCost = new float[n * width];
        this.b = new float[m * width];
        this.v = new float[n * width];
        this.y = new float[m * width];
        this.z = new float[n * width];
        this.next = new float[n * width];
        this.sums = new float[2 * width];
        this.row = new float[n];
        this.sample = new int[width];
        Arrays.fill(sample, EMPTY);
        this.steps = new int[width];
    }

    /**
     * Iterates until neither a lane nor the queue holds a sample. At most {@code share} lanes are used. Once the queue is
     * empty, the last samples move on to narrower lanes as soon as they fit.
     */
    void run(int share) {
        refill(share);
        Lanes narrower = lanes.narrower();
        int fits = narrower.width() < width ? narrower.width() : 0;
        while (live > 0 && (live > fits || queue.get() < samples.count())) {
            step();
            refill(share);
        }
        if (live > 0) {
            DavisYinTile rest = new DavisYinTile(problem, narrower, samples, judge, queue);
            moveTo(rest);
            rest.run(rest.live);
        }
    }

    private void step() {
        lanes.residual(factor, v, b, y);
        lanes.solve(factor, y);
        lanes.sweep(factor, box, keep, scaledCost, z, next, y, v, sums);
        look();
        float[] before = z;
        z = next;
        next = before;
    }

    /** Gives the samples to the first lanes of another tile, between two steps. */
    private void moveTo(DavisYinTile to) {
        if (mark.length > 0) {
            to.mark = new float[n * to.width];
        }
        for (int lane = 0; lane < width; lane++) {
            if (sample[lane] != EMPTY) {
                int other = to.live++;
                to.sample[other] = sample[lane];
                to.steps[other] = steps[lane];
                copy(scaledCost, lane, to.scaledCost, other, to.width);
                copy(b, lane, to.b, other, to.width);
                copy(z, lane, to.z, other, to.width);
                copy(v, lane, to.v, other, to.width);
                copy(mark, lane, to.mark, other, to.width);
            }
        }
    }

    private void copy(float[] from, int lane, float[] to, int other, int otherWidth) {
        for (int at = lane; at < from.length; at += width, other += otherWidth) {
            to[other] = from[at];
        }
    }

    private void refill(int share) {
        for (int lane = 0; lane < share && live < share; lane++) {
            if (sample[lane] == EMPTY) {
                int s = queue.getAndIncrement();
                if (s >= samples.count()) {
                    return;
                }
                load(lane, s);
            }
        }
    }

    private void load(int lane, int s) {
        sample[lane] = s;
        steps[lane] = 0;
        live++;
        samples.cost().get(s * n, row);
        for (int j = 0; j < n; j++) {
            scaledCost[j * width + lane] = step * row[j];
        }
        double[] kept = samples.rightHandSide(s);
        for (int i = 0; i < m; i++) {
            b[i * width + lane] = (float) kept[i];
        }
        samples.start().get(s * n, row);
        for (int j = 0; j < n; j++) {
            int at = j * width + lane;
            z[at] = row[j];
            v[at] = (1 + keep) * solution(j, row[j]) - row[j] - scaledCost[at];
        }
    }

    private float solution(int j, float z) {
        return Math.min(Math.max(z, box.lower()[j]), box.upper()[j]);
    }

    private void look() {
        for (int lane = 0; lane < width; lane++) {
            int s = sample[lane];
            if (s != EMPTY) {
                double residual = Math.sqrt(sums[lane]);
                double size = Math.sqrt(sums[width + lane]);
                Verdict verdict = judge.look(s, ++steps[lane], residual, size);
                if (verdict == Verdict.MEASURE) {
                    verdict = judge.moved(s, mark(lane));
                }
                if (verdict == Verdict.END) {
                    store(lane, s);
                    sample[lane] = EMPTY;
                    live--;
                }
            }
        }
    }

    private void store(int lane, int s) {
        for (int j = 0; j < n; j++) {
            row[j] = z[j * width + lane];
        }
        samples.result().put(s * n, row);
    }

    /** How far x has gone since this lane was marked the last time; marks it. */
    private double mark(int lane) {
        if (mark.length == 0) {
            mark = new float[n * width];
        }
        double sum = 0;
        for (int j = 0; j < n; j++) {
            int at = j * width + lane;
            float x = solution(j, z[at]);
            double moved = x - mark[at];
            sum += moved * moved;
            mark[at] = x;
        }
        return Math.sqrt(sum);
    }
}
