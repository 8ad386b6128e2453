package dev.stillpoint.law;

import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.tensor.Batch;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.convex.ConvexSolver;

/** min wᵀx + γ/2‖x‖² over {Ax = b, x ≥ 0}: the problem that the laws are held against, with an independent solution. */
public record PolytopeProblem(double[][] a, double[] b, double gamma, double step) {
    /** The costs of a batch. */
    public record Costs(Tensor w) implements Batch<Costs> {
        @Override
        public int size() {
            return (int) w.size(0);
        }

        @Override
        public Costs select(Tensor rows) {
            return new Costs(w.index_select(0, rows));
        }
    }

    /** Random dense A with unit rows, and a b that a positive x satisfies. */
    public static PolytopeProblem random(RandomGenerator random, int m, int n, double gamma, double step) {
        double[][] a = new double[m][];
        double[] b = new double[m];
        double[] feasible = new double[n];
        for (int j = 0; j < n; j++) {
            feasible[j] = random.nextDouble();
        }
        for (int i = 0; i < m; i++) {
            a[i] = Cases.normal(random, n, 1 / Math.sqrt(n));
            for (int j = 0; j < n; j++) {
                b[i] += a[i][j] * feasible[j];
            }
        }
        return new PolytopeProblem(a, b, gamma, step);
    }

    /** Unit flow from corner to corner of a k x k grid, arcs right and down: A has one dependent row. */
    public static PolytopeProblem grid(int k, double gamma, double step) {
        int arcs = 2 * k * (k - 1);
        double[][] a = new double[k * k][arcs];
        double[] b = new double[k * k];
        b[0] = -1;
        b[k * k - 1] = 1;
        int arc = 0;
        for (int i = 0; i < k; i++) {
            for (int j = 0; j + 1 < k; j++, arc++) {
                a[i * k + j][arc] = -1;
                a[i * k + j + 1][arc] = 1;
            }
            for (int j = 0; j < k && i + 1 < k; j++, arc++) {
                a[i * k + j][arc] = -1;
                a[(i + 1) * k + j][arc] = 1;
            }
        }
        return new PolytopeProblem(a, b, gamma, step);
    }

    public int n() {
        return a[0].length;
    }

    public DavisYin<Costs> operator() {
        return new DavisYin<>(new Quadratic<>(Costs::w, gamma), new NonNegative<>(), AffineSet.of(a, b), step);
    }

    /** x*(w) by ojAlgo's convex solver, which shares no code and no algorithm with ours. */
    public double[] independentSolution(double[] w) {
        int n = n();
        R064Store q = R064Store.FACTORY.makeEye(n, n);
        q.modifyAll(org.ojalgo.function.constant.PrimitiveMath.MULTIPLY.second(gamma));
        R064Store c = R064Store.FACTORY.column(w);
        c.modifyAll(org.ojalgo.function.constant.PrimitiveMath.NEGATE);
        R064Store minusEye = R064Store.FACTORY.makeEye(n, n);
        minusEye.modifyAll(org.ojalgo.function.constant.PrimitiveMath.NEGATE);
        MatrixStore<Double> rows = independentRows();
        ConvexSolver solver = ConvexSolver.newBuilder()
                .objective(q, c)
                .equalities(rows.limits(rows.countRows(), n), rows.offsets(0, n).limits(rows.countRows(), 1))
                .inequalities(minusEye, R064Store.FACTORY.make(n, 1))
                .build();
        Optimisation.Result result = solver.solve();
        if (!result.getState().isOptimal()) {
            throw new AssertionError("the independent solver says " + result.getState());
        }
        double[] x = new double[n];
        for (int j = 0; j < n; j++) {
            x[j] = result.doubleValue(j);
        }
        return x;
    }

    /** [A b] without the rows that depend on earlier ones, by Gram-Schmidt. */
    private MatrixStore<Double> independentRows() {
        int n = n();
        java.util.List<double[]> basis = new java.util.ArrayList<>();
        java.util.List<double[]> kept = new java.util.ArrayList<>();
        for (int i = 0; i < a.length; i++) {
            double[] r = a[i].clone();
            for (double[] e : basis) {
                double dot = 0;
                for (int j = 0; j < n; j++) {
                    dot += e[j] * r[j];
                }
                for (int j = 0; j < n; j++) {
                    r[j] -= dot * e[j];
                }
            }
            double norm = 0;
            for (double v : r) {
                norm += v * v;
            }
            norm = Math.sqrt(norm);
            if (norm > 1e-9) {
                for (int j = 0; j < n; j++) {
                    r[j] /= norm;
                }
                basis.add(r);
                double[] row = java.util.Arrays.copyOf(a[i], n + 1);
                row[n] = b[i];
                kept.add(row);
            }
        }
        return R064Store.FACTORY.copy(org.ojalgo.structure.Access2D.wrap(kept.toArray(new double[0][])));
    }

    /** "graph" or "sparse" with n columns, or the "grid" of n nodes on a side. */
    static SparseMatrix matrix(String kind, int n, RandomGenerator random) {
        return switch (kind) {
            case "graph" -> SparseInstances.incidence(n, random);
            case "sparse" -> SparseInstances.sparse(n, random);
            default -> SparseMatrix.of(grid(n, 1, 1).a());
        };
    }
}
