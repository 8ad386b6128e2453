package dev.stillpoint.cli.measure;

import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Gradient;
import dev.stillpoint.operator.GradientSum;
import dev.stillpoint.operator.LeastSquares;
import dev.stillpoint.operator.Matrix;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The problems of {@link Choices}, in float64, from one seed. */
final class ChoiceProblems {
    static final int N = 100;

    private static final int MEASUREMENTS = 50;
    private static final int EQUATIONS = 40;
    private static final int GRID = 10;
    /** Every so many-th entry of a sparse vector is not 0. */
    private static final int SPARSITY = 20;

    private final long seed;

    ChoiceProblems(long seed) {
        this.seed = seed;
    }

    /** w(c)ᵀx + γ/2‖x‖² + ½‖Fx‖² for a random F of fewer rows than columns: L is some hundred times γ. */
    Gradient<Rows> portfolio() {
        return new GradientSum<>(List.of(
                new Quadratic<>(Rows::values, 0.05),
                new LeastSquares<>(
                        Matrix.of(matrix(1, MEASUREMENTS)),
                        c -> torch.zeros_like(c.values().narrow(1, 0, MEASUREMENTS)))));
    }

    /** ½‖Ax − d(c)‖² with fewer measurements than unknowns. */
    Gradient<Rows> fit() {
        return new LeastSquares<>(Matrix.of(matrix(2, MEASUREMENTS)), Rows::values);
    }

    /** {x : Ax = b(c)}. */
    AffineSet<Rows> equations() {
        return AffineSet.of(matrix(3, EQUATIONS), Rows::values);
    }

    /** Flows of one unit from corner to corner of a grid, arcs right and down. */
    DavisYin<Rows> flows(double step) {
        int k = GRID;
        double[][] a = new double[k * k][2 * k * (k - 1)];
        double[] b = new double[k * k];
        b[0] = -1;
        b[k * k - 1] = 1;
        int arc = 0;
        for (int node = 0; node < k * k; node++) {
            for (int next : new int[] {node % k < k - 1 ? node + 1 : -1, node / k < k - 1 ? node + k : -1}) {
                if (next >= 0) {
                    a[node][arc] = -1;
                    a[next][arc++] = 1;
                }
            }
        }
        return new DavisYin<>(new Quadratic<>(Rows::values, 0.5), new NonNegative<>(), AffineSet.of(a, b), step);
    }

    /** z = 0.9·Rz + Dc, R a rotation by some 26 degrees and D = diag(1, 5): a contraction by 0.9 with κ(DᵀD) = 25. */
    static Operator<Rows> rotation() {
        Tensor turned = Tensors.of(new double[] {0.81, 0.392, -0.392, 0.81}, 2, 2);
        Tensor scales = Tensors.of(new double[] {1, 5}, 1, 2);
        return (z, c) -> z.matmul(turned).add(c.values().mul(scales));
    }

    /** The number of arcs of {@link #flows}. */
    static int arcs() {
        return 2 * GRID * (GRID - 1);
    }

    /** Normal numbers around {@code mean}, a row a sample. */
    Rows rows(long stream, int batch, int width, double mean) {
        double[] values = normal(stream, batch * width, 1);
        for (int i = 0; i < values.length; i++) {
            values[i] += mean;
        }
        return new Rows(Tensors.of(values, batch, width));
    }

    /** Measurements of {@link #fit}. */
    Rows measurements(int batch) {
        return rows(11, batch, MEASUREMENTS, 0);
    }

    /** Right-hand sides of {@link #equations}, of vectors with a few entries that are not 0. */
    Rows rightHandSides(int batch) {
        double[] sparse = normal(12, batch * N, 1);
        for (int i = 0; i < sparse.length; i++) {
            sparse[i] = i % N % SPARSITY == 0 ? sparse[i] : 0;
        }
        return new Rows(Matrix.<Rows>of(matrix(3, EQUATIONS))
                .apply(Tensors.of(sparse, batch, N), new Rows(Tensors.of(sparse, batch, N))));
    }

    /** [m, N], entries of variance 1/N. */
    private double[][] matrix(long stream, int m) {
        double[] flat = normal(stream, m * N, 1 / Math.sqrt(N));
        double[][] rows = new double[m][N];
        for (int i = 0; i < m; i++) {
            System.arraycopy(flat, i * N, rows[i], 0, N);
        }
        return rows;
    }

    Tensor normal(long stream, int rows, int columns, double scale) {
        return Tensors.of(normal(stream, rows * columns, scale), rows, columns);
    }

    private double[] normal(long stream, int count, double scale) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(31 * seed + stream);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * random.nextGaussian();
        }
        return values;
    }
}
