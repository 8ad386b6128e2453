package dev.stillpoint.simd;

import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.LaneMatrix;
import dev.stillpoint.kernel.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Lanes} of two vectors: what is read of the factor is used for both, and their sums do not wait for each other.
 *
 * <p>Sums run over a row of L in registers, so a nonzero costs two loads, two multiply-adds and no store.
 */
final class SimdLanes implements Lanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LENGTH = SPECIES.length();
    private static final int WIDTH = 2 * LENGTH;
    /** Columns after which the sums of squares are set aside: sums of sums round less. */
    static final int BLOCK = 512;

    private final Lanes narrower = new NarrowSimdLanes();

    SimdLanes() {}

    int vectorLength() {
        return LENGTH;
    }

    @Override
    public String name() {
        return "Vector API, 2 x " + SPECIES.vectorBitSize() + " bits";
    }

    @Override
    public int width() {
        return WIDTH;
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
            int at = i * WIDTH;
            FloatVector sumA = FloatVector.fromArray(SPECIES, b, at).neg();
            FloatVector sumB = FloatVector.fromArray(SPECIES, b, at + LENGTH).neg();
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                FloatVector a = FloatVector.broadcast(SPECIES, values[t]);
                int column = columns[t] * WIDTH;
                sumA = FloatVector.fromArray(SPECIES, v, column).fma(a, sumA);
                sumB = FloatVector.fromArray(SPECIES, v, column + LENGTH).fma(a, sumB);
            }
            sumA.intoArray(y, at);
            sumB.intoArray(y, at + LENGTH);
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
            int at = i * WIDTH;
            FloatVector a = FloatVector.fromArray(SPECIES, y, at);
            FloatVector b = FloatVector.fromArray(SPECIES, y, at + LENGTH);
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                FloatVector v = FloatVector.broadcast(SPECIES, -values[t]);
                int other = indices[t] * WIDTH;
                a = FloatVector.fromArray(SPECIES, y, other).fma(v, a);
                b = FloatVector.fromArray(SPECIES, y, other + LENGTH).fma(v, b);
            }
            a.intoArray(y, at);
            b.intoArray(y, at + LENGTH);
        }
    }

    /** y ← L⁻ᵀD⁻¹y. */
    private static void backward(int m, float[] inverse, int[] pointers, int[] indices, float[] values, float[] y) {
        for (int i = m - 1; i >= 0; i--) {
            int at = i * WIDTH;
            FloatVector a = FloatVector.fromArray(SPECIES, y, at).mul(inverse[i]);
            FloatVector b = FloatVector.fromArray(SPECIES, y, at + LENGTH).mul(inverse[i]);
            for (int t = pointers[i + 1] - 1, begin = pointers[i]; t >= begin; t--) {
                FloatVector v = FloatVector.broadcast(SPECIES, -values[t]);
                int other = indices[t] * WIDTH;
                a = FloatVector.fromArray(SPECIES, y, other).fma(v, a);
                b = FloatVector.fromArray(SPECIES, y, other + LENGTH).fma(v, b);
            }
            a.intoArray(y, at);
            b.intoArray(y, at + LENGTH);
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
        Arrays.fill(sums, 0, 2 * WIDTH, 0f);
        for (int from = 0; from < f.columns(); from += BLOCK) {
            sweep(from, Math.min(f.columns(), from + BLOCK), f, box, keep, scaledCost, z, next, y, v, sums);
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
        FloatVector movedA = FloatVector.zero(SPECIES);
        FloatVector movedB = movedA;
        FloatVector sizeA = movedA;
        FloatVector sizeB = movedA;
        for (int j = from; j < to; j++) {
            int at = j * WIDTH;
            int begin = pointers[j];
            int end = pointers[j + 1];
            FloatVector low = FloatVector.broadcast(SPECIES, lower[j]);
            FloatVector high = FloatVector.broadcast(SPECIES, upper[j]);
            boolean plain = Float.floatToRawIntBits(lower[j]) >= 0;
            FloatVector zA = FloatVector.fromArray(SPECIES, z, at);
            FloatVector zB = FloatVector.fromArray(SPECIES, z, at + LENGTH);
            FloatVector costA = FloatVector.fromArray(SPECIES, scaledCost, at);
            FloatVector costB = FloatVector.fromArray(SPECIES, scaledCost, at + LENGTH);
            FloatVector nextA = clamp(zA, low, high, plain).mul(keep).sub(costA);
            FloatVector nextB = clamp(zB, low, high, plain).mul(keep).sub(costB);
            for (int t = begin; t < end; t++) {
                FloatVector a = FloatVector.broadcast(SPECIES, -values[t]);
                int row = rows[t] * WIDTH;
                nextA = FloatVector.fromArray(SPECIES, y, row).fma(a, nextA);
                nextB = FloatVector.fromArray(SPECIES, y, row + LENGTH).fma(a, nextB);
            }
            nextA.intoArray(next, at);
            nextB.intoArray(next, at + LENGTH);
            FloatVector dA = nextA.sub(zA);
            FloatVector dB = nextB.sub(zB);
            movedA = dA.fma(dA, movedA);
            movedB = dB.fma(dB, movedB);
            sizeA = zA.fma(zA, sizeA);
            sizeB = zB.fma(zB, sizeB);
            clamp(nextA, low, high, plain).mul(1 + keep).sub(nextA).sub(costA).intoArray(v, at);
            clamp(nextB, low, high, plain).mul(1 + keep).sub(nextB).sub(costB).intoArray(v, at + LENGTH);
        }
        // Written out: as arguments of a method that is not inlined they would be objects, at every step.
        FloatVector.fromArray(SPECIES, sums, 0).add(movedA).intoArray(sums, 0);
        FloatVector.fromArray(SPECIES, sums, LENGTH).add(movedB).intoArray(sums, LENGTH);
        FloatVector.fromArray(SPECIES, sums, WIDTH).add(sizeA).intoArray(sums, WIDTH);
        FloatVector.fromArray(SPECIES, sums, WIDTH + LENGTH).add(sizeB).intoArray(sums, WIDTH + LENGTH);
    }

    /**
     * min(max(z, l), u). Floats that are not negative stand in the order of their bits as integers, below which all negative
     * ones come: two instructions instead of eight, where l is such a number. They may take NaN away: it is
     * in the sums then, and any number is a place to go on from.
     *
     * @param plain whether l has no sign
     */
    static FloatVector clamp(FloatVector z, FloatVector low, FloatVector high, boolean plain) {
        if (plain) {
            return z.reinterpretAsInts()
                    .max(low.reinterpretAsInts())
                    .min(high.reinterpretAsInts())
                    .reinterpretAsFloats();
        }
        // By comparison: the vector minimum that orders −0 and NaN costs several times as much.
        FloatVector above = z.blend(low, z.compare(VectorOperators.LT, low));
        return above.blend(high, above.compare(VectorOperators.GT, high));
    }

    @Override
    public void subtractTransposed(LaneFactor f, float[] y, float[] v) {
        int[] pointers = f.matrixPointers();
        int[] rows = f.matrixRows();
        float[] values = f.matrixValues();
        for (int j = 0; j < f.columns(); j++) {
            FloatVector vA = FloatVector.fromArray(SPECIES, v, j * WIDTH);
            FloatVector vB = FloatVector.fromArray(SPECIES, v, j * WIDTH + LENGTH);
            for (int t = pointers[j]; t < pointers[j + 1]; t++) {
                FloatVector a = FloatVector.broadcast(SPECIES, -values[t]);
                int row = rows[t] * WIDTH;
                vA = FloatVector.fromArray(SPECIES, y, row).fma(a, vA);
                vB = FloatVector.fromArray(SPECIES, y, row + LENGTH).fma(a, vB);
            }
            vA.intoArray(v, j * WIDTH);
            vB.intoArray(v, j * WIDTH + LENGTH);
        }
    }

    @Override
    public void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
        int[] pointers = a.pointers();
        int[] columns = a.indices();
        float[] values = a.values();
        for (int i = from; i < to; i++) {
            FloatVector sumA = FloatVector.zero(SPECIES);
            FloatVector sumB = FloatVector.zero(SPECIES);
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                FloatVector v = FloatVector.broadcast(SPECIES, values[t]);
                int column = columns[t] * WIDTH;
                sumA = FloatVector.fromArray(SPECIES, x, column).fma(v, sumA);
                sumB = FloatVector.fromArray(SPECIES, x, column + LENGTH).fma(v, sumB);
            }
            sumA.intoArray(y, i * WIDTH);
            sumB.intoArray(y, i * WIDTH + LENGTH);
        }
    }

    @Override
    public long multiplyAdds(int rounds, float[] result) {
        return MultiplyAdds.run(rounds, result);
    }
}
