package dev.stillpoint.saboteur;

import dev.stillpoint.operator.Gradient;
import org.bytedeco.pytorch.Tensor;

/** A public gradient that no catalogue has. */
public final class UnlistedGradient implements Gradient<Object> {
    @Override
    public Tensor at(Tensor x, Object c) {
        return x;
    }
}
