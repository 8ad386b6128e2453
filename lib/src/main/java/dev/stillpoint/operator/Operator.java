package dev.stillpoint.operator;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.tensor.Learnable;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * z ↦ T(z; c), one step of an algorithm whose fixed points z* = T(z*; c) carry solutions x = S(z*).
 *
 * @param <C> the context, made once by the encoder
 */
public interface Operator<C> extends Learnable {
    /** T(z; c), [batch, ...] to [batch, ...], taped when the tape is on. {@code z} is left as it was. */
    Tensor apply(Tensor z, C c);

    /** S(z; c): the x that the iterate z carries. */
    default Tensor solution(Tensor z, C c) {
        return z;
    }

    /** The sets that a solution must lie in, for the constraint violation that every inference reports. */
    default List<ConvexSet<C>> constraints() {
        return List.of();
    }

    /** Whether samples may be solved apart from one another. */
    default Coupling coupling() {
        return Coupling.PER_SAMPLE;
    }
}
