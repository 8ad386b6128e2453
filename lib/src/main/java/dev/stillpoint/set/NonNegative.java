package dev.stillpoint.set;

import dev.stillpoint.kernel.Bounds;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * {x : x ≥ 0}. P(x) = max(x, 0), exact; its derivative at 0 is taken as 0. O(n).
 *
 * @param <C> any context
 */
public record NonNegative<C>() implements Bounded<C> {
    @Override
    public Tensor project(Tensor x, C c) {
        return x.relu();
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        return Violations.largest(x.neg());
    }

    @Override
    public Optional<Bounds> bounds(int n) {
        float[] upper = new float[n];
        Arrays.fill(upper, Float.POSITIVE_INFINITY);
        return Optional.of(new Bounds(new float[n], upper));
    }
}
