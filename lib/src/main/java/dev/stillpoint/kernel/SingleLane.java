package dev.stillpoint.kernel;

/**
 * {@link Lanes} for one sample, without vectors: its sums stay in a register, and what a step reads is as small as it can be. A
 * subclass brings the two operations that differ between arithmetics; with those of wider lanes its numbers are theirs, bit for
 * bit.
 */
public abstract class SingleLane implements Lanes {
    private final int block;

    /**
     * A lane.
     *
     * @param block columns after which the sums of squares of a sweep are set aside, at least 1
     */
    protected SingleLane(int block) {
        this.block = block;
    }

    /** a·b + c, rounded as the wider lanes round it. */
    protected abstract float multiplyAdd(float a, float b, float c);

    /** min(max(z, low), high), of NaN and of zeros what the wider lanes make of them. */
    protected abstract float clamp(float z, float low, float high);

    @Override
    public final int width() {
        return 1;
    }

    @Override
    public final void residual(LaneFactor f, float[] v, float[] b, float[] y) {
        int[] pointers = f.productPointers();
        int[] columns = f.productColumns();
        float[] values = f.productValues();
        for (int i = 0; i < f.rank(); i++) {
            float sum = -b[i];
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                sum = multiplyAdd(values[t], v[columns[t]], sum);
            }
            y[i] = sum;
        }
    }

    /**
     * Columns of L forward and its rows backward, each subtracted from all that it meets as soon as its own number is known: the
     * order of each sum is that of the wider lanes, but no sum waits for itself.
     */
    @Override
    public final void solve(LaneFactor f, float[] y) {
        int m = f.rank();
        for (int j = 0; j < m; j++) {
            subtract(j, f.columnPointers(), f.columnIndices(), f.columnValues(), y);
        }
        float[] inverse = f.inversePivots();
        for (int j = 0; j < m; j++) {
            y[j] *= inverse[j];
        }
        for (int j = m - 1; j >= 0; j--) {
            subtract(j, f.rowPointers(), f.rowIndices(), f.rowValues(), y);
        }
    }

    /** yᵢ ← yᵢ − vᵢ·yⱼ for the entries of column or row j. */
    private void subtract(int j, int[] pointers, int[] indices, float[] values, float[] y) {
        float minus = -y[j];
        for (int t = pointers[j], end = pointers[j + 1]; t < end; t++) {
            int i = indices[t];
            y[i] = multiplyAdd(values[t], minus, y[i]);
        }
    }

    @Override
    public final void sweep(
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
        float allMoved = 0;
        float allSize = 0;
        for (int from = 0; from < f.columns(); from += block) {
            float moved = 0;
            float size = 0;
            for (int j = from, to = Math.min(f.columns(), from + block); j < to; j++) {
                float before = z[j];
                float cost = scaledCost[j];
                float plus = clamp(before, lower[j], upper[j]) * keep - cost;
                int t = pointers[j];
                int end = pointers[j + 1];
                if (end - t == 2) {
                    // The two ends of an edge, without the cost of a loop.
                    plus = multiplyAdd(-values[t], y[rows[t]], plus);
                    plus = multiplyAdd(-values[t + 1], y[rows[t + 1]], plus);
                } else {
                    for (; t < end; t++) {
                        plus = multiplyAdd(-values[t], y[rows[t]], plus);
                    }
                }
                next[j] = plus;
                float d = plus - before;
                moved = multiplyAdd(d, d, moved);
                size = multiplyAdd(before, before, size);
                v[j] = clamp(plus, lower[j], upper[j]) * (1 + keep) - plus - cost;
            }
            allMoved += moved;
            allSize += size;
        }
        sums[0] = allMoved;
        sums[1] = allSize;
    }

    @Override
    public final void subtractTransposed(LaneFactor f, float[] y, float[] v) {
        int[] pointers = f.matrixPointers();
        int[] rows = f.matrixRows();
        float[] values = f.matrixValues();
        for (int j = 0; j < f.columns(); j++) {
            float rest = v[j];
            for (int t = pointers[j], end = pointers[j + 1]; t < end; t++) {
                rest = multiplyAdd(-values[t], y[rows[t]], rest);
            }
            v[j] = rest;
        }
    }

    @Override
    public final void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
        int[] pointers = a.pointers();
        int[] columns = a.indices();
        float[] values = a.values();
        for (int i = from; i < to; i++) {
            float sum = 0;
            for (int t = pointers[i], end = pointers[i + 1]; t < end; t++) {
                sum = multiplyAdd(values[t], x[columns[t]], sum);
            }
            y[i] = sum;
        }
    }

    @Override
    public final long multiplyAdds(int rounds, float[] result) {
        float s0 = 0;
        float s1 = 1;
        float s2 = 2;
        float s3 = 3;
        float s4 = 4;
        float s5 = 5;
        float s6 = 6;
        float s7 = 7;
        float s8 = 8;
        float s9 = 9;
        float s10 = 10;
        float s11 = 11;
        for (int round = 0; round < rounds; round++) {
            s0 = multiplyAdd(s0, 0.5f, 0.5f);
            s1 = multiplyAdd(s1, 0.5f, 0.5f);
            s2 = multiplyAdd(s2, 0.5f, 0.5f);
            s3 = multiplyAdd(s3, 0.5f, 0.5f);
            s4 = multiplyAdd(s4, 0.5f, 0.5f);
            s5 = multiplyAdd(s5, 0.5f, 0.5f);
            s6 = multiplyAdd(s6, 0.5f, 0.5f);
            s7 = multiplyAdd(s7, 0.5f, 0.5f);
            s8 = multiplyAdd(s8, 0.5f, 0.5f);
            s9 = multiplyAdd(s9, 0.5f, 0.5f);
            s10 = multiplyAdd(s10, 0.5f, 0.5f);
            s11 = multiplyAdd(s11, 0.5f, 0.5f);
        }
        result[0] = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
        return 2L * 12 * rounds;
    }
}
