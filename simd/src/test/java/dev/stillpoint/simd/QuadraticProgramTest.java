package dev.stillpoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.DavisYinTilesLaws.Data;
import dev.stillpoint.law.DavisYinTilesLaws.Instance;
import dev.stillpoint.law.SparseInstances;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.convex.ConvexSolver;

/** Solutions on SIMD lanes are those of a quadratic programming solver that shares no code and no algorithm with them. */
class QuadraticProgramTest {
    /** A residual of 1e-5 a number over 1 less the factor by which T contracts: 2e-4 was seen. ojAlgo stops near 1e-9. */
    private static final double SAME_SOLUTION = 1e-3;

    /** ojAlgo's stop. */
    private static final double SAME_OPTIMUM = 1e-6;

    private final SimdLanes simd = new SimdLanes();

    /** Sizes, batches and the lanes' 16 or 32 are no multiples of each other. */
    @ParameterizedTest
    @CsvSource({"1, 7", "7, 1021", "16, 17", "17, 16", "101, 7"})
    void solutionsAreTheIndependentSolvers(int n, int batch) {
        check(n, batch);
    }

    /** Where ojAlgo's dense solver takes very long: by another method, which agrees with it where it does not. */
    @Test
    void aLargeSolutionIsTheDualMethods() {
        RandomGenerator random = Cases.random(1021);
        for (int n : new int[] {16, 101}) {
            for (Instance small : instances(n, 3, random)) {
                assertThat(apart(byDualNewton(small), independent(small))).isLessThan(SAME_OPTIMUM);
            }
        }
        for (Instance large : instances(1021, 1, random)) {
            compare(large, byDualNewton(large));
        }
    }

    private void check(int n, int batch) {
        RandomGenerator random = Cases.random(n + 1021L * batch);
        for (Instance instance : instances(n, batch, random)) {
            compare(instance, independent(instance));
        }
    }

    private static List<Instance> instances(int n, int batch, RandomGenerator random) {
        return List.of(
                Instance.on(SparseInstances.sparse(n, random), 1.1, batch, false, random),
                Instance.on(SparseInstances.incidence(n, random), Double.POSITIVE_INFINITY, batch, true, random));
    }

    private void compare(Instance instance, double[] expected) {
        // The residual that the stop lets pass grows as √n.
        double same = SAME_SOLUTION * Math.max(1, Math.sqrt(instance.n() / 101.0));
        assertThat(apart(solution(instance.on(simd), instance), expected)).isLessThan(same);
        assertThat(apart(solution(instance.on(simd.narrower()), instance), expected))
                .isLessThan(same);
        if (instance.n() >= 7) {
            // Saboteur: half the curvature.
            Instance flat = new Instance(instance.a(), instance.upper(), instance.w(), instance.b(), 0.5, 1);
            assertThat(apart(solution(flat.on(simd), flat), expected)).isGreaterThan(10 * same);
        }
    }

    private static double[] solution(Fused<Data> t, Instance instance) {
        try (TensorScope scope = TensorScope.open()) {
            Data c = instance.data(ScalarType.Float);
            StoppingRule rule = StoppingRule.tolerance(1e-5).withRelTol(1e-5).withMaxSteps(100_000);
            Solution solution = FixedPointSolver.of(rule)
                    .solve(t, torch.zeros_like(c.w()), c)
                    .orThrow();
            return Tensors.doubles(t.solution(solution.z(), c));
        }
    }

    /** By ojAlgo, which shares no code and no algorithm with ours, on the rows of A that are independent. */
    private static double[] independent(Instance instance) {
        int n = instance.n();
        int m = instance.a().rows();
        AffineFactor factor = AffineFactor.of(instance.a());
        SparseMatrix kept = factor.keptRows();
        R064Store q = R064Store.FACTORY.make(n, n);
        R064Store e = R064Store.FACTORY.make(kept.rows(), n);
        R064Store g = R064Store.FACTORY.make(Double.isInfinite(instance.upper()) ? n : 2 * n, n);
        R064Store limits = R064Store.FACTORY.make(g.countRows(), 1);
        for (int i = 0; i < kept.rows(); i++) {
            for (int t = kept.pointers()[i]; t < kept.pointers()[i + 1]; t++) {
                e.set(i, kept.indices()[t], kept.values()[t]);
            }
        }
        for (int j = 0; j < n; j++) {
            q.set(j, j, instance.gamma());
            g.set(j, j, -1);
            if (g.countRows() > n) {
                g.set(n + j, j, 1);
                limits.set(n + j, 0, instance.upper());
            }
        }
        double[] x = new double[instance.batch() * n];
        for (int i = 0; i < instance.batch(); i++) {
            R064Store c = R064Store.FACTORY.make(n, 1);
            for (int j = 0; j < n; j++) {
                c.set(j, 0, -(float) instance.w()[i * n + j]);
            }
            double[] b = new double[m];
            System.arraycopy(instance.b(), instance.b().length == m ? 0 : i * m, b, 0, m);
            ConvexSolver.Builder program =
                    ConvexSolver.newBuilder().objective(q, c).inequalities(g, limits);
            if (kept.rows() > 0) {
                program.equalities(e, R064Store.FACTORY.column(factor.kept(b)));
            }
            Optimisation.Result result = program.build().solve();
            assertThat(result.getState().isOptimal())
                    .as("the independent solver says %s", result.getState())
                    .isTrue();
            for (int j = 0; j < n; j++) {
                x[i * n + j] = result.doubleValue(j);
            }
        }
        return x;
    }

    private static double[] byDualNewton(Instance instance) {
        int n = instance.n();
        int m = instance.a().rows();
        AffineFactor factor = AffineFactor.of(instance.a());
        SparseMatrix kept = factor.keptRows();
        double[][] dense = new double[kept.rows()][n];
        for (int i = 0; i < kept.rows(); i++) {
            for (int t = kept.pointers()[i]; t < kept.pointers()[i + 1]; t++) {
                dense[i][kept.indices()[t]] = kept.values()[t];
            }
        }
        DualNewton method = new DualNewton(dense, instance.gamma(), instance.upper());
        double[] x = new double[instance.batch() * n];
        for (int i = 0; i < instance.batch(); i++) {
            double[] w = new double[n];
            for (int j = 0; j < n; j++) {
                w[j] = (float) instance.w()[i * n + j];
            }
            double[] b = new double[m];
            System.arraycopy(instance.b(), instance.b().length == m ? 0 : i * m, b, 0, m);
            System.arraycopy(method.solve(w, factor.kept(b)), 0, x, i * n, n);
        }
        return x;
    }

    private static double apart(double[] found, double[] expected) {
        double worst = 0;
        for (int i = 0; i < found.length; i++) {
            // Written so that NaN is not lost.
            worst = Math.abs(found[i] - expected[i]) <= worst ? worst : Math.abs(found[i] - expected[i]);
        }
        return worst;
    }
}
