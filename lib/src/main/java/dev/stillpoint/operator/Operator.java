package dev.stillpoint.operator;

import dev.stillpoint.set.Constraint;
import dev.stillpoint.tensor.Learnable;
import java.util.List;
import java.util.OptionalDouble;
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

    /** What a solution must satisfy, for the constraint violation that every inference reports. */
    default List<? extends Constraint<C>> constraints() {
        return List.of();
    }

    /**
     * q &lt; 1 with ‖T(y; c) − T(z; c)‖ ≤ q‖y − z‖ for all y, z and c, where one is known: then ‖z − z*‖ ≤ ‖T(z) − z‖/(1 − q)
     * is a bound. Empty where T is none, or where what is learned decides.
     */
    default OptionalDouble contractionFactor() {
        return OptionalDouble.empty();
    }

    /**
     * a in (0, 1) such that T = (1 − a)·I + a·N with N nonexpansive, where one is known: then the iteration converges to a
     * fixed point, where there is one, and a relaxation by λ does for 0 &lt; λ &lt; 1/a.
     */
    default OptionalDouble averagedness() {
        return OptionalDouble.empty();
    }

    /** Whether samples may be solved apart from one another. */
    default Coupling coupling() {
        return Coupling.PER_SAMPLE;
    }
}
