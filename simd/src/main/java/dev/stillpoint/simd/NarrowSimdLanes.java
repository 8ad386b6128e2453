package dev.stillpoint.simd;

import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.LaneMatrix;
import dev.stillpoint.kernel.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SimdLanes} for few samples: one vector instead of two, half the work. The same operations on a sample in the same
 * order, so that its numbers are the same in both, bit for bit.. Shorter vectors take about as
 * long: a step waits for additions that follow each other more than for the number of lanes.
 */
final class NarrowSimdLanes implements Lanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LENGTH = SPECIES.length();

    private final Lanes narrower = new FusedLane();

    NarrowSimdLanes() {}

    @Override
    public String name() {
        return "Vector API, " + SPECIES.vectorBitSize() + " bits";
    }

    @Override
    public int width() {
        return LENGTH;
    }

    @Override
    public Lanes narrower() {
        return narrower;
    }

    @Override
    public void residual(LaneFactor f, float[] v, float[] b, float[] y) {
        int[] pointers = f.productPointers();
        int[] columns = f.productColumns();
        float[] values = f.productValues();
        for (int i = 0; i < f.rank(); i++) {
            int at = i * LENGTH;
            FloatVector sum = FloatVector.fromArray(SPECIES, b, at).neg();
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                FloatVector a = FloatVector.broadcast(SPECIES, values[t]);
                int column = columns[t] * LENGTH;
                sum = FloatVector.fromArray(SPECIES, v, column).fma(a, sum);
            }
            sum.intoArray(y, at);
        }
    }

    @Override
    public void solve(LaneFactor f, float[] y) {
        forward(f.rank(), f.rowPointers(), f.rowIndices(), f.rowValues(), y);
        backward(f.rank(), f.inversePivots(), f.columnPointers(), f.columnIndices(), f.columnValues(), y);
    }

    /** y ← L⁻¹y. */
    private static void forward(int m, int[] pointers, int[] indices, float[] values, float[] y) {
        for (int i = 0; i < m; i++) {
            int at = i * LENGTH;
            FloatVector a = FloatVector.fromArray(SPECIES, y, at);
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                FloatVector v = FloatVector.broadcast(SPECIES, -values[t]);
                int other = indices[t] * LENGTH;
                a = FloatVector.fromArray(SPECIES, y, other).fma(v, a);
            }
            a.intoArray(y, at);
        }
    }

    /** y ← L⁻ᵀD⁻¹y. */
    private static void backward(int m, float[] inverse, int[] pointers, int[] indices, float[] values, float[] y) {
        for (int i = m - 1; i >= 0; i--) {
            int at = i * LENGTH;
            FloatVector a = FloatVector.fromArray(SPECIES, y, at).mul(inverse[i]);
            for (int t = pointers[i + 1] - 1, begin = pointers[i]; t >= begin; t--) {
                FloatVector v = FloatVector.broadcast(SPECIES, -values[t]);
                int other = indices[t] * LENGTH;
                a = FloatVector.fromArray(SPECIES, y, other).fma(v, a);
            }
            a.intoArray(y, at);
        }
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
        Arrays.fill(sums, 0, 2 * LENGTH, 0f);
        for (int from = 0; from < f.columns(); from += SimdLanes.BLOCK) {
            sweep(from, Math.min(f.columns(), from + SimdLanes.BLOCK), f, box, keep, scaledCost, z, next, y, v, sums);
        }
    }

    private static void sweep(
            int from,
            int to,
            LaneFactor f,
            Bounds box,
            float keep,
            float[] scaledCost,
            float[] z,
            float[] next,
            float[] y,
            float[] v,
            float[] sums) {
        int[] pointers = f.matrixPointers();
        int[] rows = f.matrixRows();
        float[] values = f.matrixValues();
        float[] lower = box.lower();
        float[] upper = box.upper();
        FloatVector moved = FloatVector.zero(SPECIES);
        FloatVector size = moved;
        for (int j = from; j < to; j++) {
            int at = j * LENGTH;
            int begin = pointers[j];
            int end = pointers[j + 1];
            FloatVector low = FloatVector.broadcast(SPECIES, lower[j]);
            FloatVector high = FloatVector.broadcast(SPECIES, upper[j]);
            boolean plain = Float.floatToRawIntBits(lower[j]) >= 0;
            FloatVector before = FloatVector.fromArray(SPECIES, z, at);
            FloatVector cost = FloatVector.fromArray(SPECIES, scaledCost, at);
            FloatVector plus =
                    SimdLanes.clamp(before, low, high, plain).mul(keep).sub(cost);
            for (int t = begin; t < end; t++) {
                FloatVector a = FloatVector.broadcast(SPECIES, -values[t]);
                int row = rows[t] * LENGTH;
                plus = FloatVector.fromArray(SPECIES, y, row).fma(a, plus);
            }
            plus.intoArray(next, at);
            FloatVector d = plus.sub(before);
            moved = d.fma(d, moved);
            size = before.fma(before, size);
            SimdLanes.clamp(plus, low, high, plain)
                    .mul(1 + keep)
                    .sub(plus)
                    .sub(cost)
                    .intoArray(v, at);
        }
        FloatVector.fromArray(SPECIES, sums, 0).add(moved).intoArray(sums, 0);
        FloatVector.fromArray(SPECIES, sums, LENGTH).add(size).intoArray(sums, LENGTH);
    }

    @Override
    public void subtractTransposed(LaneFactor f, float[] y, float[] v) {
        int[] pointers = f.matrixPointers();
        int[] rows = f.matrixRows();
        float[] values = f.matrixValues();
        for (int j = 0; j < f.columns(); j++) {
            FloatVector rest = FloatVector.fromArray(SPECIES, v, j * LENGTH);
            for (int t = pointers[j]; t < pointers[j + 1]; t++) {
                FloatVector a = FloatVector.broadcast(SPECIES, -values[t]);
                int row = rows[t] * LENGTH;
                rest = FloatVector.fromArray(SPECIES, y, row).fma(a, rest);
            }
            rest.intoArray(v, j * LENGTH);
        }
    }

    @Override
    public void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
        int[] pointers = a.pointers();
        int[] columns = a.indices();
        float[] values = a.values();
        for (int i = from; i < to; i++) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                FloatVector v = FloatVector.broadcast(SPECIES, values[t]);
                sum = FloatVector.fromArray(SPECIES, x, columns[t] * LENGTH).fma(v, sum);
            }
            sum.intoArray(y, i * LENGTH);
        }
    }

    @Override
    public long multiplyAdds(int rounds, float[] result) {
        return MultiplyAdds.run(rounds, result);
    }
}
