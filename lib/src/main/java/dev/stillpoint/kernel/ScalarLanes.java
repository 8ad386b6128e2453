package dev.stillpoint.kernel;

import java.util.Arrays;

/** {@link Lanes} in plain Java, for any width: what runs without SIMD, and what the SIMD twin is held against. */
public final class ScalarLanes implements Lanes {
    private static final int NARROW = 4;

    private final int width;

    /**
     * Lanes of some width.
     *
     * @param width samples a tile, at least 1
     */
    public ScalarLanes(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("ScalarLanes: need width >= 1, got " + width);
        }
        this.width = width;
    }

    @Override
    public String name() {
        return "plain Java";
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public Lanes narrower() {
        return width > NARROW ? new ScalarLanes(NARROW) : this;
    }

    @Override
    public void residual(LaneFactor f, float[] v, float[] b, float[] y) {
        int[] pointers = f.productPointers();
        for (int i = 0; i < f.rank(); i++) {
            int at = i * width;
            for (int l = 0; l < width; l++) {
                y[at + l] = -b[at + l];
            }
            for (int t = pointers[i]; t < pointers[i + 1]; t++) {
                int column = f.productColumns()[t] * width;
                float a = f.productValues()[t];
                for (int l = 0; l < width; l++) {
                    y[at + l] += a * v[column + l];
                }
            }
        }
    }

    @Override
    public void solve(LaneFactor f, float[] y) {
        int[] pointers = f.rowPointers();
        for (int i = 0; i < f.rank(); i++) {
            subtract(y, i * width, f.rowIndices(), f.rowValues(), pointers[i], pointers[i + 1]);
        }
        float[] inverse = f.inversePivots();
        int[] columns = f.columnPointers();
        for (int i = f.rank() - 1; i >= 0; i--) {
            int at = i * width;
            for (int l = 0; l < width; l++) {
                y[at + l] *= inverse[i];
            }
            subtract(y, at, f.columnIndices(), f.columnValues(), columns[i], columns[i + 1]);
        }
    }

    /** y[at ...] −= Σ value·y[index ...]. */
    private void subtract(float[] y, int at, int[] index, float[] value, int from, int to) {
        for (int t = from; t < to; t++) {
            float a = value[t];
            int other = index[t] * width;
            for (int l = 0; l < width; l++) {
                y[at + l] -= a * y[other + l];
            }
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
        Arrays.fill(sums, 0, 2 * width, 0f);
        int[] pointers = f.matrixPointers();
        int[] rows = f.matrixRows();
        float[] values = f.matrixValues();
        for (int j = 0; j < f.columns(); j++) {
            int at = j * width;
            float low = box.lower()[j];
            float high = box.upper()[j];
            for (int l = 0; l < width; l++) {
                next[at + l] = keep * Math.min(Math.max(z[at + l], low), high) - scaledCost[at + l];
            }
            for (int t = pointers[j]; t < pointers[j + 1]; t++) {
                int row = rows[t] * width;
                for (int l = 0; l < width; l++) {
                    next[at + l] -= values[t] * y[row + l];
                }
            }
            for (int l = 0; l < width; l++) {
                float plus = next[at + l];
                float moved = plus - z[at + l];
                sums[l] += moved * moved;
                sums[width + l] += z[at + l] * z[at + l];
                v[at + l] = (1 + keep) * Math.min(Math.max(plus, low), high) - plus - scaledCost[at + l];
            }
        }
    }

    @Override
    public void subtractTransposed(LaneFactor f, float[] y, float[] v) {
        int[] pointers = f.matrixPointers();
        for (int j = 0; j < f.columns(); j++) {
            for (int t = pointers[j]; t < pointers[j + 1]; t++) {
                int row = f.matrixRows()[t] * width;
                float a = f.matrixValues()[t];
                for (int l = 0; l < width; l++) {
                    v[j * width + l] -= a * y[row + l];
                }
            }
        }
    }

    /** Sums of four lanes at a time stay in registers: no store a nonzero. */
    @Override
    public void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
        int fours = width / NARROW * NARROW;
        for (int i = from; i < to; i++) {
            for (int l = 0; l < fours; l += NARROW) {
                four(a, i, l, x, y);
            }
            for (int l = fours; l < width; l++) {
                float sum = 0;
                for (int t = a.pointers()[i]; t < a.pointers()[i + 1]; t++) {
                    sum += a.values()[t] * x[a.indices()[t] * width + l];
                }
                y[i * width + l] = sum;
            }
        }
    }

    private void four(LaneMatrix a, int i, int l, float[] x, float[] y) {
        int[] indices = a.indices();
        float[] values = a.values();
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int t = a.pointers()[i], end = a.pointers()[i + 1]; t < end; t++) {
            int at = indices[t] * width + l;
            float v = values[t];
            s0 += v * x[at];
            s1 += v * x[at + 1];
            s2 += v * x[at + 2];
            s3 += v * x[at + 3];
        }
        int at = i * width + l;
        y[at] = s0;
        y[at + 1] = s1;
        y[at + 2] = s2;
        y[at + 3] = s3;
    }

    @Override
    public long multiplyAdds(int rounds, float[] result) {
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
            s0 = s0 * 0.5f + 0.5f;
            s1 = s1 * 0.5f + 0.5f;
            s2 = s2 * 0.5f + 0.5f;
            s3 = s3 * 0.5f + 0.5f;
            s4 = s4 * 0.5f + 0.5f;
            s5 = s5 * 0.5f + 0.5f;
            s6 = s6 * 0.5f + 0.5f;
            s7 = s7 * 0.5f + 0.5f;
            s8 = s8 * 0.5f + 0.5f;
            s9 = s9 * 0.5f + 0.5f;
            s10 = s10 * 0.5f + 0.5f;
            s11 = s11 * 0.5f + 0.5f;
        }
        Arrays.fill(result, 0, width, s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
        return 2L * 12 * rounds;
    }
}
