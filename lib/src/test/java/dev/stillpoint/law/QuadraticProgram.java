package dev.stillpoint.law;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.SparseMatrix;
import org.ojalgo.function.constant.PrimitiveMath;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.convex.ConvexSolver;
import org.ojalgo.structure.Access2D;

/** min ½xᵀQx + qᵀx subject to Ex = e and Gx ≤ g by ojAlgo, which shares no code and no algorithm with ours. */
record QuadraticProgram(
        double[][] objective, double[] linear, double[][] e, double[] eLimits, double[][] g, double[] gLimits) {
    /** Of one sample, on the rows of A that are independent. */
    static QuadraticProgram of(DavisYinTilesLaws.Instance instance, int sample) {
        int n = instance.n();
        int m = instance.a().rows();
        AffineFactor factor = AffineFactor.of(instance.a());
        double[][] e = new double[factor.rank()][n];
        SparseMatrix kept = factor.keptRows();
        for (int i = 0; i < e.length; i++) {
            for (int t = kept.pointers()[i]; t < kept.pointers()[i + 1]; t++) {
                e[i][kept.indices()[t]] = kept.values()[t];
            }
        }
        double[][] q = new double[n][n];
        double[][] g = new double[Double.isInfinite(instance.upper()) ? n : 2 * n][n];
        double[] limits = new double[g.length];
        double[] w = Distances.row(instance.w(), sample, n);
        for (int j = 0; j < n; j++) {
            q[j][j] = instance.gamma();
            w[j] = (float) w[j];
            g[j][j] = -1;
            if (g.length > n) {
                g[n + j][j] = 1;
                limits[n + j] = instance.upper();
            }
        }
        double[] b = Distances.row(instance.b(), instance.b().length == m ? 0 : sample, m);
        return new QuadraticProgram(q, w, e, factor.kept(b), g, limits);
    }

    double[] solve() {
        R064Store c = R064Store.FACTORY.column(linear);
        c.modifyAll(PrimitiveMath.NEGATE);
        ConvexSolver.Builder builder = ConvexSolver.newBuilder().objective(matrix(objective), c);
        if (e.length > 0) {
            builder.equalities(matrix(e), R064Store.FACTORY.column(eLimits));
        }
        if (g.length > 0) {
            builder.inequalities(matrix(g), R064Store.FACTORY.column(gLimits));
        }
        Optimisation.Result result = builder.build().solve();
        if (!result.getState().isOptimal()) {
            throw new AssertionError("the independent solver says " + result.getState());
        }
        double[] x = new double[linear.length];
        for (int j = 0; j < x.length; j++) {
            x[j] = result.doubleValue(j);
        }
        return x;
    }

    private static R064Store matrix(double[][] rows) {
        return R064Store.FACTORY.copy(Access2D.wrap(rows));
    }
}
