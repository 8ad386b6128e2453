package dev.stillpoint.operator;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * f(x) = ½xᵀΣx with a learned Σ = FFᵀ/‖F‖², ‖·‖ the Frobenius norm: positive semidefinite, and L = 1 whatever F becomes, so
 * that a step that is safe at first stays so. ∇f = Σx, in O(nk) a sample.
 *
 * <p>NaN at F = 0, where Σ is not defined. Weigh it against other terms by scaling those, in a {@link GradientSum}.
 *
 * @param factor F, [n, k], the one parameter; a float64 x makes a float32 F one
 * @param <C> any context
 */
public record Covariance<C>(Tensor factor) implements Gradient<C> {
    /** Checks the shape. */
    public Covariance {
        Tensors.check("Covariance: factor", factor, -1, -1);
    }

    /**
     * With normal entries, to be trained.
     *
     * @param n number of variables, ≥ 1
     * @param rank k, that of Σ at most, ≥ 1
     * @param type float32 or float64
     * @param random draws F
     * @param <C> any context
     */
    public static <C> Covariance<C> random(int n, int rank, ScalarType type, RandomGenerator random) {
        if (n < 1 || rank < 1) {
            throw new IllegalArgumentException("Covariance: need n and rank >= 1, got " + n + " and " + rank);
        }
        double[] values = new double[Math.multiplyExact(n, rank)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        try (TensorScope scope = TensorScope.open()) {
            Tensor factor = Tensors.of(values, n, rank).to(type).clone().requires_grad_(true);
            return new Covariance<>(TensorScope.persist(factor));
        }
    }

    @Override
    public Tensor at(Tensor x, C c) {
        Tensors.check("Covariance: x", x, -1, factor.size(0));
        Tensor f = factor.to(x.scalar_type());
        return x.matmul(f).matmul(f.t()).div(f.mul(f).sum());
    }

    @Override
    public OptionalDouble lipschitz() {
        return OptionalDouble.of(1);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.parameter("factor", factor);
    }
}
