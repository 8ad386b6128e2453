package dev.stillpoint.adjoint;

import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The condition under which {@link JacobianFree} is proven to descend: κ(MᵀM) ≤ 1/γ, where Mᵀ = ∂y/∂Θ is the derivative by the
 * weights of one sample's y = T_Θ(u*; d), or of the network's output by its own weights, and γ contracts T. It is sufficient, not
 * necessary.
 *
 * <p>Reference: Wu Fung et al. 2022, assumption 0.4, arXiv 2103.12803.
 *
 * @param least the least eigenvalue of MᵀM, 0 where it is below the rounding of the largest
 * @param most the largest
 */
public record DescentCondition(double least, double most) {
    /** Columns of Mᵀ that are in float64 at a time. */
    private static final long BLOCK = 2_000;

    /**
     * Measures, by as many backward passes as y has numbers.
     *
     * <p>Time n backward passes, n²p and n³; memory n·p of the weights' type and n² of float64, for n numbers in y and p weights.
     *
     * @param y taped, one sample of any shape
     * @param weights that it was taped from
     */
    public static DescentCondition of(Tensor y, List<Tensor> weights) {
        long p = weights.stream().mapToLong(Tensor::numel).sum();
        long n = y.numel();
        if (n < 1 || p < 1) {
            throw new IllegalArgumentException(
                    "DescentCondition: need numbers in y and weights, got " + n + " and " + p);
        }
        try (TensorScope scope = TensorScope.open()) {
            Tensor rows = Tensors.zeros(Tensors.type(y), n, p);
            for (long i = 0; i < n; i++) {
                try (TensorScope each = TensorScope.open()) {
                    Tensor unit = torch.zeros_like(y.detach());
                    unit.flatten().narrow(0, i, 1).fill_(new Scalar(1.0));
                    long place = 0;
                    for (Tensor gradient : Autograd.vjp(y, weights, unit)) {
                        rows.narrow(0, i, 1).narrow(1, place, gradient.numel()).copy_(gradient.reshape(1, -1));
                        place += gradient.numel();
                    }
                }
            }
            return ofRows(rows);
        }
    }

    private static DescentCondition ofRows(Tensor rows) {
        long n = rows.size(0);
        long p = rows.size(1);
        try (NoGradGuard offTape = new NoGradGuard()) {
            // In float64, since float32's rounding of a product would hide eigenvalues below 1e-7 of the largest.
            Tensor gram = Tensors.zeros(ScalarType.Double, n, n);
            for (long from = 0; from < p; from += BLOCK) {
                try (TensorScope each = TensorScope.open()) {
                    Tensor block =
                            rows.narrow(1, from, Math.min(BLOCK, p - from)).to(ScalarType.Double);
                    gram.addmm_(block, block.t());
                }
            }
            double[] values = Tensors.doubles(torch.linalg_eigvalsh(gram));
            double most = values[values.length - 1];
            double rounding = Tensors.rounding(Tensors.type(rows));
            // Each row is off by its type's rounding, so that a singular value below that of the largest is none.
            double floor = n > p ? Double.POSITIVE_INFINITY : n * rounding * rounding * most;
            return new DescentCondition(values[0] > floor ? values[0] : 0, most);
        }
    }

    /** Of two outputs whose weights are apart, such as T and the layers after it: M is block-diagonal. */
    public DescentCondition and(DescentCondition other) {
        return new DescentCondition(Math.min(least, other.least), Math.max(most, other.most));
    }

    /** κ(MᵀM), infinite where M has not full column rank. */
    public double condition() {
        return least > 0 ? most / least : Double.POSITIVE_INFINITY;
    }

    /** Whether the theorem applies to a T that contracts by {@code gamma}. */
    public boolean holds(double gamma) {
        return condition() <= 1 / gamma;
    }
}
