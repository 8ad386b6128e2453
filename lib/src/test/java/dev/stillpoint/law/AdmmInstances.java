package dev.stillpoint.law;

import dev.stillpoint.law.Catalogue.GradientInstance;
import dev.stillpoint.law.Catalogue.LinearOperatorInstance;
import dev.stillpoint.law.Catalogue.OperatorInstance;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.network.ConvexPotential;
import dev.stillpoint.operator.AdmmLayout;
import dev.stillpoint.operator.AdmmSteps;
import dev.stillpoint.operator.ContextMatrix;
import dev.stillpoint.operator.Convolution;
import dev.stillpoint.operator.Envelope;
import dev.stillpoint.operator.LinearizedAdmm;
import dev.stillpoint.operator.Matrix;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.HalfAveraged;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.Resolvent;
import dev.stillpoint.set.SquaredDistance;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Instances of linearised ADMM and its parts for the catalogue, with what the laws hold them against. */
final class AdmmInstances {
    /** Of the soft threshold in f, and of f's quadratic. */
    private static final double WEIGHT = 0.4;

    private AdmmInstances() {}

    /** min ½‖x − q‖² + τ‖Kx‖₁ subject to Ax = d, the context being (d, q). */
    static OperatorInstance equality(int n, double scale, RandomGenerator random) {
        AdmmLayout layout = layout(n);
        int m = layout.w();
        int size = layout.x();
        double[][] k = rows(layout.p(), size, random);
        double[][] a = rows(m, size, random);
        Matrix<Costs> ofK = Matrix.of(k);
        Matrix<Costs> ofA = Matrix.of(a);
        LinearizedAdmm<Costs> t = new LinearizedAdmm<>(
                ofK,
                L1Norm.of(WEIGHT * scale),
                ofA,
                Ball.of(c -> c.w().narrow(1, 0, m), 0),
                SquaredDistance.of(1, c -> c.w().narrow(1, m, size)),
                layout,
                AdmmSteps.Fixed.of(1, 0.95, squared(ofK, ofA)));
        return new OperatorInstance(t, m + size, data -> {
            double[] unit = Arrays.stream(data).map(v -> v / scale).toArray();
            double[] x = sparseNearest(k, a, Arrays.copyOf(unit, m), Arrays.copyOfRange(unit, m, m + size));
            return Arrays.stream(x).map(v -> v * scale).toArray();
        });
    }

    /** By a quadratic program in (x, s), |Kx| ≤ s. */
    private static double[] sparseNearest(double[][] k, double[][] a, double[] d, double[] q) {
        int size = q.length;
        int all = size + k.length;
        double[][] objective = new double[all][all];
        double[] linear = new double[all];
        for (int j = 0; j < size; j++) {
            objective[j][j] = 1;
            linear[j] = -q[j];
        }
        Arrays.fill(linear, size, all, WEIGHT);
        double[][] g = new double[2 * k.length][all];
        for (int i = 0; i < k.length; i++) {
            for (int j = 0; j < size; j++) {
                g[2 * i][j] = k[i][j];
                g[2 * i + 1][j] = -k[i][j];
            }
            g[2 * i][size + i] = -1;
            g[2 * i + 1][size + i] = -1;
        }
        double[][] e = Arrays.stream(a).map(row -> Arrays.copyOf(row, all)).toArray(double[][]::new);
        double[] solution = new QuadraticProgram(objective, linear, e, d, g, new double[g.length]).solve();
        return Arrays.copyOf(solution, size);
    }

    /** min ½‖x − q‖² + κ/2‖Kx‖² subject to ‖Ax − d‖ ≤ |δ|, the context being (d, q, δ). */
    static OperatorInstance ball(int n, double scale, RandomGenerator random) {
        AdmmLayout layout = layout(n);
        int m = layout.w();
        int size = layout.x();
        double[][] k = rows(layout.p(), size, random);
        double[][] a = rows(m, size, random);
        Matrix<Costs> ofK = Matrix.of(k);
        Matrix<Costs> ofA = Matrix.of(a);
        LinearizedAdmm<Costs> t = new LinearizedAdmm<>(
                ofK,
                SquaredDistance.of(WEIGHT, new double[layout.p()]),
                ofA,
                Ball.of(c -> c.w().narrow(1, 0, m), c -> c.w().narrow(1, m + size, 1)
                        .abs()),
                SquaredDistance.of(1, c -> c.w().narrow(1, m, size)),
                layout,
                new AdmmSteps.Fixed(1, 0.8, 0.95 / squared(ofK, ofA)));
        return new OperatorInstance(
                t,
                m + size + 1,
                data -> nearest(
                        k, a, Arrays.copyOf(data, m), Arrays.copyOfRange(data, m, m + size), Math.abs(data[m + size])));
    }

    /** By the multiplier t of the constraint, which bisection finds: (I + κKᵀK + tAᵀA)x = q + tAᵀd. */
    private static double[] nearest(double[][] k, double[][] a, double[] d, double[] q, double delta) {
        DoubleFunction<double[]> at = t -> {
            double[][] system = new double[q.length][q.length + 1];
            for (int i = 0; i < q.length; i++) {
                system[i][i] = 1;
                system[i][q.length] = q[i];
                for (int r = 0; r < a.length; r++) {
                    system[i][q.length] += t * a[r][i] * d[r];
                }
                for (int j = 0; j < q.length; j++) {
                    for (double[] row : k) {
                        system[i][j] += WEIGHT * row[i] * row[j];
                    }
                    for (double[] row : a) {
                        system[i][j] += t * row[i] * row[j];
                    }
                }
            }
            return eliminated(system);
        };
        if (misfit(a, at.apply(0), d) <= delta) {
            return at.apply(0);
        }
        double low = 0;
        double high = 1;
        while (misfit(a, at.apply(high), d) > delta) {
            low = high;
            high *= 2;
        }
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (misfit(a, at.apply(middle), d) > delta) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return at.apply(high);
    }

    private static double misfit(double[][] a, double[] x, double[] d) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double r = -d[i];
            for (int j = 0; j < x.length; j++) {
                r += a[i][j] * x[j];
            }
            sum += r * r;
        }
        return Math.sqrt(sum);
    }

    /** Gauss without pivots, which positive definite matrices do not need. */
    private static double[] eliminated(double[][] system) {
        int n = system.length;
        for (int i = 0; i < n; i++) {
            for (int r = i + 1; r < n; r++) {
                double factor = system[r][i] / system[i][i];
                for (int j = i; j <= n; j++) {
                    system[r][j] -= factor * system[i][j];
                }
            }
        }
        double[] x = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            x[i] = system[i][n];
            for (int j = i + 1; j < n; j++) {
                x[i] -= system[i][j] * x[j];
            }
            x[i] /= system[i][i];
        }
        return x;
    }

    /** Of a state of n numbers: few rows, so that K and A are well conditioned together. */
    private static AdmmLayout layout(int n) {
        int w = Math.max(1, n / 20);
        int p = Math.max(1, n / 10);
        return new AdmmLayout(p, w, n - 2 * (p + w));
    }

    private static double[][] rows(int m, int n, RandomGenerator random) {
        return OperatorInstances.normal(m, n, 1 / Math.sqrt(n), random);
    }

    private static double squared(Matrix<?> k, Matrix<?> a) {
        return Math.pow(k.norm().orElseThrow(), 2) + Math.pow(a.norm().orElseThrow(), 2);
    }

    /** The envelope of w‖·‖₁ is the sum of Huber functions. */
    static GradientInstance envelope(int n, double scale, RandomGenerator random) {
        double[][] k = OperatorInstances.normal(n + 1, n, 1 / Math.sqrt(n), random);
        double step = 0.6;
        return new GradientInstance(new Envelope<>(Matrix.of(k), L1Norm.of(WEIGHT), step), n, (x, data) -> {
            double sum = 0;
            for (double[] row : k) {
                double y = 0;
                for (int j = 0; j < n; j++) {
                    y += row[j] * x[j];
                }
                y = Math.abs(y);
                sum += y <= step * WEIGHT ? y * y / (2 * step) : WEIGHT * y - step * WEIGHT * WEIGHT / 2;
            }
            return sum;
        });
    }

    static LinearOperatorInstance contextMatrix(int n, double scale, RandomGenerator random) {
        double[][] a = OperatorInstances.normal(n + 2, n, scale, random);
        double norm = Matrix.of(a).norm().orElseThrow();
        double[] flat = Arrays.stream(a).flatMapToDouble(Arrays::stream).toArray();
        Tensor w = TensorScope.persist(Tensors.of(flat, n + 2, n));
        return new LinearOperatorInstance(new ContextMatrix<>(c -> w.to(c.w().scalar_type()), norm), a);
    }

    /** A fixed kernel; the matrix is summed pixel by pixel. */
    static LinearOperatorInstance convolution(
            int in, int out, int size, int height, int width, double scale, RandomGenerator random) {
        double[] kernel = Cases.normal(random, out * in * size * size, scale);
        int pixels = height * width;
        double[][] matrix = new double[out * pixels][in * pixels];
        int r = size / 2;
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < width; column++) {
                        for (int dr = -r; dr <= r; dr++) {
                            for (int dc = -r; dc <= r; dc++) {
                                int fromRow = row + dr;
                                int fromColumn = column + dc;
                                if (fromRow >= 0 && fromRow < height && fromColumn >= 0 && fromColumn < width) {
                                    matrix[o * pixels + row * width + column][
                                                    i * pixels + fromRow * width + fromColumn] +=
                                            kernel[((o * in + i) * size + dr + r) * size + dc + r];
                                }
                            }
                        }
                    }
                }
            }
        }
        try (TensorScope scope = TensorScope.open()) {
            return new LinearOperatorInstance(
                    Convolution.of(Tensors.of(kernel, out, in, size, size), height, width), matrix);
        }
    }

    /** N = 2·soft − I. */
    static Resolvent<Costs> softThreshold(int n, double scale, RandomGenerator random) {
        L1Norm<Costs> norm = L1Norm.of(WEIGHT * scale);
        return new HalfAveraged<>((x, c) ->
                norm.prox(x, Tensors.scalar(1), c).mul(new Scalar(2.0)).sub(x));
    }

    /** Two layers on images of one column. */
    static Resolvent<Costs> convolutions(int n, double scale, RandomGenerator random) {
        ConvexPotential first = new ConvexPotential(1, 3, 3, WEIGHT * scale, ScalarType.Double, random);
        ConvexPotential second = new ConvexPotential(1, 2, 5, WEIGHT * scale / 2, ScalarType.Double, random);
        ConvexPotential.Step one = persistent(first);
        ConvexPotential.Step two = persistent(second);
        return new HalfAveraged<>((x, c) -> {
            Tensor images = x.reshape(x.size(0), 1, n, 1);
            return like(x, two).apply(like(x, one).apply(images)).flatten(1, -1);
        });
    }

    private static ConvexPotential.Step persistent(ConvexPotential layer) {
        try (TensorScope scope = TensorScope.open()) {
            ConvexPotential.Step step = layer.prepare();
            return new ConvexPotential.Step(
                    TensorScope.persist(step.kernel().detach()),
                    TensorScope.persist(step.threshold().detach()));
        }
    }

    private static ConvexPotential.Step like(Tensor x, ConvexPotential.Step step) {
        return new ConvexPotential.Step(
                step.kernel().to(x.scalar_type()), step.threshold().to(x.scalar_type()));
    }
}
