package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What makes a map a projection onto a convex set: the result lies in C, P is idempotent, firmly nonexpansive and the
 * nearest point of C, its gradient is that of its values, float32 agrees with float64, and rows do not meet.
 *
 * <p>A law that does not hold throws an {@link AssertionError} that begins with its name.
 */
public final class ConvexSetLaws {
    /** The rows that a context passed to {@link #check(ConvexSet, Object, int, double, RandomGenerator)} must have. */
    public static final int BATCH = 4;

    /** Nothing, one, an even number and two primes, one of them beyond every vector register. */
    public static final List<Integer> SIZES = List.of(0, 1, 2, 13, 101);

    /** Of the data and the points. */
    public static final List<Double> SCALES = List.of(1.0, 1e6);

    /** Rounding of n ≤ 101 float64 operations, relative to the scale of the data. */
    private static final double ROUNDING = 1e-11;
    /** The same for float32. */
    private static final double SINGLE = 1e-5;
    /** Central differences with h = 1e-6·scale: rounding over h, and h² times the curvature of a ball. */
    private static final double DIFFERENCE = 1e-7;

    private static final int SEEDS = 3;

    private ConvexSetLaws() {}

    /** Makes a set of dimension n, with random data at the given scale. */
    public interface Maker {
        /** The set. */
        ConvexSet<Object> make(int n, double scale, RandomGenerator random);
    }

    /** All laws, at all sizes from {@code smallest} on, all scales and three seeds. */
    public static void checkAll(int smallest, Maker maker) {
        for (int n : SIZES) {
            for (double scale : SCALES) {
                if (n >= smallest) {
                    checkAll(n, scale, maker);
                }
            }
        }
    }

    /** All laws at one size and scale, for three seeds. */
    public static void checkAll(int n, double scale, Maker maker) {
        Cases.forSeeds(SEEDS, random -> check(maker.make(n, scale, random), new Object(), n, scale, random));
    }

    /**
     * All laws, for one set.
     *
     * @param c the context of {@value #BATCH} rows in float64; a fixed set takes any object
     * @param n the set's dimension
     * @param scale of the set's data: points are drawn at twice that
     */
    public static <C> void check(ConvexSet<C> set, C c, int n, double scale, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            double tolerance = ROUNDING * scale * Math.max(1, n);
            Tensor x = Tensors.of(Cases.normal(random, BATCH * n, 2 * scale), BATCH, n);
            Tensor y = Tensors.of(Cases.normal(random, BATCH * n, 2 * scale), BATCH, n);
            double[] before = Tensors.doubles(x);
            Tensor px = set.project(x, c);
            Tensor py = set.project(y, c);

            assertThat(Tensors.doubles(x)).as("input untouched").isEqualTo(before);
            for (double v : Tensors.doubles(set.violation(px, c))) {
                assertThat(v).as("result in C").isBetween(0.0, tolerance);
            }
            assertThat(Distances.largest(set.project(px, c).sub(px)))
                    .as("idempotent")
                    .isLessThanOrEqualTo(tolerance);
            Tensor apart = px.sub(py);
            double[] firm = Tensors.doubles(apart.mul(x.sub(y).sub(apart)).sum(1));
            double[] inner = Tensors.doubles(x.sub(px).mul(py.sub(px)).sum(1));
            for (int i = 0; i < BATCH; i++) {
                // py is a point of C: the angle at Px is obtuse.
                assertThat(inner[i]).as("variational inequality").isLessThanOrEqualTo(tolerance * scale);
                // ‖Px − Py‖² ≤ ⟨Px − Py, x − y⟩, which implies ‖Px − Py‖ ≤ ‖x − y‖.
                assertThat(firm[i]).as("firmly nonexpansive").isGreaterThanOrEqualTo(-tolerance * scale);
            }
            double[] moved = Tensors.doubles(Tensors.rowNorm(x.sub(px)));
            double[] violated = Tensors.doubles(set.violation(x, c));
            for (int i = 0; i < BATCH; i++) {
                if (moved[i] > 1e3 * tolerance) {
                    assertThat(violated[i])
                            .as("violation is positive outside of C")
                            .isPositive();
                }
            }
            assertThat(Distances.largest(set.prox(x, Tensors.scalar(0.3), c).sub(px)))
                    .as("prox of the indicator is the projection")
                    .isZero();
            Tensor others = torch.cat(new TensorVector(x.narrow(0, 0, 1), y.narrow(0, 1, BATCH - 1)), 0);
            assertThat(Distances.largest(set.project(others, c).sub(px).narrow(0, 0, 1)))
                    .as("rows apart")
                    .isLessThanOrEqualTo(tolerance);
            Tensor single = set.project(x.to(ScalarType.Float), c);
            assertThat(Tensors.type(single)).as("float32 stays float32").isEqualTo(ScalarType.Float);
            assertThat(Distances.largest(single.sub(px)))
                    .as("float32 agrees with float64")
                    .isLessThanOrEqualTo(SINGLE * scale * Math.max(1, n));
            Pullbacks.check(leaf -> set.project(leaf, c), x, 1e-6 * scale, DIFFERENCE * n, random);
        }
    }
}
