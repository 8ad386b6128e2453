package dev.stillpoint.operator;

import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * A matrix W, [m, n], that the context carries for all samples, as a learned one that the encoder has normalised once a batch:
 * Wx is [batch, m] for x [batch, n].
 *
 * @param matrix reads W, of x's type, taped where it is learned
 * @param bound ‖W‖ ≤ bound for every W that is read; {@link dev.stillpoint.tensor.SpectralBound} makes it so
 * @param <C> the context
 */
public record ContextMatrix<C>(Function<C, Tensor> matrix, double bound) implements LinearOperator<C> {
    /** Checks that the bound is finite and positive. */
    public ContextMatrix {
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("ContextMatrix: need finite bound > 0, got " + bound);
        }
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        Tensor w = matrix.apply(c);
        Tensors.check("ContextMatrix: x", x, -1, w.size(1));
        return x.matmul(w.t());
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        Tensor w = matrix.apply(c);
        Tensors.check("ContextMatrix: y", y, -1, w.size(0));
        return y.matmul(w);
    }

    @Override
    public OptionalDouble norm() {
        return OptionalDouble.of(bound);
    }
}
