package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.MapLaws.Shape;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Gradient;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** What every {@link Gradient} promises. For your own: call these from a test. */
public final class GradientLaws {
    /** Rounding of float64 operations a number, relative to the numbers' size. */
    private static final double ROUNDING = 1e-11;
    /** Central differences with a step of 1e-4 relative: rounding of f over that, and its square times a curvature. */
    private static final double DIFFERENCE = 1e-7;

    private static final double STEP = 1e-4;

    private GradientLaws() {}

    /**
     * ∇f leaves its inputs as they are, remembers nothing, has the same value on the tape and off it, keeps float32 and
     * float64, shape and samples apart, and has the derivatives that central differences have. L and μ, where declared, hold.
     *
     * @param gradient ∇f
     * @param context makes the context from its numbers, in either precision
     * @param x points, float64, [batch, n], with batch at least 2
     * @param data the context's numbers, float64, [batch, ...]
     * @param random draws directions and second points
     * @throws AssertionError naming the law that does not hold
     */
    public static <C extends Batch<C>> void check(
            Gradient<C> gradient, Function<Tensor, C> context, Tensor x, Tensor data, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            MapLaws<C> laws = new MapLaws<>(context, x, data, random);
            laws.check(gradient::at, Shape.KEPT, Coupling.PER_SAMPLE);
            C c = context.apply(data);
            OptionalDouble lipschitz = gradient.lipschitz();
            OptionalDouble strong = gradient.strongConvexity();
            lipschitz.ifPresent(l -> {
                assertThat(l).as("Lipschitz constant").isGreaterThanOrEqualTo(0).isFinite();
                laws.lipschitz("Lipschitz constant", y -> gradient.at(y, c), l);
                if (l > 0) {
                    // I − 2/L·∇f is nonexpansive where ∇f is 1/L-cocoercive, and nowhere else.
                    laws.lipschitz("cocoercivity", y -> y.sub(gradient.at(y, c), new Scalar(2 / l)), 1);
                }
            });
            strong.ifPresent(mu -> {
                assertThat(mu).as("strong convexity").isGreaterThan(0).isFinite();
                monotone(laws, y -> gradient.at(y, c), mu);
                // For a gradient: the eigenvalues of I − ∇²f/L are at most 1 − μ/L.
                lipschitz.ifPresent(l -> laws.lipschitz(
                        "strong convexity", y -> y.sub(gradient.at(y, c), new Scalar(1 / l)), Math.max(0, 1 - mu / l)));
            });
        }
    }

    /**
     * ⟨∇f(x), d⟩ is the derivative of f along d.
     *
     * @param gradient ∇f
     * @param f (x, data) to f(x; data) of one sample
     * @param context makes the context from its numbers
     * @param x points, float64, [batch, n]
     * @param data the context's numbers, float64, [batch, ...]
     * @param random draws directions
     * @throws AssertionError naming the law that does not hold
     */
    public static <C extends Batch<C>> void checkFunction(
            Gradient<C> gradient,
            ToDoubleBiFunction<double[], double[]> f,
            Function<Tensor, C> context,
            Tensor x,
            Tensor data,
            RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            MapLaws<C> laws = new MapLaws<>(context, x, data, random);
            Tensor at = gradient.at(x, context.apply(data));
            double size = laws.size(Tensors.doubles(at));
            Tensor d = laws.normal(1);
            double[] slope = Tensors.doubles(at.mul(d).flatten(1, -1).sum(1));
            Tensor step = d.mul(new Scalar(STEP * size));
            double[] up = values(f, x.add(step), data);
            double[] down = values(f, x.sub(step), data);
            for (int i = 0; i < slope.length; i++) {
                assertThat(Math.abs((up[i] - down[i]) / (2 * STEP * size) - slope[i]))
                        .as("gradient of f")
                        .isLessThanOrEqualTo(DIFFERENCE * size * laws.count());
            }
        }
    }

    /** ⟨F(y) − F(x), y − x⟩ ≥ μ‖y − x‖² on far and near pairs. */
    private static <C extends Batch<C>> void monotone(MapLaws<C> laws, Function<Tensor, Tensor> f, double mu) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor fx = f.apply(laws.x());
            double size = laws.size(Tensors.doubles(fx));
            for (double reach : List.of(1.0, 1e-3)) {
                Tensor d = laws.normal(reach * size);
                Tensor change = f.apply(laws.x().add(d)).sub(fx);
                double[] inner = Tensors.doubles(change.mul(d).flatten(1, -1).sum(1));
                double[] distance = Tensors.doubles(Tensors.rowNorm(d));
                for (int i = 0; i < inner.length; i++) {
                    double rounding = ROUNDING * size * laws.count() * distance[i];
                    assertThat(inner[i])
                            .as("strong convexity")
                            .isGreaterThanOrEqualTo(mu * distance[i] * distance[i] - rounding);
                }
            }
        }
    }

    private static double[] values(ToDoubleBiFunction<double[], double[]> f, Tensor x, Tensor data) {
        int batch = (int) x.size(0);
        double[] points = Tensors.doubles(x);
        double[] given = Tensors.doubles(data);
        double[] values = new double[batch];
        for (int i = 0; i < batch; i++) {
            values[i] = f.applyAsDouble(
                    Distances.row(points, i, points.length / batch), Distances.row(given, i, given.length / batch));
        }
        return values;
    }
}
