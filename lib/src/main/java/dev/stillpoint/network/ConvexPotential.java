package dev.stillpoint.network;

import dev.stillpoint.tensor.Convolutions;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.SpectralBound;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * N(p) = p − 2·Wᵀσ(Wp), nonexpansive: W a convolution with ‖W‖ ≤ 1, σ(y) = min(max(y, −τ), τ) with a threshold τ &gt; 0 a
 * channel. Images in and out, [batch, channels, height, width].
 *
 * <p>It is the gradient step of length two for the convex potential of Huber functions of Wp, whose Hessian WᵀDW, 0 ≤ D ≤ I, lies
 * between 0 and I; so I − 2WᵀDW lies between −I and I. ½(I + N) = I − WᵀσW is the prox of a convex function, and for W = I the
 * soft threshold. The weights are any numbers: {@link #prepare} divides them by a bound on their norm, with the gradient of
 * that, and is called once a batch.
 *
 * <p>Reference: Meunier, Delattre, Araujo and Allauzen 2022, arXiv 2110.12690.
 */
public final class ConvexPotential implements Learnable {
    private final Tensor weight;
    private final Tensor threshold;

    /**
     * A layer near the soft threshold.
     *
     * @param channels of the images
     * @param hidden channels of W's images
     * @param size k of the kernels, odd
     * @param threshold τ to start from, &gt; 0
     * @param type of the weights
     * @param random draws the weights: the identity with normal numbers of variance 0.1/(k²·channels)
     * @throws IllegalArgumentException unless the sizes are positive, k odd and τ positive and finite
     */
    public ConvexPotential(
            int channels, int hidden, int size, double threshold, ScalarType type, RandomGenerator random) {
        if (channels < 1 || hidden < 1 || size < 1 || size % 2 == 0) {
            throw new IllegalArgumentException("ConvexPotential: need positive sizes and an odd kernel, got " + channels
                    + ", " + hidden + " and " + size);
        }
        if (!(threshold > 0) || Double.isInfinite(threshold)) {
            throw new IllegalArgumentException("ConvexPotential: need finite threshold > 0, got " + threshold);
        }
        double[] values = new double[hidden * channels * size * size];
        double deviation = Math.sqrt(0.1 / ((double) size * size * channels));
        for (int i = 0; i < values.length; i++) {
            values[i] = deviation * random.nextGaussian();
        }
        for (int i = 0; i < Math.min(hidden, channels); i++) {
            values[(i * channels + i) * size * size + size * size / 2] += 1;
        }
        double[] logs = new double[hidden];
        java.util.Arrays.fill(logs, Math.log(threshold));
        try (TensorScope scope = TensorScope.open()) {
            this.weight = parameter(values, type, hidden, channels, size, size);
            this.threshold = parameter(logs, type, hidden);
        }
    }

    private static Tensor parameter(double[] values, ScalarType type, long... shape) {
        return TensorScope.persist(Tensors.of(values, shape).to(type).clone().requires_grad_(true));
    }

    /** W and τ as they are applied, taped when the tape is on; of the open scope. */
    public Step prepare() {
        return new Step(
                weight.div(SpectralBound.convolution(weight)), threshold.exp().reshape(1, -1, 1, 1));
    }

    /**
     * N with its weights normalised.
     *
     * @param kernel W, [hidden, channels, k, k]
     * @param threshold τ, [1 or batch, hidden, 1 or height, 1 or width]
     */
    public record Step(Tensor kernel, Tensor threshold) {
        /** N(p), [batch, channels, height, width] to the same. */
        public Tensor apply(Tensor p) {
            // Clipped to [−1, 1] in units of τ, whose gradient is a tenth of the work of a minimum's and a maximum's.
            Tensor clipped =
                    torch.hardtanh(Convolutions.apply(p, kernel).div(threshold)).mul(threshold);
            return p.sub(Convolutions.adjoint(clipped, kernel), new Scalar(2.0));
        }
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.parameter("weight", weight);
        visitor.parameter("threshold", threshold);
    }
}
