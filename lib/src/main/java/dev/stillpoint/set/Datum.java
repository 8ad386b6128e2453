package dev.stillpoint.set;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A number or a vector that describes a set: fixed, or a sample's own and read from the context.
 *
 * <p>Fixed data are checked where they are given. A sample's data are not, since one bad sample must not stop a batch:
 * {@link #orNan} makes them NaN, and a solver reports that sample as not finite.
 */
final class Datum<C> {
    private final String name;
    private final @Nullable Function<C, Tensor> reader;
    private final @Nullable Tensor exact;
    private final @Nullable Tensor single;
    /** Whether one number stands for a vector. */
    private final boolean broadcast;

    private Datum(
            String name,
            @Nullable Function<C, Tensor> reader,
            @Nullable Tensor exact,
            @Nullable Tensor single,
            boolean broadcast) {
        this.broadcast = broadcast;
        this.name = name;
        this.reader = reader;
        this.exact = exact;
        this.single = single;
    }

    /** The same for all samples, copied. */
    static <C> Datum<C> fixed(String name, double... values) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor exact = Tensors.of(values, 1, values.length);
            return new Datum<>(
                    name, null, TensorScope.persist(exact), TensorScope.persist(exact.to(ScalarType.Float)), false);
        }
    }

    /** The same number in every place of a vector of any length. */
    static <C> Datum<C> constant(String name, double value) {
        Datum<C> one = fixed(name, value);
        return new Datum<>(name, null, one.exact, one.single, true);
    }

    /** The same for all samples, copied, and finite. */
    static <C> Datum<C> finite(String name, double... values) {
        for (double v : values) {
            if (!Double.isFinite(v)) {
                throw new IllegalArgumentException(name + ": need finite numbers, got " + v);
            }
        }
        return fixed(name, values);
    }

    /** Read from the context: [batch, n] for a vector, [batch, 1] for a number. */
    static <C> Datum<C> read(String name, Function<C, Tensor> reader) {
        return new Datum<>(name, reader, null, null, false);
    }

    /** A row as wide as {@code x}'s: [1, n] or [batch, n], or [1, 1] for a constant; of {@code x}'s type. */
    Tensor vector(Tensor x, C c) {
        if (exact != null && !broadcast) {
            Tensors.check(name + " and x", x, -1, exact.size(1));
        } else {
            Tensors.check(name + " and x", x, -1, -1);
        }
        return value(x, c, x.size(1));
    }

    /** One number a row: [1, 1] or [batch, 1], of {@code x}'s type. */
    Tensor number(Tensor x, C c) {
        Tensors.check(name + " and x", x, -1, -1);
        return value(x, c, 1);
    }

    private Tensor value(Tensor x, C c, long width) {
        if (reader != null) {
            Tensor read = reader.apply(c);
            Tensors.check(name, read, x.size(0), width);
            return read.to(x.scalar_type());
        }
        if (exact == null || single == null) {
            throw new AssertionError("a datum is fixed or read");
        }
        return switch (Tensors.type(x)) {
            case Double -> exact;
            case Float -> single;
            default ->
                throw new IllegalArgumentException(name + ": need x in float32 or float64, got " + Tensors.type(x));
        };
    }

    /** The numbers in float32 if they are the same for all samples and fit a vector of length n. */
    Optional<float[]> values(int n) {
        if (single == null || (!broadcast && single.size(1) != n)) {
            return Optional.empty();
        }
        return Optional.of(Tensors.floats(single.expand(1, n)));
    }

    /** {@code value} where {@code valid}, NaN elsewhere. */
    static Tensor orNan(Tensor value, Tensor valid) {
        return value.masked_fill(valid.logical_not(), new Scalar(Double.NaN));
    }
}
