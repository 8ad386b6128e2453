package dev.stillpoint.adjoint;

import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.LinearMap;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Pushforward;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** One taped application of T at z*, whose incoming gradient g an adjoint replaces by its v before it goes on to c and Θ. */
final class LocalTape implements Supplier<AdjointStats> {
    private @Nullable AdjointStats stats;

    /** What an adjoint puts in place of g. */
    interface Rule {
        /**
         * v.
         *
         * @param y T(z*; c), taped below the gradient that is replaced; of one row in all where samples are coupled
         * @param g the incoming gradient
         * @param transposed Jᵀ
         */
        Tensor apply(Tensor y, Tensor g, LinearMap transposed);
    }

    /** Tapes y = T(z*; c) and returns it, with g replaced by what {@code rule} computes and reports on by {@link #report}. */
    <C> Tensor attach(Operator<C> t, Tensor zStar, C c, Rule rule) {
        Tensor z = zStar.detach().requires_grad_(true);
        Tensor step = t.apply(z, c);
        // Samples that depend on one another have one adjoint equation in common: one long row.
        Tensor y = t.coupling() == Coupling.BATCH ? step.reshape(1, -1) : step;
        // The products are taken below the clone, so that they do not meet the replaced gradient again.
        return Autograd.replaceGradient(step.clone(), g -> {
            try (TransposedJacobian transposed = new TransposedJacobian(y, z)) {
                return rule.apply(y, g.reshape(y.shape()), transposed).reshape(step.shape());
            }
        });
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

    /** M = Jᵀ. Its transpose, J itself, needs a second tape, which is made when it is first asked for. */
    private static final class TransposedJacobian implements LinearMap, AutoCloseable {
        private final Tensor y;
        private final Tensor z;
        private @Nullable Pushforward pushforward;

        TransposedJacobian(Tensor y, Tensor z) {
            this.y = y;
            this.z = z;
        }

        @Override
        public Tensor apply(Tensor v) {
            return Autograd.vjp(y, z, v).reshape(y.shape());
        }

        @Override
        public Tensor transposed(Tensor v) {
            Pushforward forward = pushforward;
            if (forward == null) {
                forward = new Pushforward(y, z);
                pushforward = forward;
            }
            return forward.apply(v.reshape(z.shape()));
        }

        @Override
        public void close() {
            if (pushforward != null) {
                pushforward.close();
            }
        }
    }
}
