package dev.stillpoint.law;

import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.LaneMatrix;
import dev.stillpoint.kernel.Lanes;

/** Lanes to be spoilt in one method. */
abstract class WrappedLanes implements Lanes {
    final Lanes inner;

    WrappedLanes(Lanes inner) {
        this.inner = inner;
    }

    @Override
    public String name() {
        return "with a fault";
    }

    @Override
    public int width() {
        return inner.width();
    }

    @Override
    public void solve(LaneFactor f, float[] y) {
        inner.solve(f, y);
    }

    @Override
    public void sweep(
            LaneFactor f,
            Bounds box,
            float keep,
            float[] scaledCost,
            float[] z,
            float[] next,
            float[] y,
            float[] v,
            float[] sums) {
        inner.sweep(f, box, keep, scaledCost, z, next, y, v, sums);
    }

    @Override
    public void residual(LaneFactor f, float[] v, float[] b, float[] y) {
        inner.residual(f, v, b, y);
    }

    @Override
    public void subtractTransposed(LaneFactor f, float[] y, float[] v) {
        inner.subtractTransposed(f, y, v);
    }

    @Override
    public void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
        inner.product(a, from, to, x, y);
    }

    @Override
    public long multiplyAdds(int rounds, float[] result) {
        return inner.multiplyAdds(rounds, result);
    }
}
