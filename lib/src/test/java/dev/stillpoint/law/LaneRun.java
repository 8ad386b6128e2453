package dev.stillpoint.law;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.SparseMatrix;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** All methods of some lanes on random tiles, and that they leave alone what is not theirs to change. */
class LaneRun {
    static final String[] RESULTS = {"solve", "residual", "subtractTransposed", "next", "v", "sums"};
    static final int SOLVED = 0;
    static final int RESIDUAL = 1;
    static final int TRANSPOSED = 2;
    static final int NEXT = 3;
    static final int V = 4;
    static final int SUMS = 5;

    final Lanes lanes;
    final LaneFactor f;
    final SparseMatrix a;
    final SparseMatrix sizes;
    final SparseMatrix columns;
    final Bounds box;
    final float keep;
    final Tile tile;
    final int width;
    final int n;
    final int m;

    LaneRun(Lanes lanes, AffineFactor factor, RandomGenerator random) {
        this.lanes = lanes;
        f = factor.lanes();
        a = factor.keptRows();
        sizes = SparseInstances.absolute(a);
        columns = a.transpose();
        width = lanes.width();
        n = f.columns();
        m = f.rank();
        box = bounds(n, random);
        keep = random.nextFloat();
        tile = new Tile(normal(n, random), normal(n, random), normal(m, random), normal(m, random));
        for (int j = 0; j < n; j += 3) {
            // On the bounds, which may be zeros of either sign.
            float at = j % 2 == 0 ? box.lower()[j] : box.upper()[j];
            tile.z[j * width + random.nextInt(width)] = Float.isInfinite(at) ? -0f : at;
        }
    }

    private float[] normal(int rows, RandomGenerator random) {
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(100, i % width % 3 - 1));
        }
        return values;
    }

    /** All results of copies of the tile, as {@link #RESULTS} names them. */
    float[][] run(Tile given) {
        float[][] factor = {
            f.matrixValues().clone(),
            f.rowValues().clone(),
            f.columnValues().clone(),
            f.productValues().clone()
        };
        Tile solve = given.copy();
        lanes.solve(f, solve.y);
        Tile product = given.copy();
        float[] residual = new float[m * width];
        Arrays.fill(residual, Float.NaN);
        lanes.residual(f, product.z, product.b, residual);
        Tile subtract = given.copy();
        lanes.subtractTransposed(f, subtract.y, subtract.z);
        Tile sweep = given.copy();
        Bounds copied = new Bounds(box.lower().clone(), box.upper().clone());
        float[] next = new float[n * width];
        float[] v = new float[n * width];
        float[] sums = new float[2 * width];
        Arrays.fill(next, Float.NaN);
        Arrays.fill(v, Float.NaN);
        Arrays.fill(sums, Float.NaN);
        lanes.sweep(f, copied, keep, sweep.cost, sweep.z, next, sweep.y, v, sums);
        same("residual: v left as it is", product.z, given.z);
        same("residual: b left as it is", product.b, given.b);
        same("subtractTransposed: y left as it is", subtract.y, given.y);
        same("sweep: z left as it is", sweep.z, given.z);
        same("sweep: cost left as it is", sweep.cost, given.cost);
        same("sweep: bounds left as they are", copied.lower(), box.lower());
        same("sweep: bounds left as they are", copied.upper(), box.upper());
        float[][] after = {f.matrixValues(), f.rowValues(), f.columnValues(), f.productValues()};
        for (int i = 0; i < after.length; i++) {
            same("factor left as it is", after[i], factor[i]);
        }
        return new float[][] {solve.y, residual, subtract.z, next, v, sums};
    }

    double clamp(double x, int j) {
        return Math.min(Math.max(x, box.lower()[j]), box.upper()[j]);
    }

    double[] lane(float[] tile, int l) {
        double[] lane = new double[tile.length / width];
        for (int i = 0; i < lane.length; i++) {
            lane[i] = tile[i * width + l];
        }
        return lane;
    }

    private static Bounds bounds(int n, RandomGenerator random) {
        float[] lower = new float[n];
        float[] upper = new float[n];
        for (int j = 0; j < n; j++) {
            float middle = (float) random.nextGaussian();
            float infinity = Float.POSITIVE_INFINITY;
            float[][] kinds = {
                {0, infinity}, {middle, middle + 1}, {middle, middle}, {-infinity, infinity}, {-0f, 1}, {-infinity, -0f}
            };
            lower[j] = kinds[j % kinds.length][0];
            upper[j] = kinds[j % kinds.length][1];
        }
        return new Bounds(lower, upper);
    }

    static void same(String law, float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            same(law, actual[i], expected[i]);
        }
    }

    static void same(String law, float actual, float expected) {
        if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
            throw new AssertionError(law + ": need " + expected + ", got " + actual);
        }
    }

    /** What the methods are given: tiles of n, n, m and m. */
    record Tile(float[] cost, float[] z, float[] y, float[] b) {
        Tile copy() {
            return new Tile(cost.clone(), z.clone(), y.clone(), b.clone());
        }

        float[][] arrays() {
            return new float[][] {cost, z, y, b};
        }
    }
}
