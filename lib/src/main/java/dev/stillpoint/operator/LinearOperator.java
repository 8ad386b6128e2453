package dev.stillpoint.operator;

import dev.stillpoint.tensor.Learnable;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/**
 * x ↦ Ax, a linear map of every sample, known by its products with vectors: a measurement, a blur, differences along edges.
 *
 * <p>Laws: linear, and ⟨Ax, y⟩ = ⟨x, A*y⟩. {@link PowerIteration} estimates a norm that is not declared.
 *
 * @param <C> the context, which may carry data of A a sample; fixed operators ignore it
 */
public interface LinearOperator<C> extends Learnable {
    /** Ax, [batch, ...] to [batch, ...], taped when the tape is on. {@code x} is left as it was. */
    Tensor apply(Tensor x, C c);

    /** A*y, from the shape that {@link #apply} gives to the one that it takes, likewise. */
    Tensor adjoint(Tensor y, C c);

    /** An upper bound on ‖A‖ = max ‖Ax‖₂/‖x‖₂ for all c, to rounding, where one is known. */
    default OptionalDouble norm() {
        return OptionalDouble.empty();
    }

    /** β &gt; 0 with ‖Ax‖₂ ≥ β‖x‖₂ for all x and c, to rounding, where one is known: then Ax = 0 has no other solution than 0. */
    default OptionalDouble lowerBound() {
        return OptionalDouble.empty();
    }
}
