package dev.stillpoint.set;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {x : l ≤ x ≤ u}. P(x) = min(max(x, l), u), exact. O(n).
 *
 * @param <C> any context
 */
public final class Box<C> implements ConvexSet<C> {
    private final Tensor lower;
    private final Tensor upper;

    /**
     * The box between two vectors, infinities allowed. Both are copied.
     *
     * @param lower l, [n]
     * @param upper u, [n]
     * @throws IllegalArgumentException if the lengths differ, or l_j ≤ u_j fails for some j
     */
    public Box(double[] lower, double[] upper) {
        if (lower.length != upper.length) {
            throw new IllegalArgumentException(
                    "Box: need bounds of one length, got " + lower.length + " and " + upper.length);
        }
        for (int j = 0; j < lower.length; j++) {
            if (!(lower[j] <= upper[j])) {
                throw new IllegalArgumentException(
                        "Box: need lower <= upper, got " + lower[j] + " and " + upper[j] + " at index " + j);
            }
        }
        try (TensorScope scope = TensorScope.open()) {
            this.lower = TensorScope.persist(Tensors.of(lower, lower.length));
            this.upper = TensorScope.persist(Tensors.of(upper, upper.length));
        }
    }

    @Override
    public Tensor project(Tensor x, C c) {
        Tensors.check("Box: x", x, -1, lower.size(0));
        return torch.minimum(torch.maximum(x, lower.to(x.scalar_type())), upper.to(x.scalar_type()));
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Tensors.check("Box: x", x, -1, lower.size(0));
        Tensor below = lower.to(x.scalar_type()).sub(x);
        Tensor above = x.sub(upper.to(x.scalar_type()));
        return Violations.largest(torch.maximum(below, above));
    }
}
