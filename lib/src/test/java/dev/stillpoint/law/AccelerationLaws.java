package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.solver.Acceleration;
import dev.stillpoint.solver.Compaction;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What makes a map of (z, T(z)) an acceleration, in float64, for sizes 0, 1 and a prime and for data of size 1 and 10⁶. Call
 * {@link #all} on your own; each law fails with an {@link AssertionError} that names its seed.
 */
public final class AccelerationLaws {
    /** A residual of 1e-11 a number over 1 − 0.95, the slowest factor below; relative to the data. */
    private static final double SAME_FIXED_POINT = 1e-8;

    private static final double TOLERANCE = 1e-11;
    private static final int MAX_STEPS = 5_000;
    private static final int SEEDS = 3;
    private static final int[] SIZES = {0, 1, 7};
    private static final double[] SCALES = {1, 1e6};

    private AccelerationLaws() {}

    /** Every law. */
    public static void all(Acceleration acceleration) {
        fixedPointIsThatOfT(acceleration);
        runsDoNotDisturbEachOther(acceleration);
        inputsAreUntouched(acceleration);
        emptyBatchIsKept(acceleration);
    }

    /** The fixed points of linear contractions are reached, with rows leaving the batch or not, in as many steps either way. */
    public static void fixedPointIsThatOfT(Acceleration acceleration) {
        each((n, scale, seed) -> {
            Contractions c = contractions(n, scale, seed, 0.1, -0.5, 0.95, 0.7, 0.3);
            double[] expected = Tensors.doubles(c.b().div(c.a().neg().add(new Scalar(1.0))));
            List<int[]> steps = new ArrayList<>();
            for (Compaction compaction : Compaction.values()) {
                Solution solution = FixedPointSolver.of(
                                StoppingRule.tolerance(TOLERANCE * scale).withMaxSteps(MAX_STEPS))
                        .withAcceleration(acceleration)
                        .withCompaction(compaction)
                        .solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c);
                assertThat(solution.status()).as("status").containsOnly(Status.CONVERGED);
                assertThat(Distances.between(Tensors.doubles(solution.z()), expected))
                        .as("distance to the fixed point, compaction " + compaction)
                        .isLessThan(SAME_FIXED_POINT * scale);
                steps.add(solution.stats().steps());
            }
            assertThat(steps.get(0)).as("steps with and without compaction").isEqualTo(steps.get(1));
        });
    }

    /** Two runs in turns make the iterates that each makes alone. */
    public static void runsDoNotDisturbEachOther(Acceleration acceleration) {
        each((n, scale, seed) -> {
            Contractions[] c = {contractions(n, scale, seed, 0.9, 0.5), contractions(n, scale, seed + 100, 0.2, -0.4)};
            double[][] alone = new double[2][];
            for (int i = 0; i < 2; i++) {
                try (Acceleration.Run run = acceleration.begin()) {
                    Tensor z = torch.zeros_like(c[i].b());
                    for (int step = 0; step < 20; step++) {
                        z = run.next(z, Contractions.OPERATOR.apply(z, c[i]));
                    }
                    alone[i] = Tensors.doubles(z);
                }
            }
            try (Acceleration.Run one = acceleration.begin();
                    Acceleration.Run two = acceleration.begin()) {
                Acceleration.Run[] runs = {one, two};
                Tensor[] z = {torch.zeros_like(c[0].b()), torch.zeros_like(c[1].b())};
                for (int step = 0; step < 20; step++) {
                    for (int i = 0; i < 2; i++) {
                        z[i] = runs[i].next(z[i], Contractions.OPERATOR.apply(z[i], c[i]));
                    }
                }
                for (int i = 0; i < 2; i++) {
                    assertThat(Tensors.doubles(z[i])).as("run " + i).isEqualTo(alone[i]);
                }
            }
        });
    }

    /** z and T(z) are left as they were, and shape and precision are kept. */
    public static void inputsAreUntouched(Acceleration acceleration) {
        each((n, scale, seed) -> {
            Contractions c = contractions(n, scale, seed, 0.9, 0.5, -0.3);
            try (Acceleration.Run run = acceleration.begin()) {
                Tensor z = torch.zeros_like(c.b());
                for (int step = 0; step < 10; step++) {
                    Tensor tz = Contractions.OPERATOR.apply(z, c);
                    double[] before = Tensors.doubles(z);
                    double[] image = Tensors.doubles(tz);
                    Tensor next = run.next(z, tz);
                    assertThat(Tensors.doubles(z)).as("z untouched").isEqualTo(before);
                    assertThat(Tensors.doubles(tz)).as("T(z) untouched").isEqualTo(image);
                    assertThat(next.shape()).as("shape").isEqualTo(z.shape());
                    assertThat(Tensors.type(next)).as("precision").isEqualTo(Tensors.type(z));
                    z = next;
                }
            }
        });
    }

    /** A batch that all rows have left goes on as an empty one. */
    public static void emptyBatchIsKept(Acceleration acceleration) {
        each((n, scale, seed) -> {
            Contractions c = contractions(n, scale, seed, 0.9, 0.5);
            try (Acceleration.Run run = acceleration.begin()) {
                Tensor z = run.next(c.b(), Contractions.OPERATOR.apply(c.b(), c));
                run.next(z, Contractions.OPERATOR.apply(z, c));
                Tensor none = Tensors.of(new long[0]);
                run.keep(none);
                Tensor empty = z.index_select(0, none);
                assertThat(run.next(empty, empty).shape())
                        .as("shape without rows")
                        .isEqualTo(empty.shape());
                assertThat(run.safeguarded(0)).as("counts without rows").isEmpty();
            }
        });
    }

    /** A law of one instance. */
    private interface Law {
        void check(int n, double scale, long seed);
    }

    private static void each(Law law) {
        for (int n : SIZES) {
            for (double scale : SCALES) {
                for (long seed = 0; seed < SEEDS; seed++) {
                    try (NoGradGuard offTape = new NoGradGuard();
                            TensorScope scope = TensorScope.open()) {
                        law.check(n, scale, seed);
                    } catch (AssertionError | RuntimeException e) {
                        String where = "n = " + n + ", scale " + scale + ", seed " + seed + ": ";
                        throw new AssertionError(where + e.getMessage(), e);
                    }
                }
            }
        }
    }

    private static Contractions contractions(int n, double scale, long seed, double... factors) {
        Contractions c = Contractions.of(Cases.random(seed), n, factors);
        return new Contractions(c.a(), c.b().mul(new Scalar(scale)));
    }
}
