package dev.stillpoint.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** What the laws do not reach: ties and kinks, known values, wrong data. */
class SetTest {
    private static final Object NO_CONTEXT = new Object();

    @Test
    void simplexSplitsTiesEvenly() {
        try (TensorScope scope = TensorScope.open()) {
            assertThat(project(Simplex.of(1), 3, 3, 3))
                    .containsExactly(new double[] {1 / 3., 1 / 3., 1 / 3.}, within(1e-15));
            // The last two lie at the threshold 1 exactly.
            assertThat(project(Simplex.of(1), 2, 1, 1)).containsExactly(1, 0, 0);
            assertThat(project(Simplex.of(2), -5)).containsExactly(2);
            assertThat(project(Simplex.of(1), 0.5, Double.NEGATIVE_INFINITY, 0.5))
                    .containsExactly(0.5, 0, 0.5);
            assertThat(project(Simplex.of(1), 0, Double.NaN, 0)).containsOnly(Double.NaN);

            Tensor x = Tensors.of(new double[] {3, 3, 0}, 1, 3).requires_grad_(true);
            Tensor gradient =
                    Autograd.vjp(Simplex.of(1).project(x, NO_CONTEXT), x, Tensors.of(new double[] {1, 0, 7}, 1, 3));
            assertThat(Tensors.doubles(gradient)).containsExactly(0.5, -0.5, 0);
        }
    }

    /** Entries near 1e6 with r = 1e-6: sums of the entries themselves would lose r altogether in float32. */
    @Test
    void simplexKeepsItsSumFarFromTheOrigin() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(new double[] {1e6, 1e6, 1e6 - 1}, 1, 3).to(ScalarType.Float);
            double[] p = Tensors.doubles(Simplex.of(1e-6).project(x, NO_CONTEXT));
            assertThat(p).containsExactly(new double[] {5e-7, 5e-7, 0}, within(1e-12));
        }
    }

    @Test
    void simplexOfNoVariablesIsRefused() {
        try (TensorScope scope = TensorScope.open()) {
            refused("Simplex: need n > 0, got x of [4, 0]", () -> Simplex.of(1)
                    .project(Tensors.of(new double[0], 4, 0), NO_CONTEXT));
        }
    }

    @Test
    void ballHasAGradientAtItsCentre() {
        try (TensorScope scope = TensorScope.open()) {
            for (double radius : List.of(0.0, 1.0)) {
                Tensor x = Tensors.of(new double[2], 1, 2).requires_grad_(true);
                Tensor p = Ball.of(new double[2], radius).project(x, NO_CONTEXT);
                assertThat(Tensors.doubles(Autograd.vjp(p, x, Tensors.of(new double[] {1, 2}, 1, 2))))
                        .containsExactly(1, 2);
            }
            assertThat(project(Ball.of(new double[] {1, 1}, 5), 7, 9)).containsExactly(4, 5);
        }
    }

    @Test
    void dykstraFindsWhatIsKnown() {
        try (TensorScope scope = TensorScope.open()) {
            // The corner of an orthant cut by a line.
            ConvexSet<Object> cut =
                    Intersection.of(List.of(new NonNegative<>(), Hyperplane.of(new double[] {1, 1}, 1)));
            assertThat(project(cut, 3, 0)).containsExactly(new double[] {1, 0}, within(1e-9));
            ConvexSet<Object> one = Intersection.of(List.of(new NonNegative<>()));
            assertThat(project(one, 3, -1)).containsExactly(3, 0);
            // Empty: the last set holds, and the violation is the distance between the two.
            ConvexSet<Object> empty = Intersection.<Object>of(
                            List.of(Hyperplane.of(new double[] {1}, 0), Hyperplane.of(new double[] {1}, 2)))
                    .withMaxSweeps(20);
            Tensor p = empty.project(Tensors.of(new double[] {7}, 1, 1), NO_CONTEXT);
            assertThat(Tensors.doubles(p)).containsExactly(2);
            assertThat(Tensors.doubles(empty.violation(p, NO_CONTEXT))).containsExactly(2);
        }
    }

    /** For some 50 sweeps x rests at (0.099, 0.0099) and only the corrections move: a rule on Δx would stop there. */
    @Test
    void dykstraDoesNotStopWhileItRests() {
        try (TensorScope scope = TensorScope.open()) {
            Intersection<Object> segment = Intersection.of(
                    List.of(Box.of(new double[2], new double[] {1, 1}), Hyperplane.of(new double[] {-0.1, 1}, 0)));
            double[] resting = project(segment.withMaxSweeps(5), -30, 50);
            assertThat(resting[0]).isGreaterThan(0.09);
            assertThat(project(segment.withMaxSweeps(6), -30, 50)).containsExactly(resting, within(1e-12));
            assertThat(project(segment, -30, 50)).containsExactly(new double[] {0, 0}, within(1e-9));
        }
    }

    /** 500 sweeps that keep one iterate of 800 kB each would be 400 MB; flags kept for each sweep were seen to cost 300 MB. */
    @Test
    void sweepsGiveTheirMemoryBack() {
        Intersection<Object> empty = Intersection.<Object>of(
                        List.of(Hyperplane.of(ones(1_000), 0), Hyperplane.of(ones(1_000), 2)))
                .withMaxSweeps(500);
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(new double[100 * 1_000], 100, 1_000);
            empty.withMaxSweeps(5).project(x, NO_CONTEXT);
            long before = Pointer.physicalBytes();
            empty.project(x, NO_CONTEXT);
            assertThat(Pointer.physicalBytes() - before).isLessThan(120L << 20);
        }
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void aSampleOfAnIntersectionDoesNotDependOnItsBatch() {
        try (TensorScope scope = TensorScope.open()) {
            // Far from converged after a tolerance of 1e-3: more sweeps for the others would show.
            ConvexSet<Object> set = Intersection.<Object>of(
                            List.of(Ball.of(new double[3], 1), Halfspace.of(new double[] {1, 2, 3}, 0.1)))
                    .withTolerance(1e-3);
            Tensor x = Tensors.of(Cases.normal(Cases.random(0), 30, 5), 10, 3);
            double[] together = Tensors.doubles(set.project(x, NO_CONTEXT));
            for (int i = 0; i < 10; i++) {
                double[] alone = Tensors.doubles(set.project(x.narrow(0, i, 1), NO_CONTEXT));
                assertThat(new double[] {together[3 * i], together[3 * i + 1], together[3 * i + 2]})
                        .containsExactly(alone, within(1e-14));
            }
        }
    }

    @Test
    void partsNameTheirWeights() {
        ConvexSet<Object> learned = new ConvexSet<>() {
            @Override
            public Tensor project(Tensor x, Object c) {
                return x;
            }

            @Override
            public Tensor violation(Tensor x, Object c) {
                return x.sum(1);
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.parameter("weight", Tensors.scalar(1));
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            assertThat(Intersection.of(List.of(new NonNegative<>(), learned)).parameters())
                    .containsOnlyKeys("1.weight");
            assertThat(new Product<>(List.of(new Product.Factor<>(learned, 2))).parameters())
                    .containsOnlyKeys("0.weight");
        }
    }

    @Test
    void wrongDataAreRefused() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        refused("Simplex: need finite sum > 0, got 0.0", () -> Simplex.of(0));
        refused("Simplex: need finite sum > 0, got NaN", () -> Simplex.of(nan));
        refused("Ball: need finite radius >= 0, got -1.0", () -> Ball.of(new double[2], -1));
        refused("Ball: need finite radius >= 0, got Infinity", () -> Ball.of(new double[2], inf));
        refused("Ball: centre: need finite numbers, got NaN", () -> Ball.of(new double[] {nan}, 1));
        refused("Halfspace: need a != 0, got 2 zeros", () -> Halfspace.of(new double[2], 1));
        refused("Hyperplane: a: need finite numbers, got NaN", () -> Hyperplane.of(new double[] {nan}, 1));
        refused("Hyperplane: b: need finite numbers, got NaN", () -> Hyperplane.of(new double[] {1}, nan));
        refused("Box: need bounds of one length, got 1 and 2", () -> Box.of(new double[1], new double[2]));
        refused(
                "Box: need lower <= upper, got 1.0 and 0.0 at index 0",
                () -> Box.of(new double[] {1}, new double[] {0}));
        refused("Product: need at least one factor, got none", () -> new Product<>(List.of()));
        refused("Product: need size >= 0, got -1", () -> new Product.Factor<>(new NonNegative<>(), -1));
        refused("Intersection: need at least one set, got none", () -> Intersection.of(List.of()));
        Intersection<Object> one = Intersection.of(List.of(new NonNegative<>()));
        refused("Intersection: need finite tolerance > 0, got 0.0", () -> one.withTolerance(0));
        refused("Intersection: need maxSweeps >= 1, got 0", () -> one.withMaxSweeps(0));
        refused("L1Norm: need finite weight >= 0, got -1.0", () -> L1Norm.of(-1));
        refused("SquaredDistance: need finite weight >= 0, got NaN", () -> SquaredDistance.of(nan, new double[1]));
    }

    @Test
    void wrongShapesAreRefused() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(new double[6], 2, 3);
            refused("Ball: centre and x: expected [any, 2], got [2, 3]", () -> Ball.of(new double[2], 1)
                    .project(x, NO_CONTEXT));
            refused(
                    "Product: x: expected [any, 2], got [2, 3]",
                    () -> new Product<>(List.of(new Product.Factor<>(new NonNegative<>(), 2))).project(x, NO_CONTEXT));
            refused("Simplex: sum and x: expected [any, any], got [3]", () -> Simplex.of(1)
                    .project(Tensors.of(new double[3], 3), NO_CONTEXT));
            refused("Ball: centre: need x in float32 or float64, got Long", () -> Ball.of(new double[3], 1)
                    .project(x.to(ScalarType.Long), NO_CONTEXT));
        }
    }

    private static double[] project(ConvexSet<Object> set, double... x) {
        return Tensors.doubles(set.project(Tensors.of(x, 1, x.length), NO_CONTEXT));
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
