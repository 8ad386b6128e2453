package dev.stillpoint.law;

import org.ojalgo.function.constant.PrimitiveMath;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.convex.ConvexSolver;
import org.ojalgo.structure.Access2D;

/** min ½xᵀQx + qᵀx subject to Ex = e and Gx ≤ g by ojAlgo, which shares no code and no algorithm with ours. */
record QuadraticProgram(
        double[][] objective, double[] linear, double[][] e, double[] eLimits, double[][] g, double[] gLimits) {
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
