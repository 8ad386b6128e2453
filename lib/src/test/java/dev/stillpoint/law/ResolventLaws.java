package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.MapLaws.Shape;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.set.Resolvent;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** What every {@link Resolvent} promises. For your own, a learned one for instance: call this from a test, at trained weights. */
public final class ResolventLaws {
    /** Rounding of float64 operations a number, relative to the numbers' size squared. */
    private static final double ROUNDING = 1e-11;

    private ResolventLaws() {}

    /**
     * R keeps the shape, leaves its inputs as they are, remembers nothing, has the same value on the tape and off it, keeps
     * float32 and float64 and samples apart, and has the derivatives that central differences have. It is firmly nonexpansive:
     * on far and near pairs, and on the worst near ones that a power iteration on the Jacobian of 2R − I finds. A step has no
     * influence.
     *
     * @param r R
     * @param context makes the context from its numbers, in either precision
     * @param x points, float64, [batch, n], with batch at least 2
     * @param data the context's numbers, float64, [batch, ...]
     * @param random draws directions and second points
     * @throws AssertionError naming the law that does not hold
     */
    public static <C extends Batch<C>> void check(
            Resolvent<C> r, Function<Tensor, C> context, Tensor x, Tensor data, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            MapLaws<C> laws = new MapLaws<>(context, x, data, random);
            laws.check(r::apply, Shape.KEPT, Coupling.PER_SAMPLE);
            C c = context.apply(data);
            Tensor rx = r.apply(x, c);
            assertThat(Tensors.doubles(r.prox(x, Tensors.scalar(0.3), c)))
                    .as("no influence of the step")
                    .isEqualTo(Tensors.doubles(rx));
            double size = laws.size(Tensors.doubles(rx));
            for (double reach : List.of(10.0, 1.0, 1e-3)) {
                Tensor apart = laws.normal(reach * size);
                Tensor change = r.apply(x.add(apart), c).sub(rx);
                double tolerance = ROUNDING * laws.count() * size * size * reach * Math.max(1, reach);
                for (double v : Tensors.doubles(change.mul(apart.sub(change)).sum(1))) {
                    // Written so that NaN fails.
                    assertThat(v).as("firmly nonexpansive").isGreaterThanOrEqualTo(-tolerance);
                }
            }
            // The same of the worst direction: R is firmly nonexpansive where 2R − I is nonexpansive.
            laws.lipschitz(
                    "firmly nonexpansive",
                    y -> r.apply(y, c).mul(new Scalar(2.0)).sub(y),
                    1);
        }
    }
}
