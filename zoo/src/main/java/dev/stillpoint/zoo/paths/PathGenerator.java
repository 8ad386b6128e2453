package dev.stillpoint.zoo.paths;

import dev.stillpoint.data.RandomState;

/**
 * PyEPO's shortest-path generator, draw for draw: B ~ Bernoulli(½) in {0, 1}ᴱˣᵖ, contexts d ~ N(0, I), costs
 * c = ((B·d/√p + 3)^degree + 1)/3.5^degree ⊙ ε with ε ~ U[1−w, 1+w]. Contexts and costs are rounded to float, as PyEPO
 * does. The same record gives the same data on every machine.
 *
 * <p>Reference: Tang and Khalil 2024, "PyEPO", arXiv 2206.14234.
 *
 * @param k nodes on a side of the grid, at least 2
 * @param rows instances, at least 1
 * @param features the contexts' length p, at least 1
 * @param degree the polynomial's degree, at least 1
 * @param noiseWidth w, 0 to 1
 * @param seed 0 to 2³²−1
 */
public record PathGenerator(int k, int rows, int features, int degree, double noiseWidth, long seed) {
    private static final long MAX_SEED = 0xffffffffL;

    /**
     * Checks the ranges.
     *
     * @param k as above
     * @param rows as above
     * @param features as above
     * @param degree as above
     * @param noiseWidth as above
     * @param seed as above
     * @throws IllegalArgumentException for a value outside its range
     */
    public PathGenerator {
        long arcs = new Grid(k).arcs();
        requireAtLeastOne("rows", rows);
        requireAtLeastOne("features", features);
        requireAtLeastOne("degree", degree);
        if (arcs * features > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "PathGenerator: need arcs * features < 2^31, got " + arcs + " * " + features);
        }
        if (!(noiseWidth >= 0 && noiseWidth <= 1)) {
            throw new IllegalArgumentException("PathGenerator: need 0 <= noiseWidth <= 1, got " + noiseWidth);
        }
        if (seed < 0 || seed > MAX_SEED) {
            throw new IllegalArgumentException("PathGenerator: need 0 <= seed <= " + MAX_SEED + ", got " + seed);
        }
    }

    /**
     * The published setting of the DYS-Net experiments: 1,400 rows, 5 features, degree 4, noise width 0.5, seed 135.
     *
     * @param k nodes on a side of the grid, at least 2
     * @return the generator
     * @throws IllegalArgumentException for a grid that is too small
     */
    public static PathGenerator published(int k) {
        return new PathGenerator(k, 1400, 5, 4, 0.5, 135);
    }

    /**
     * A copy with another number of instances. The noise differs then: all contexts are drawn before it.
     *
     * @param rows instances, at least 1
     * @return the copy
     */
    public PathGenerator withRows(int rows) {
        return new PathGenerator(k, rows, features, degree, noiseWidth, seed);
    }

    /**
     * A copy with another seed.
     *
     * @param seed 0 to 2³²−1
     * @return the copy
     */
    public PathGenerator withSeed(long seed) {
        return new PathGenerator(k, rows, features, degree, noiseWidth, seed);
    }

    /**
     * Draws the data and solves each instance, O(rows·E·p).
     *
     * @return contexts [rows, p], costs [rows, E], optimal paths and their costs
     */
    public PathData generate() {
        RandomState random = new RandomState(seed);
        int[] weights = drawWeights(random);
        double[][] contexts = drawContexts(random);
        float[][] costs = new float[rows][];
        for (int i = 0; i < rows; i++) {
            double[] mean = means(weights, contexts[i]);
            for (int e = 0; e < mean.length; e++) {
                mean[e] *= random.uniform(1 - noiseWidth, 1 + noiseWidth);
            }
            costs[i] = toFloats(mean);
        }
        float[][] rounded = new float[rows][];
        for (int i = 0; i < rows; i++) {
            rounded[i] = toFloats(contexts[i]);
        }
        return PathData.of(new Grid(k), rounded, costs);
    }

    /**
     * The costs of some of the rows without the noise factor: E[c | d], the best that any prediction can know. Their
     * regret is the floor of all methods on these rows.
     *
     * @param selected which rows, each at least 0 and below rows
     * @return a new array [selected.length, E]
     * @throws IllegalArgumentException for another row
     */
    public float[][] noiseFreeCosts(int[] selected) {
        RandomState random = new RandomState(seed);
        int[] weights = drawWeights(random);
        double[][] contexts = drawContexts(random);
        float[][] costs = new float[selected.length][];
        for (int i = 0; i < costs.length; i++) {
            if (selected[i] < 0 || selected[i] >= rows) {
                throw new IllegalArgumentException(
                        "noiseFreeCosts: need rows 0 to " + (rows - 1) + ", got " + selected[i]);
            }
            costs[i] = toFloats(means(weights, contexts[selected[i]]));
        }
        return costs;
    }

    private int[] drawWeights(RandomState random) {
        int[] weights = new int[new Grid(k).arcs() * features];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.coin();
        }
        return weights;
    }

    private double[][] drawContexts(RandomState random) {
        double[][] contexts = new double[rows][features];
        for (double[] context : contexts) {
            for (int j = 0; j < features; j++) {
                context[j] = random.normal();
            }
        }
        return contexts;
    }

    private double[] means(int[] weights, double[] context) {
        double[] mean = new double[weights.length / features];
        double root = Math.sqrt(features);
        double scale = power(3.5);
        for (int e = 0; e < mean.length; e++) {
            double product = 0;
            for (int j = 0; j < features; j++) {
                product += weights[e * features + j] * context[j];
            }
            mean[e] = (power(product / root + 3) + 1) / scale;
        }
        return mean;
    }

    /** By multiplication: the same bits on every machine, which Math.pow does not promise. */
    private double power(double x) {
        double result = x;
        for (int i = 1; i < degree; i++) {
            result *= x;
        }
        return result;
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("PathGenerator: need " + name + " >= 1, got " + value);
        }
    }
}
