package dev.stillpoint.set;

import dev.stillpoint.tensor.Tensors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** aᵀx − b with a ≠ 0, and steps along a: what a halfspace and a hyperplane share. */
final class LinearForm<C> {
    private final Datum<C> a;
    private final Datum<C> b;

    private LinearForm(Datum<C> a, Datum<C> b) {
        this.a = a;
        this.b = b;
    }

    static <C> LinearForm<C> of(String set, double[] a, double b) {
        return new LinearForm<>(normal(set, a), Datum.finite(set + ": b", b));
    }

    static <C> LinearForm<C> of(String set, double[] a, Function<C, Tensor> b) {
        return new LinearForm<>(normal(set, a), Datum.read(set + ": b", b));
    }

    static <C> LinearForm<C> of(String set, Function<C, Tensor> a, Function<C, Tensor> b) {
        return new LinearForm<>(Datum.read(set + ": a", a), Datum.read(set + ": b", b));
    }

    /** aᵀx − b, [batch, 1]. NaN where a = 0. */
    Tensor residual(Tensor x, C c) {
        Tensor normal = a.vector(x, c);
        Tensor residual = dot(x, normal).sub(b.number(x, c));
        return Datum.orNan(residual, Tensors.rowNorm(normal).unsqueeze(1).gt(new Scalar(0.0)));
    }

    /** x − part((aᵀx − b)/‖a‖)·a/‖a‖: x moved against a by some part of its signed distance. NaN where a = 0. */
    Tensor against(Tensor x, C c, UnaryOperator<Tensor> part) {
        Tensor normal = a.vector(x, c);
        Tensor length = Tensors.rowNorm(normal).unsqueeze(1);
        Tensor unit = normal.div(length);
        Tensor distance = dot(x, unit).sub(b.number(x, c).div(length));
        return x.sub(unit.mul(part.apply(distance)));
    }

    private static Tensor dot(Tensor x, Tensor y) {
        return x.mul(y).sum(1).unsqueeze(1);
    }

    private static <C> Datum<C> normal(String set, double[] a) {
        boolean zero = true;
        for (double v : a) {
            zero &= v == 0;
        }
        if (zero) {
            throw new IllegalArgumentException(set + ": need a != 0, got " + a.length + " zeros");
        }
        return Datum.finite(set + ": a", a);
    }
}
