package dev.stillpoint.set;

import org.bytedeco.pytorch.Tensor;

/**
 * R = (I + B)⁻¹ of a maximal monotone B that is known by R alone, as where R is learned. In an algorithm it takes the place
 * of the prox of a function, whose subdifferential B then is for a step of one.
 *
 * <p>The step given to {@link #prox} has no influence: R is what was learned, at whatever step the algorithm takes.
 *
 * <p>Law: firmly nonexpansive, ‖Rx − Ry‖² ≤ ⟨Rx − Ry, x − y⟩, which is what makes a map a resolvent (Eckstein and Bertsekas
 * 1992, theorem 2). A Lipschitz constant below one is not enough: splitting algorithms diverge with such maps.
 *
 * @param <C> the context
 */
public interface Resolvent<C> extends Proximal<C> {
    /** R(x; c), [batch, n] to [batch, n], taped when the tape is on. {@code x} is left as it was. */
    Tensor apply(Tensor x, C c);

    @Override
    default Tensor prox(Tensor x, Tensor step, C c) {
        return apply(x, c);
    }
}
