package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Autograd;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** One taped application of T at z*, whose incoming gradient g an adjoint replaces by its v before it goes on to c and Θ. */
final class LocalTape implements Supplier<AdjointStats> {
    private @Nullable AdjointStats stats;

    /**
     * Tapes y = T(z*; c) and returns it, with g replaced by {@code adjoint(g, v ↦ Jᵀv)}.
     *
     * @param adjoint computes v and reports through {@link #report}
     */
    <C> Tensor attach(Operator<C> t, Tensor zStar, C c, BiFunction<Tensor, UnaryOperator<Tensor>, Tensor> adjoint) {
        Tensor z = zStar.detach().requires_grad_(true);
        Tensor y = t.apply(z, c);
        // The products are taken below the clone, so that they do not meet the replaced gradient again.
        return Autograd.replaceGradient(y.clone(), g -> adjoint.apply(g, v -> Autograd.vjp(y, z, v)));
    }

    void report(AdjointStats stats) {
        this.stats = stats;
    }

    @Override
    public AdjointStats get() {
        if (stats == null) {
            throw new IllegalStateException("AdjointStats: need backward() first, got no call of it");
        }
        return stats;
    }
}
