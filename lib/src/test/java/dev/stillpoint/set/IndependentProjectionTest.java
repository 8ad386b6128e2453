package dev.stillpoint.set;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.convex.ConvexSolver;
import org.ojalgo.structure.Access2D;

/** Projections held against ojAlgo's quadratic programming, which shares no code and no algorithm with ours. */
class IndependentProjectionTest {
    /** ojAlgo stops near 1e-9. */
    private static final double SAME_POINT = 1e-6;

    private static final Object NO_CONTEXT = new Object();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13, 31})
    void simplex(int n) {
        Cases.forSeeds(5, random -> {
            double r = 0.5 + 2 * random.nextDouble();
            double[] x = Cases.normal(random, n, 1);
            assertThat(distance(Simplex.of(r), x, onSimplex(x, r))).isLessThan(SAME_POINT);
            // Another sum is another set: the comparison sees it.
            assertThat(distance(Simplex.of(1.01 * r), x, onSimplex(x, r))).isGreaterThan(1e3 * SAME_POINT);
        });
    }

    /** Halfspaces that all cut, in a box: the cyclic projections alone end at a point that is not the nearest. */
    @Test
    void intersection() {
        int n = 13;
        double worstOfCyclic = 0;
        for (long seed = 0; seed < 5; seed++) {
            RandomGenerator random = Cases.random(seed);
            double[][] rows = new double[3 + 2 * n][n];
            double[] limits = new double[rows.length];
            List<ConvexSet<Object>> sets = new ArrayList<>();
            double[] lower = new double[n];
            double[] upper = new double[n];
            for (int j = 0; j < n; j++) {
                lower[j] = -1;
                upper[j] = 0.5;
                rows[3 + j][j] = 1;
                limits[3 + j] = upper[j];
                rows[3 + n + j][j] = -1;
                limits[3 + n + j] = -lower[j];
            }
            sets.add(Box.of(lower, upper));
            for (int i = 0; i < 3; i++) {
                rows[i] = Cases.normal(random, n, 1);
                limits[i] = -0.5;
                sets.add(Halfspace.of(rows[i], limits[i]));
            }
            double[] x = Cases.normal(random, n, 2);
            double[] expected = nearest(x, null, 0, rows, limits);
            assertThat(distance(Intersection.of(sets), x, expected))
                    .as("seed " + seed)
                    .isLessThan(SAME_POINT);
            worstOfCyclic = Math.max(worstOfCyclic, distance(new Cyclic(sets), x, expected));
        }
        assertThat(worstOfCyclic).isGreaterThan(1e3 * SAME_POINT);
    }

    /** Projects in turn without Dykstra's corrections: ends in the intersection, at another point. */
    private record Cyclic(List<ConvexSet<Object>> sets) implements ConvexSet<Object> {
        @Override
        public Tensor project(Tensor x, Object c) {
            Tensor y = x;
            for (int sweep = 0; sweep < 1_000; sweep++) {
                for (ConvexSet<Object> set : sets) {
                    y = set.project(y, c);
                }
            }
            return y;
        }

        @Override
        public Tensor violation(Tensor x, Object c) {
            return x.sum(1);
        }
    }

    private static double distance(ConvexSet<Object> set, double[] x, double[] expected) {
        try (TensorScope scope = TensorScope.open()) {
            double[] p = Tensors.doubles(set.project(Tensors.of(x, 1, x.length), NO_CONTEXT));
            double worst = 0;
            for (int j = 0; j < p.length; j++) {
                worst = Math.max(worst, Math.abs(p[j] - expected[j]));
            }
            return worst;
        }
    }

    private static double[] onSimplex(double[] x, double r) {
        double[] ones = new double[x.length];
        double[][] minusEye = new double[x.length][x.length];
        for (int j = 0; j < x.length; j++) {
            ones[j] = 1;
            minusEye[j][j] = -1;
        }
        return nearest(x, ones, r, minusEye, new double[x.length]);
    }

    /** argmin ½‖u − x‖² over {eᵀu = f, Gu ≤ h}; no equality where e is null. */
    private static double[] nearest(double[] x, double @Nullable [] e, double f, double[][] g, double[] h) {
        int n = x.length;
        ConvexSolver.Builder problem = ConvexSolver.newBuilder()
                .objective(R064Store.FACTORY.makeEye(n, n), R064Store.FACTORY.column(x))
                .inequalities(matrix(g), R064Store.FACTORY.column(h));
        if (e != null) {
            problem.equalities(matrix(new double[][] {e}), R064Store.FACTORY.column(f));
        }
        Optimisation.Result result = problem.build().solve();
        if (!result.getState().isOptimal()) {
            throw new AssertionError("the independent solver says " + result.getState());
        }
        double[] u = new double[n];
        for (int j = 0; j < n; j++) {
            u[j] = result.doubleValue(j);
        }
        return u;
    }

    private static MatrixStore<Double> matrix(double[][] rows) {
        return R064Store.FACTORY.copy(Access2D.wrap(rows));
    }
}
