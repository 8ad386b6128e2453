package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.SparseMatrix;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What all {@link Lanes} promise. Values are held against sums in float64, within what the roundings of float32 explain in
 * any order of summation: a sum of k products is off by at most (k + 1)·2⁻²⁴ times the sum of the products' sizes, and a
 * few roundings more where its terms were rounded before.
 */
public final class LanesLaws {
    /** What one operation rounds by, relative to its result. */
    private static final double ROUNDING = 0x1p-24;
    /** Roundings besides those of a sum's terms: of A or L to float32, of keep, 1 + keep, 1/D, the clamp's factor, x⁺ in v⁺. */
    private static final int BESIDES = 8;
    /** What is lost at once below the normal numbers. */
    private static final double UNDERFLOW = Float.MIN_NORMAL;

    private static final int[] SIZES = {1, 7, 16, 17, 101, 1021};

    private LanesLaws() {}

    /**
     * {@link #check(Lanes, SparseMatrix, RandomGenerator)} on {@link SparseInstances} of 1 to
     * 1,021 columns, and on one of rank 0.
     *
     * @throws AssertionError naming the law that does not hold
     */
    public static void check(Lanes lanes, RandomGenerator random) {
        check(lanes, SparseMatrix.of(new double[2][3]), random);
        for (int n : SIZES) {
            check(lanes, SparseInstances.sparse(n, random), random);
            check(lanes, SparseInstances.incidence(n, random), random);
        }
    }

    /**
     * Every method gives what its formula says. A lane's numbers do not depend on what the others hold, infinity and NaN
     * included, nor on which lane it is: bit for bit. What is not to be changed is as it was, what is to be overwritten does
     * not matter before, and NaN in z or the cost comes out
     * of the sums, and NaN in the cost of the iterate.
     *
     * @param lanes the lanes
     * @param a A
     * @param random draws the numbers
     * @throws AssertionError naming the law that does not hold
     */
    public static void check(Lanes lanes, SparseMatrix a, RandomGenerator random) {
        Case at = new Case(lanes, AffineFactor.of(a), random);
        float[][] results = at.run(at.tile);
        for (int lane = 0; lane < lanes.width(); lane++) {
            at.values(lane, results);
            at.nanComesOut(lane, random.nextInt(at.n));
        }
        at.apart(results);
        at.whichever(results, random);
    }

    private static final class Case extends LaneRun {
        Case(Lanes lanes, AffineFactor factor, RandomGenerator random) {
            super(lanes, factor, random);
        }

        private void values(int l, float[][] results) {
            double[] z = lane(tile.z(), l);
            double[] y = lane(tile.y(), l);
            double[] b = lane(tile.b(), l);
            double[] cost = lane(tile.cost(), l);
            solved(lane(results[SOLVED], l), y);

            close(
                    RESIDUAL,
                    lane(results[RESIDUAL], l),
                    sum(a.multiply(z), negative(b)),
                    sum(size(b), sizes.multiply(size(z))),
                    a);
            double[] back = a.multiplyTransposed(y);
            double[] backSize = sizes.multiplyTransposed(size(y));
            close(TRANSPOSED, lane(results[TRANSPOSED], l), sum(z, negative(back)), sum(size(z), backSize), columns);

            double[] next = new double[n];
            double[] nextSize = new double[n];
            double[] v = new double[n];
            double[] vSize = new double[n];
            double[] given = lane(results[NEXT], l);
            double moved = 0;
            double length = 0;
            for (int j = 0; j < n; j++) {
                double x = clamp(z[j], j);
                next[j] = keep * x - cost[j] - back[j];
                nextSize[j] = Math.abs(keep * x) + Math.abs(cost[j]) + backSize[j];
                // From what was given for z⁺, so that no error counts twice.
                double above = (1 + (double) keep) * clamp(given[j], j);
                v[j] = above - given[j] - cost[j];
                vSize[j] = Math.abs(above) + Math.abs(given[j]) + Math.abs(cost[j]);
                moved += (given[j] - z[j]) * (given[j] - z[j]);
                length += z[j] * z[j];
            }
            close(NEXT, given, next, nextSize, columns);
            double[] givenV = lane(results[V], l);
            for (int j = 0; j < n; j++) {
                close(RESULTS[V], givenV[j], v[j], vSize[j], 1);
            }
            close("sums: of z⁺ − z", results[SUMS][l], moved, moved, n);
            close("sums: of z", results[SUMS][width + l], length, length, n);
        }

        /** (L + E)D(L + F)ᵀx = y for some |E| ≤ (nonzeros of a row)·2⁻²⁴·|L|, |F| likewise by columns: Higham 2002, theorem 8.5. */
        private void solved(double[] x, double[] y) {
            double[] product = a.multiply(a.multiplyTransposed(x));
            double[] across = size(x);
            int longest = 0;
            for (int j = 0; j < m; j++) {
                for (int t = f.columnPointers()[j]; t < f.columnPointers()[j + 1]; t++) {
                    across[j] += Math.abs(f.columnValues()[t] * x[f.columnIndices()[t]]);
                }
                longest = Math.max(longest, f.columnPointers()[j + 1] - f.columnPointers()[j]);
            }
            for (int j = 0; j < m; j++) {
                across[j] /= f.inversePivots()[j];
            }
            for (int i = 0; i < m; i++) {
                double size = across[i];
                for (int t = f.rowPointers()[i]; t < f.rowPointers()[i + 1]; t++) {
                    size += Math.abs(f.rowValues()[t]) * across[f.rowIndices()[t]];
                }
                close(RESULTS[SOLVED], product[i], y[i], size, f.rowPointers()[i + 1] - f.rowPointers()[i] + longest);
            }
        }

        private void nanComesOut(int l, int j) {
            for (boolean cost : new boolean[] {false, true}) {
                Tile given = tile.copy();
                (cost ? given.cost() : given.z())[j * width + l] = Float.NaN;
                float[][] results = run(given);
                String law = "NaN in " + (cost ? "the cost" : "z") + " comes out";
                assertThat(results[SUMS][l]).as(law + " of the sums").isNaN();
                if (cost) {
                    assertThat(results[NEXT][j * width + l])
                            .as(law + " of next")
                            .isNaN();
                    assertThat(results[V][j * width + l]).as(law + " of v").isNaN();
                }
                if (!cost) {
                    assertThat(results[SUMS][width + l])
                            .as(law + " of the sums")
                            .isNaN();
                }
            }
        }

        /** Bit b of the lane's index is 0 or 1: for any two lanes one is left as it is while the other is spoilt. */
        private void apart(float[][] expected) {
            for (int bit = 1; bit < width; bit <<= 1) {
                for (int wanted : new int[] {0, bit}) {
                    for (float other : new float[] {0, 3e20f, Float.NEGATIVE_INFINITY, Float.NaN}) {
                        Tile spoilt = tile.copy();
                        for (float[] array : spoilt.arrays()) {
                            for (int i = 0; i < array.length; i++) {
                                array[i] = (i % width & bit) == wanted ? array[i] : other;
                            }
                        }
                        float[][] results = run(spoilt);
                        for (int r = 0; r < results.length; r++) {
                            for (int i = 0; i < results[r].length; i++) {
                                if ((i % width & bit) == wanted) {
                                    same(RESULTS[r] + ": apart from lanes of " + other, results[r][i], expected[r][i]);
                                }
                            }
                        }
                    }
                }
            }
        }

        private void whichever(float[][] expected, RandomGenerator random) {
            int[] place = new int[width];
            for (int l = 0; l < width; l++) {
                int other = random.nextInt(l + 1);
                place[l] = place[other];
                place[other] = l;
            }
            Tile moved = tile.copy();
            for (int k = 0; k < moved.arrays().length; k++) {
                for (int i = 0; i < moved.arrays()[k].length; i++) {
                    moved.arrays()[k][i / width * width + place[i % width]] = tile.arrays()[k][i];
                }
            }
            float[][] results = run(moved);
            for (int r = 0; r < results.length; r++) {
                for (int i = 0; i < results[r].length; i++) {
                    same(
                            RESULTS[r] + ": in whichever lane",
                            results[r][i / width * width + place[i % width]],
                            expected[r][i]);
                }
            }
        }
    }

    private static double[] size(double[] values) {
        double[] sizes = new double[values.length];
        Arrays.setAll(sizes, i -> Math.abs(values[i]));
        return sizes;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    private static double[] negative(double[] values) {
        double[] negative = new double[values.length];
        Arrays.setAll(negative, i -> -values[i]);
        return negative;
    }

    /** Entry i is a sum over the nonzeros of row i of {@code terms}. */
    private static void close(int result, double[] actual, double[] expected, double[] size, SparseMatrix terms) {
        for (int i = 0; i < actual.length; i++) {
            close(
                    LaneRun.RESULTS[result],
                    actual[i],
                    expected[i],
                    size[i],
                    terms.pointers()[i + 1] - terms.pointers()[i]);
        }
    }

    /** Written so that NaN fails. */
    private static void close(String law, double actual, double expected, double size, int terms) {
        double allowed = (terms + BESIDES) * (ROUNDING * size + UNDERFLOW);
        if (!(Math.abs(actual - expected) <= allowed)) {
            throw new AssertionError(law + ": need " + expected + " up to " + allowed + ", got " + actual);
        }
    }
}
