package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.kernel.DavisYinTiles;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Bounded;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What {@link DavisYinTiles} promise, whatever their lanes: the loop of {@link FixedPointSolver}, up to rounding. */
public final class DavisYinTilesLaws {
    /** T is nonexpansive: the errors of its applications add up. Each is that of the sums inside T. */
    private static final double ROUNDINGS_A_STEP = 64;

    private static final int[] STEPS = {2, 3, 17, 101};

    /** A number of z, in float32 and for the reference. */
    private static final double TOLERANCE = 1e-5;

    private static final double EXACT = 1e-10;
    /** Relative to 1 + ‖x‖: {@link #TOLERANCE} over 1 less the factor by which T contracts; 2e-4 was seen. */
    private static final double SAME_SOLUTION = 1e-3;

    private static final int MANY_STEPS = 100_000;
    private static final int MOST_THREADS = 4;

    private DavisYinTilesLaws() {}

    /** Costs, and right-hand sides where each sample has its own. */
    public record Data(Tensor w, Tensor b) implements Batch<Data> {
        @Override
        public int size() {
            return (int) w.size(0);
        }

        @Override
        public Data select(Tensor rows) {
            return new Data(w.index_select(0, rows), b.index_select(0, rows));
        }
    }

    /**
     * min wᵀx + γ/2 ‖x‖² over {Ax = b, 0 ≤ x ≤ u} for a batch.
     *
     * @param a A, [m, n]
     * @param upper u, infinite for no bound
     * @param w [batch·n]
     * @param b [m] shared by all samples, or [batch·m]
     */
    public record Instance(SparseMatrix a, double upper, double[] w, double[] b, double gamma, double step) {
        /**
         * On A, with costs and feasible points drawn.
         *
         * @param shared whether one b is all samples'
         */
        public static Instance on(SparseMatrix a, double upper, int batch, boolean shared, RandomGenerator random) {
            int m = a.rows();
            double[] b = new double[(shared ? 1 : batch) * m];
            for (int i = 0; i < b.length; i += m) {
                double[] feasible = new double[a.columns()];
                for (int j = 0; j < feasible.length; j++) {
                    feasible[j] = 0.1 + 0.9 * random.nextDouble();
                }
                System.arraycopy(a.multiply(feasible), 0, b, i, m);
            }
            return new Instance(a, upper, Cases.normal(random, batch * a.columns(), 1), b, 1, 1);
        }

        /** n. */
        public int n() {
            return a.columns();
        }

        /** Samples. */
        public int batch() {
            return w.length / n();
        }

        private boolean shared() {
            return b.length == a.rows();
        }

        /** T, which brings the loop of this process's lanes. */
        public DavisYin<Data> operator() {
            AffineSet<Data> affine = shared() ? AffineSet.of(a, b) : AffineSet.of(a, Data::b);
            return new DavisYin<>(new Quadratic<>(Data::w, gamma), box(), affine, step);
        }

        private Bounded<Data> box() {
            return Double.isInfinite(upper) ? new NonNegative<>() : Box.of(0, upper);
        }

        /** T with the loop of these lanes. */
        public Fused<Data> on(Lanes lanes) {
            DavisYin<Data> inner = operator();
            AffineSet<Data> affine = (AffineSet<Data>) inner.h();
            DavisYinTiles tiles =
                    new DavisYinTiles(lanes, affine.factor(), box().bounds(n()).orElseThrow(), step, gamma);
            return new Fused<>() {
                @Override
                public Optional<Loop> loop(Tensor z0, Data c) {
                    Tensor result = torch.empty_like(z0);
                    int count = c.size();
                    DavisYinTiles.Samples samples = new DavisYinTiles.Samples(
                            count,
                            Tensors.memory(z0),
                            Tensors.memory(c.w()),
                            affine.kept(count, c),
                            Tensors.memory(result));
                    return Optional.of(judge -> {
                        tiles.run(samples, judge);
                        return result;
                    });
                }

                @Override
                public Tensor apply(Tensor z, Data c) {
                    return inner.apply(z, c);
                }

                @Override
                public Tensor solution(Tensor z, Data c) {
                    return inner.solution(z, c);
                }
            };
        }

        /** The numbers as tensors. */
        public Data data(ScalarType type) {
            int m = a.rows();
            Tensor all =
                    shared() ? Tensors.of(b, 1, m).expand(new long[] {batch(), m}, false) : Tensors.of(b, batch(), m);
            // b in float64 always: in float32 it would be another problem.
            return new Data(Tensors.of(w, batch(), n()).to(ScalarType.Float).to(type), all);
        }
    }

    /**
     * Step by step and in the end the tiles give what the generic loop gives in float64, from any start; from z* they take a
     * step. A sample's numbers are the same bit for bit at any number of threads, in any order of the batch and beside a
     * sample that is NaN. Sets {@link Workers#limit(int)} on the way.
     *
     * @param lanes the lanes
     * @param instance the problem, with at least a sample
     * @throws AssertionError naming the law that does not hold
     */
    public static void check(Lanes lanes, Instance instance) {
        check(instance.on(lanes), instance);
    }

    /**
     * The same of any loop.
     *
     * @param t T of the instance, which brings a loop for float32
     */
    public static void check(Fused<Data> t, Instance instance) {
        int limit = Workers.limit();
        try (TensorScope scope = TensorScope.open()) {
            compareSteps(t, instance);
            Data c = instance.data(ScalarType.Float);
            Tensor zero = torch.zeros_like(c.w());
            Solution found = converged(t, zero, c, TOLERANCE);
            solution(instance, t.solution(found.z(), c));

            FixedPointSolver solver = FixedPointSolver.of(rule(TOLERANCE));
            // The first step sums Av in another order than those after it.
            Solution again = FixedPointSolver.of(rule(1.1 * TOLERANCE)).solve(t, found.z(), c);
            assertThat(again.stats().steps()).as("steps from z*").containsOnly(1);
            same("z from z*", again.z(), found.z());

            for (int threads = 1; threads <= MOST_THREADS; threads++) {
                Workers.limit(threads);
                Solution of = solver.solve(t, zero, c);
                same("threads: z", of.z(), found.z());
                assertThat(of.stats().steps())
                        .as("threads: steps")
                        .isEqualTo(found.stats().steps());
                assertThat(of.stats().residual())
                        .as("threads: residuals")
                        .isEqualTo(found.stats().residual());
            }
            Workers.limit(limit);
            long[] reversed = new long[instance.batch()];
            Arrays.setAll(reversed, i -> reversed.length - 1 - i);
            Tensor rows = Tensors.of(reversed);
            same(
                    "order: z",
                    solver.solve(t, zero, c.select(rows)).z(),
                    found.z().index_select(0, rows));
            // On one thread, so that they share a tile.
            Workers.limit(1);
            besideNan(t, c, found.z());
        } finally {
            Workers.limit(limit);
        }
    }

    /** The part of {@link #check(Fused, Instance)} that takes no more than 100 steps: for large instances. */
    public static void stepByStep(Fused<Data> t, Instance instance) {
        try (TensorScope scope = TensorScope.open()) {
            compareSteps(t, instance);
        }
    }

    private static void compareSteps(Fused<Data> t, Instance instance) {
        Data single = instance.data(ScalarType.Float);
        Data c = instance.data(ScalarType.Double);
        Tensor start = single.w().flip(1).mul(new Scalar(3.0));
        Operator<Data> generic = instance.operator().unfused();
        for (int steps : STEPS) {
            FixedPointSolver solver =
                    FixedPointSolver.of(rule(Double.MIN_NORMAL).withMaxSteps(steps));
            Solution tiles = solver.solve(t, start.clone(), single);
            Tensor expected =
                    solver.solve(generic, start.to(ScalarType.Double), c).z();
            double[] size = Tensors.doubles(Tensors.rowNorm(expected));
            double[] apart = Tensors.doubles(
                    Tensors.rowNorm(tiles.z().to(ScalarType.Double).sub(expected)));
            double step = ROUNDINGS_A_STEP * Tensors.rounding(ScalarType.Float);
            for (int i = 0; i < apart.length; i++) {
                // Written so that NaN fails. A sample that has ended before is at its fixed point.
                assertThat(apart[i])
                        .as(steps + " steps: ‖z − z of float64‖")
                        .isLessThanOrEqualTo(step * steps * (1 + size[i]));
            }
        }
    }

    private static void solution(Instance instance, Tensor x) {
        Data c = instance.data(ScalarType.Double);
        Operator<Data> generic = instance.operator().unfused();
        Tensor z = converged(generic, torch.zeros_like(c.w()), c, EXACT).z();
        Tensor expected = generic.solution(z, c);
        double[] size = Tensors.doubles(Tensors.rowNorm(expected));
        double[] apart = Tensors.doubles(Tensors.rowNorm(x.to(ScalarType.Double).sub(expected)));
        for (int i = 0; i < apart.length; i++) {
            assertThat(apart[i]).as("‖x − x of float64‖").isLessThanOrEqualTo(SAME_SOLUTION * (1 + size[i]));
        }
    }

    private static void besideNan(Fused<Data> t, Data c, Tensor found) {
        int batch = c.size();
        int spoilt = batch / 2;
        Tensor w = c.w().clone();
        w.select(0, spoilt).select(0, w.size(1) - 1).fill_(new Scalar(Double.NaN));
        Solution solution = FixedPointSolver.of(rule(TOLERANCE)).solve(t, torch.zeros_like(w), new Data(w, c.b()));
        for (int i = 0; i < batch; i++) {
            if (i == spoilt) {
                assertThat(solution.status()[i]).as("status of NaN").isEqualTo(Status.NON_FINITE);
                assertThat(Tensors.doubles(solution.z().select(0, i)))
                        .as("z of NaN")
                        .containsOnly(Double.NaN);
            } else {
                same("beside NaN: z", solution.z().select(0, i), found.select(0, i));
            }
        }
    }

    private static Solution converged(Operator<Data> t, Tensor start, Data c, double tolerance) {
        Solution solution = FixedPointSolver.of(rule(tolerance)).solve(t, start, c);
        assertThat(solution.status()).as("statuses").containsOnly(Status.CONVERGED);
        return solution;
    }

    private static StoppingRule rule(double tolerance) {
        return StoppingRule.tolerance(tolerance).withRelTol(tolerance).withMaxSteps(MANY_STEPS);
    }

    private static void same(String law, Tensor actual, Tensor expected) {
        assertThat(Tensors.floats(actual.contiguous())).as(law).isEqualTo(Tensors.floats(expected.contiguous()));
    }
}
