package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.MapLaws.Shape;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.NormEstimate;
import dev.stillpoint.operator.PowerIteration;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What every {@link LinearOperator} promises. For your own: call these from a test, at a size of some hundred numbers. */
public final class LinearOperatorLaws {
    /** Rounding of float64 operations a number, relative to the numbers' size. */
    private static final double ROUNDING = 1e-11;
    /** The power method's relative error after 1,000 steps in 100 dimensions is ln 100/1000 of ‖A‖², so half of that of ‖A‖. */
    private static final double CLOSE = 2.5e-3;

    private static final PowerIteration ESTIMATE = new PowerIteration(1_000, 1e-12);

    private LinearOperatorLaws() {}

    /**
     * A and A* are linear and adjoint to each other, leave their inputs as they are, remember nothing, have the same value on
     * the tape and off it, keep float32 and float64 and samples apart, and have the derivatives that central differences have.
     * The declared norm is none too small and the declared lower bound none too large for the matrix that A's columns make,
     * and the power method comes near its norm from below.
     *
     * @param a A
     * @param context makes the context from its numbers, in either precision
     * @param x points, float64, [batch, ...], with batch at least 2
     * @param data the context's numbers, float64, [batch, ...]
     * @param random draws directions and second points
     * @throws AssertionError naming the law that does not hold
     */
    public static <C extends Batch<C>> void check(
            LinearOperator<C> a, Function<Tensor, C> context, Tensor x, Tensor data, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            C c = context.apply(data);
            MapLaws<C> laws = new MapLaws<>(context, x, data, random);
            laws.check(a::apply, Shape.FREE, Coupling.PER_SAMPLE);
            Tensor ax = a.apply(x, c);
            Tensor y = Tensors.of(Cases.normal(random, (int) ax.numel(), 1), ax.shape());
            MapLaws<C> transposed = new MapLaws<>(context, y, data, random);
            transposed.check(a::adjoint, Shape.FREE, Coupling.PER_SAMPLE);

            assertThat(a.adjoint(y, c).shape()).as("adjoint has x's shape").isEqualTo(x.shape());
            linear("linear", laws, point -> a.apply(point, c));
            linear("adjoint is linear", transposed, point -> a.adjoint(point, c));
            adjoint(laws, ax, y, a.adjoint(y, c));
            norms(a, x, c, random);
        }
    }

    /**
     * Ax is the product with a given matrix, summed here.
     *
     * @param a A
     * @param matrix the same as numbers, [m][n]
     * @param x points, float64, [batch, n]
     * @param c the context
     */
    public static <C> void checkMatrix(LinearOperator<C> a, double[][] matrix, Tensor x, C c) {
        try (TensorScope scope = TensorScope.open()) {
            double[] points = Tensors.doubles(x);
            double[] images = Tensors.doubles(a.apply(x, c));
            int batch = (int) x.size(0);
            int n = points.length / batch;
            assertThat(images).as("product with the matrix").hasSize(batch * matrix.length);
            for (int i = 0; i < images.length; i++) {
                double sum = 0;
                double size = 0;
                for (int j = 0; j < n; j++) {
                    double term = matrix[i % matrix.length][j] * points[i / matrix.length * n + j];
                    sum += term;
                    size += Math.abs(term);
                }
                assertThat(Math.abs(images[i] - sum))
                        .as("product with the matrix")
                        .isLessThanOrEqualTo(ROUNDING * size);
            }
        }
    }

    private static <C extends Batch<C>> void linear(String law, MapLaws<C> laws, Function<Tensor, Tensor> f) {
        Tensor x = laws.x();
        Tensor y = laws.normal(1);
        Tensor fx = f.apply(x);
        Tensor fy = f.apply(y);
        Tensor expected = fx.mul(new Scalar(-0.7)).add(fy, new Scalar(1.9));
        double[] off = Tensors.doubles(
                f.apply(x.mul(new Scalar(-0.7)).add(y, new Scalar(1.9))).sub(expected));
        double tolerance = ROUNDING * laws.count() * laws.size(Tensors.doubles(expected));
        for (double v : off) {
            assertThat(Math.abs(v)).as(law).isLessThanOrEqualTo(tolerance);
        }
    }

    /** ⟨Ax, y⟩ = ⟨x, A*y⟩ a sample. */
    private static <C extends Batch<C>> void adjoint(MapLaws<C> laws, Tensor ax, Tensor y, Tensor ay) {
        Tensor left = ax.mul(y).flatten(1, -1);
        Tensor right = ay.mul(laws.x()).flatten(1, -1);
        double[] off = Tensors.doubles(left.sum(1).sub(right.sum(1)));
        double[] size = Tensors.doubles(left.abs().sum(1).add(right.abs().sum(1)));
        for (int i = 0; i < off.length; i++) {
            assertThat(Math.abs(off[i])).as("adjoint").isLessThanOrEqualTo(ROUNDING * laws.count() * size[i]);
        }
    }

    private static <C> void norms(LinearOperator<C> a, Tensor x, C c, RandomGenerator random) {
        Tensor dense = dense(a, x, c);
        int batch = (int) x.size(0);
        double[] singular = Tensors.doubles(torch.linalg_svdvals(dense));
        int rank = singular.length / batch;
        boolean tall = dense.size(1) >= dense.size(2);
        NormEstimate estimate = ESTIMATE.estimate(a, x, c, random);
        for (int i = 0; i < batch; i++) {
            double norm = singular[i * rank];
            double smallest = tall ? singular[(i + 1) * rank - 1] : 0;
            double rounding = ROUNDING * norm;
            a.norm()
                    .ifPresent(bound ->
                            assertThat(bound).as("declared norm").isFinite().isGreaterThanOrEqualTo(norm - rounding));
            a.lowerBound().ifPresent(bound -> assertThat(bound)
                    .as("declared lower bound")
                    .isPositive()
                    .isLessThanOrEqualTo(smallest + rounding));
            assertThat(estimate.atLeast()[i]).as("estimate of the norm").isBetween(norm * (1 - CLOSE), norm + rounding);
        }
    }

    /** [batch, m, n], column by column. */
    private static <C> Tensor dense(LinearOperator<C> a, Tensor x, C c) {
        TensorVector columns = new TensorVector();
        Tensor zero = torch.zeros_like(x).flatten(1, -1);
        for (long j = 0; j < zero.size(1); j++) {
            Tensor unit = zero.clone();
            unit.narrow(1, j, 1).fill_(new Scalar(1.0));
            columns.push_back(a.apply(unit.reshape(x.shape()), c).flatten(1, -1));
        }
        return torch.stack(columns, 2);
    }
}
