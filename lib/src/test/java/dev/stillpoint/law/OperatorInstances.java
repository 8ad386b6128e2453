package dev.stillpoint.law;

import dev.stillpoint.law.Catalogue.GradientInstance;
import dev.stillpoint.law.Catalogue.LinearOperatorInstance;
import dev.stillpoint.law.Catalogue.OperatorInstance;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Composed;
import dev.stillpoint.operator.Covariance;
import dev.stillpoint.operator.DouglasRachford;
import dev.stillpoint.operator.GradientSum;
import dev.stillpoint.operator.LeastSquares;
import dev.stillpoint.operator.Matrix;
import dev.stillpoint.operator.ProjectedGradient;
import dev.stillpoint.operator.ProximalGradient;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.operator.Relaxed;
import dev.stillpoint.operator.Scaled;
import dev.stillpoint.operator.Stacked;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.set.Simplex;
import dev.stillpoint.set.SquaredDistance;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/** Random operators, gradients and linear operators for the catalogue, with what the laws hold them against. */
final class OperatorInstances {
    private static final double GAMMA = 0.5;

    private OperatorInstances() {}

    /** min wᵀx + γ/2‖x‖² over {Ax = b, x ≥ 0}. */
    static OperatorInstance davisYin(int n, double scale, RandomGenerator random) {
        PolytopeProblem unit = PolytopeProblem.random(random, Math.max(1, n / 3), n, GAMMA, 1);
        PolytopeProblem problem = new PolytopeProblem(unit.a(), times(unit.b(), scale), GAMMA, 1);
        // The problem grows with its data; the other solver gets it at the size that it is made for.
        return new OperatorInstance(
                problem.operator(), n, w -> times(unit.independentSolution(times(w, 1 / scale)), scale));
    }

    /** min wᵀx + γ/2‖x‖² over x ≥ 0. */
    static OperatorInstance nonNegative(int n, double scale, RandomGenerator random) {
        return new OperatorInstance(
                new ProjectedGradient<>(new Quadratic<>(Costs::w, GAMMA), new NonNegative<>(), 1),
                n,
                w -> map(w, v -> Math.max(0, -v / GAMMA)));
    }

    /** min wᵀx + γ/2‖x‖² over the simplex. */
    static OperatorInstance simplex(int n, double scale, RandomGenerator random) {
        return new OperatorInstance(
                new ProjectedGradient<>(new Quadratic<>(Costs::w, GAMMA), Simplex.of(scale), 1),
                n,
                w -> times(onSimplex(GAMMA, times(w, 1 / scale)), scale));
    }

    /** min ½‖Ax − d‖² over a box. */
    static OperatorInstance boxedLeastSquares(int n, double scale, RandomGenerator random) {
        double[][] a = tall(n, random);
        double[] lower = constant(n, -0.4);
        double[] upper = constant(n, 0.6);
        LeastSquares<Costs> smooth = new LeastSquares<>(Matrix.of(a), Costs::w);
        double step = 1 / smooth.lipschitz().orElseThrow();
        return new OperatorInstance(
                new ProjectedGradient<>(smooth, Box.of(times(lower, scale), times(upper, scale)), step), 2 * n, d -> {
                    double[] x = new QuadraticProgram(
                                    product(transposed(a), a),
                                    times(product(transposed(a), d), -1 / scale),
                                    new double[0][],
                                    new double[0],
                                    concat(eye(n, 1), eye(n, -1)),
                                    concat(upper, times(lower, -1)))
                            .solve();
                    return times(x, scale);
                });
    }

    /** min wᵀx + γ/2‖x‖² + λ‖x‖₁. */
    static OperatorInstance sparse(int n, double scale, RandomGenerator random) {
        double lambda = 0.5 * scale;
        return new OperatorInstance(
                new ProximalGradient<>(new Quadratic<>(Costs::w, GAMMA), L1Norm.of(lambda), 1.5),
                n,
                w -> map(w, v -> soft(-v, lambda) / GAMMA));
    }

    /** min ½‖Ax − d‖² + λ‖x‖₁: x = p − q with p, q ≥ 0 makes it a quadratic program. */
    static OperatorInstance lasso(int n, double scale, RandomGenerator random) {
        double[][] a = tall(n, random);
        double lambda = 0.5;
        LeastSquares<Costs> smooth = new LeastSquares<>(Matrix.of(a), Costs::w);
        double step = 1.2 / smooth.lipschitz().orElseThrow();
        double[][] q = product(transposed(a), a);
        double[][] both = new double[2 * n][2 * n];
        for (int i = 0; i < 2 * n; i++) {
            for (int j = 0; j < 2 * n; j++) {
                both[i][j] = (i < n == j < n ? 1 : -1) * q[i % n][j % n];
            }
        }
        return new OperatorInstance(new ProximalGradient<>(smooth, L1Norm.of(lambda * scale), step), 2 * n, d -> {
            double[] pull = times(product(transposed(a), d), 1 / scale);
            double[] pq = new QuadraticProgram(
                            both,
                            concat(map(pull, v -> lambda - v), map(pull, v -> lambda + v)),
                            new double[0][],
                            new double[0],
                            eye(2 * n, -1),
                            new double[2 * n])
                    .solve();
            double[] x = new double[n];
            Arrays.setAll(x, j -> scale * (pq[j] - pq[n + j]));
            return x;
        });
    }

    /** min ½‖x − w‖² over the simplex. */
    static OperatorInstance nearestOnSimplex(int n, double scale, RandomGenerator random) {
        return new OperatorInstance(
                new DouglasRachford<>(Simplex.of(scale), SquaredDistance.of(1, Costs::w), 0.7),
                n,
                w -> times(onSimplex(1, times(w, -1 / scale)), scale));
    }

    /** min λ‖x‖₁ + ‖x − w‖². */
    static OperatorInstance denoising(int n, double scale, RandomGenerator random) {
        double lambda = 0.8 * scale;
        return new OperatorInstance(
                new DouglasRachford<>(L1Norm.of(lambda), SquaredDistance.of(2, Costs::w), 0.4),
                n,
                w -> map(w, v -> soft(v, lambda / 2)));
    }

    static OperatorInstance relaxed(OperatorInstance inner, double relaxation) {
        return new OperatorInstance(new Relaxed<>(inner.operator(), relaxation), inner.width(), inner.solution());
    }

    static GradientInstance quadratic(int n, double gamma) {
        return new GradientInstance(new Quadratic<>(Costs::w, gamma), n, (x, w) -> dot(w, x) + gamma / 2 * dot(x, x));
    }

    static GradientInstance leastSquares(double[][] a) {
        return new GradientInstance(new LeastSquares<>(Matrix.of(a), Costs::w), a.length, (x, d) -> misfit(a, x, d));
    }

    /** The quadratic takes its costs from the first n numbers of the data. */
    static GradientInstance sum(int n, double scale, RandomGenerator random) {
        double[][] a = tall(n, random);
        GradientSum<Costs> sum = new GradientSum<>(List.of(
                new LeastSquares<>(Matrix.of(a), Costs::w), new Quadratic<>(c -> c.w().narrow(1, 0, n), GAMMA)));
        return new GradientInstance(
                sum, a.length, (x, d) -> misfit(a, x, d) + dot(Arrays.copyOf(d, n), x) + GAMMA / 2 * dot(x, x));
    }

    static GradientInstance covariance(int n, RandomGenerator random) {
        int rank = (n + 1) / 2;
        double[][] f = normal(n, rank, 1, random);
        double size = 0;
        for (double[] row : f) {
            size += dot(row, row);
        }
        double[][] factor = times(f, 1 / Math.sqrt(size));
        double[] flat = Arrays.stream(f).flatMapToDouble(Arrays::stream).toArray();
        Covariance<Costs> covariance = new Covariance<>(TensorScope.persist(Tensors.of(flat, n, rank)));
        // Half the square of Fᵀx is a misfit to zero data.
        return new GradientInstance(covariance, n, (x, w) -> misfit(transposed(factor), x, new double[rank]));
    }

    static LinearOperatorInstance matrix(double[][] a) {
        return new LinearOperatorInstance(Matrix.of(a), a);
    }

    static LinearOperatorInstance composed(int n, double scale, RandomGenerator random) {
        double[][] inner = normal(n + 2, n, 1, random);
        double[][] outer = normal(n + 4, n + 2, scale, random);
        return new LinearOperatorInstance(new Composed<>(Matrix.of(outer), Matrix.of(inner)), product(outer, inner));
    }

    static LinearOperatorInstance scaled(int n, double scale, RandomGenerator random) {
        double[][] a = normal(n, n, scale, random);
        return new LinearOperatorInstance(new Scaled<>(Matrix.of(a), -0.3), times(a, -0.3));
    }

    /** A tall block, which alone makes it injective, between two wide ones. */
    static LinearOperatorInstance stacked(int n, double scale, RandomGenerator random) {
        double[][] first = normal(Math.max(1, n / 2), n, scale, random);
        double[][] tall = normal(n + 1, n, scale, random);
        double[][] last = normal(Math.max(1, n / 3), n, scale, random);
        return new LinearOperatorInstance(
                new Stacked<>(List.of(
                        new Stacked.Block<>(Matrix.of(first), first.length),
                        new Stacked.Block<>(Matrix.of(tall), tall.length),
                        new Stacked.Block<>(Matrix.of(last), last.length))),
                concat(concat(first, tall), last));
    }

    /** [2n, n] of unit columns nearly: well conditioned. */
    static double[][] tall(int n, RandomGenerator random) {
        return normal(2 * n, n, 1 / Math.sqrt(2 * n), random);
    }

    static double[][] normal(int m, int n, double scale, RandomGenerator random) {
        double[][] a = new double[m][];
        Arrays.setAll(a, i -> Cases.normal(random, n, scale));
        return a;
    }

    /** argmin wᵀx + γ/2‖x‖² over the unit simplex. */
    private static double[] onSimplex(double gamma, double[] w) {
        int n = w.length;
        return new QuadraticProgram(
                        eye(n, gamma), w, new double[][] {constant(n, 1)}, new double[] {1}, eye(n, -1), new double[n])
                .solve();
    }

    private static double misfit(double[][] a, double[] x, double[] d) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double r = dot(a[i], x) - d[i];
            sum += r * r / 2;
        }
        return sum;
    }

    private static double soft(double v, double threshold) {
        return Math.signum(v) * Math.max(Math.abs(v) - threshold, 0);
    }

    private static double[] map(double[] x, DoubleUnaryOperator f) {
        return Arrays.stream(x).map(f).toArray();
    }

    private static double[] times(double[] x, double by) {
        return map(x, v -> v * by);
    }

    private static double[][] times(double[][] a, double by) {
        return Arrays.stream(a).map(row -> times(row, by)).toArray(double[][]::new);
    }

    private static double[] constant(int n, double value) {
        double[] x = new double[n];
        Arrays.fill(x, value);
        return x;
    }

    private static double[][] eye(int n, double value) {
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i][i] = value;
        }
        return a;
    }

    private static double[] concat(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static double[][] concat(double[][] a, double[][] b) {
        double[][] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static double[][] transposed(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < t.length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    private static double[] product(double[][] a, double[] x) {
        return Arrays.stream(a).mapToDouble(row -> dot(row, x)).toArray();
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] columns = transposed(b);
        return Arrays.stream(a).map(row -> product(columns, row)).toArray(double[][]::new);
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += x[j] * y[j];
        }
        return sum;
    }
}
