package dev.stillpoint.kernel;

import java.util.Arrays;

/** {@link Lanes} in plain Java, for any width: what runs without SIMD, and what the SIMD twin is held against. */
public final class ScalarLanes implements Lanes {
    private static final int NARROW = 4;
    private static final Lanes SINGLE = new Single();

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
        return width > NARROW ? new ScalarLanes(NARROW) : width > 1 ? SINGLE : this;
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
            int at = i * width;
            for (int t = pointers[i]; t < pointers[i + 1]; t++) {
                subtract(y, at, f.rowValues()[t], f.rowIndices()[t] * width);
            }
        }
        float[] inverse = f.inversePivots();
        int[] columns = f.columnPointers();
        for (int i = f.rank() - 1; i >= 0; i--) {
            int at = i * width;
            for (int l = 0; l < width; l++) {
                y[at + l] *= inverse[i];
            }
            for (int t = columns[i + 1] - 1; t >= columns[i]; t--) {
                subtract(y, at, f.columnValues()[t], f.columnIndices()[t] * width);
            }
        }
    }

    /** y[at ...] −= a·y[other ...]. */
    private void subtract(float[] y, int at, float a, int other) {
        for (int l = 0; l < width; l++) {
            y[at + l] -= a * y[other + l];
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
        long operations = SINGLE.multiplyAdds(rounds, result);
        Arrays.fill(result, 1, width, result[0]);
        return operations;
    }

    /** One sample: a product and a sum are rounded apart, as here. */
    private static final class Single extends SingleLane {
        Single() {
            super(Integer.MAX_VALUE);
        }

        @Override
        public String name() {
            return "plain Java";
        }

        @Override
        protected float multiplyAdd(float a, float b, float c) {
            return a * b + c;
        }

        @Override
        protected float clamp(float z, float low, float high) {
            return Math.min(Math.max(z, low), high);
        }
    }
}
