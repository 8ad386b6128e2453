package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.operator.Coupling;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What every map of (x, context) promises, whatever it computes: inputs untouched, no memory of earlier calls, the tape, both
 * precisions, samples apart, and gradients that are the derivatives.
 *
 * @param context makes the context from its numbers, in either precision
 * @param x points, float64, [batch, ...]
 * @param data the context's numbers, float64, [batch, ...]
 * @param random draws directions
 */
record MapLaws<C extends Batch<C>>(Function<Tensor, C> context, Tensor x, Tensor data, RandomGenerator random) {
    /** Rounding of float64 operations a number, relative to the numbers' size. */
    private static final double ROUNDING = 1e-11;
    /** The same for float32. */
    private static final double SINGLE = 1e-5;
    /** Central differences with a step of 1e-6 relative: rounding over that, and its square times a curvature. */
    private static final double DIFFERENCE = 1e-7;

    private static final double STEP = 1e-6;

    /** A map with a context. */
    interface Map<C> {
        Tensor apply(Tensor x, C c);
    }

    /** What shape a map gives. */
    enum Shape {
        KEPT,
        FREE
    }

    void check(Map<C> f, Shape shape, Coupling coupling) {
        try (TensorScope scope = TensorScope.open()) {
            double[] exact = values(f, shape, coupling, ScalarType.Double);
            double[] single = values(f, shape, coupling, ScalarType.Float);
            double size = size(exact);
            for (int i = 0; i < exact.length; i++) {
                assertThat(Math.abs(single[i] - exact[i]))
                        .as("float32 agrees with float64")
                        .isLessThanOrEqualTo(SINGLE * size * count());
            }
            pullback(leaf -> f.apply(leaf, context.apply(data)), x, size);
            pullback(leaf -> f.apply(x, context.apply(leaf)), data, size);
        }
    }

    /** The size of a result's numbers beside those that it is made of, for roundings relative to it. */
    double size(double[] result) {
        return Math.max(largest(result), Math.max(largest(x), largest(data)));
    }

    /** f(x), held against itself in one precision. */
    private double[] values(Map<C> f, Shape shape, Coupling coupling, ScalarType type) {
        Tensor z = x.to(type);
        Tensor d = data.to(type);
        double[] zBefore = Tensors.doubles(z);
        double[] dBefore = Tensors.doubles(d);
        double[] off;
        try (NoGradGuard offTape = new NoGradGuard()) {
            Tensor fz = f.apply(z, context.apply(d));
            assertThat(fz.requires_grad()).as("taped with the tape off").isFalse();
            assertThat(Tensors.type(fz)).as("precision kept").isEqualTo(type);
            if (shape == Shape.KEPT) {
                assertThat(fz.shape()).as("shape kept").isEqualTo(z.shape());
            }
            assertThat(fz.size(0)).as("a row a sample").isEqualTo(z.size(0));
            off = Tensors.doubles(fz);
            untouched(z, zBefore, d, dBefore);
            assertThat(Arrays.stream(off).allMatch(Double::isFinite))
                    .as("finite")
                    .isTrue();
            assertThat(Tensors.doubles(f.apply(z, context.apply(d))))
                    .as("the same when asked again")
                    .isEqualTo(off);
        }
        Tensor leaf = z.detach().clone().requires_grad_(true);
        Tensor taped = d.detach().clone().requires_grad_(true);
        assertThat(Tensors.doubles(f.apply(leaf, context.apply(taped))))
                .as("same value on the tape")
                .isEqualTo(off);
        untouched(leaf, zBefore, taped, dBefore);
        if (coupling == Coupling.PER_SAMPLE) {
            alone(f, z, d, off, (type == ScalarType.Float ? SINGLE : ROUNDING) * size(off) * count());
        }
        return off;
    }

    private static void untouched(Tensor z, double[] zBefore, Tensor d, double[] dBefore) {
        assertThat(Tensors.doubles(z)).as("input untouched").isEqualTo(zBefore);
        assertThat(Tensors.doubles(d)).as("context untouched").isEqualTo(dBefore);
    }

    /** BLAS results move in their last bits with the batch size. */
    private void alone(Map<C> f, Tensor z, Tensor d, double[] together, double tolerance) {
        int batch = (int) z.size(0);
        for (int i = 0; i < batch; i++) {
            Tensor row = Tensors.of((long) i);
            C c = context.apply(d).select(row);
            double[] single = Tensors.doubles(f.apply(z.index_select(0, row), c));
            assertThat(Distances.between(single, Distances.row(together, i, together.length / batch)))
                    .as("sample " + i + " alone")
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    private void pullback(Function<Tensor, Tensor> f, Tensor at, double size) {
        double unit = largest(at);
        double tolerance = DIFFERENCE * count() * Math.max(1, size / unit);
        long[] shape = at.shape();
        Pullbacks.check(
                flat -> f.apply(flat.reshape(shape)).flatten(1, -1), at.flatten(1, -1), STEP * unit, tolerance, random);
    }

    /** The numbers of a sample, at least one. */
    double count() {
        return Math.max(1, Math.max(x.numel(), data.numel()) / Math.max(1, x.size(0)));
    }

    /** Normal numbers of x's shape. */
    Tensor normal(double scale) {
        return Tensors.of(Cases.normal(random, (int) x.numel(), scale), x.shape());
    }

    /**
     * Whether {@code f} is q-Lipschitz, row by row: on far pairs, on near ones, and on the worst near ones that a power
     * iteration on JᵀJ finds.
     */
    void lipschitz(String law, Function<Tensor, Tensor> f, double q) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor leaf = x.detach().clone().requires_grad_(true);
            Tensor fx = f.apply(leaf);
            double unit = largest(x);
            for (double reach : List.of(1.0, 1e-3)) {
                pairs(law, f, q, fx.detach(), normal(reach * unit));
            }
            Tensor d = normal(1);
            for (int i = 0; i < 30 && fx.requires_grad(); i++) {
                try (TensorScope inner = TensorScope.open()) {
                    Tensor length = Tensors.rowNorm(d).clamp_min(new Scalar(Double.MIN_NORMAL));
                    Tensor near = d.div(length.reshape(column())).mul(new Scalar(1e-3 * unit));
                    Tensor change = pairs(law, f, q, fx.detach(), near);
                    d = inner.keep(Autograd.vjp(fx, leaf, change.div(new Scalar(unit))));
                }
            }
        }
    }

    /** ‖f(x + d) − f(x)‖ ≤ q‖d‖ a row, to rounding; returns f(x + d) − f(x). */
    private Tensor pairs(String law, Function<Tensor, Tensor> f, double q, Tensor fx, Tensor d) {
        Tensor change = f.apply(x.add(d)).detach().sub(fx);
        double[] image = Tensors.doubles(Tensors.rowNorm(change));
        double[] distance = Tensors.doubles(Tensors.rowNorm(d));
        double rounding = ROUNDING * size(Tensors.doubles(fx)) * count();
        for (int i = 0; i < image.length; i++) {
            assertThat(image[i]).as(law).isLessThanOrEqualTo(q * distance[i] + rounding);
        }
        return change;
    }

    private long[] column() {
        long[] shape = new long[(int) x.dim()];
        Arrays.fill(shape, 1);
        shape[0] = x.size(0);
        return shape;
    }

    private static double largest(Tensor t) {
        return largest(Tensors.doubles(t));
    }

    /** The largest absolute value, 1 where there is none. */
    private static double largest(double[] values) {
        double worst = 0;
        for (double v : values) {
            worst = Math.max(worst, Math.abs(v));
        }
        return worst == 0 ? 1 : worst;
    }
}
