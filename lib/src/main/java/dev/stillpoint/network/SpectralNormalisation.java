package dev.stillpoint.network;

import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Keeps a convolution's spectral norm on images of one size at or below a bound: some steps of the power method on the
 * linear map x ↦ w ⋆ x, from where the last call left off, then w ← w·bound/σ where σ is above.
 *
 * <p>The method's vector is state, shown as the buffer "direction". σ is estimated from below, and grows to the norm from
 * call to call while w moves slowly. Two convolutions of one image a step.
 *
 * <p>Reference: Miyato et al. 2018, arXiv 1802.05957; for the convolution itself, not its reshaped kernel, Gouk et al. 2021,
 * arXiv 1804.04368.
 */
public final class SpectralNormalisation implements Learnable {
    private final Conv2d convolution;
    private final double bound;
    private final Tensor direction;

    /**
     * A bound on a convolution.
     *
     * @param convolution with zero padding, whose weight is changed in place
     * @param bound &gt; 0
     * @param height of the images
     * @param width of the images
     * @param random draws the first direction
     */
    public SpectralNormalisation(Conv2d convolution, double bound, int height, int width, RandomGenerator random) {
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("SpectralNormalisation: need finite bound > 0, got " + bound);
        }
        Conv2d.Options o = convolution.options();
        if (o.edge() != Padding.ZEROS) {
            throw new IllegalArgumentException(
                    "SpectralNormalisation: need a convolution with zero padding, got " + o.edge());
        }
        this.convolution = convolution;
        this.bound = bound;
        double[] start = new double[o.in() * height * width];
        Arrays.setAll(start, i -> random.nextGaussian());
        try (TensorScope scope = TensorScope.open()) {
            this.direction = TensorScope.persist(Tensors.of(start, 1, o.in(), height, width)
                    .to(Tensors.type(convolution.weight()))
                    .clone());
        }
    }

    /**
     * Estimates the norm and shrinks the weight if need be, off the tape.
     *
     * @param steps of the power method, ≥ 1
     * @return σ as it was estimated, before shrinking
     */
    public double enforce(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("SpectralNormalisation: need steps >= 1, got " + steps);
        }
        Conv2d.Options o = convolution.options();
        long[] stride = {o.stride(), o.stride()};
        long[] padding = {o.padding(), o.padding()};
        double sigma = 0;
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (int i = 0; i < steps; i++) {
                direction.div_(direction.norm());
                Tensor image = convolution.linear(direction);
                sigma = image.norm().item_double();
                if (sigma == 0) {
                    return 0;
                }
                long[] extra = extra(o, image);
                direction.copy_(torch.conv_transpose2d(
                        image, convolution.weight(), new TensorOptional(), stride, padding, extra, 1, 1, 1));
            }
            if (sigma > bound) {
                convolution.weight().mul_(new Scalar(bound / sigma));
            }
        }
        return sigma;
    }

    /** Rows and columns at the edge that a stride has skipped. */
    private long[] extra(Conv2d.Options o, Tensor image) {
        long[] extra = new long[2];
        for (int i = 0; i < 2; i++) {
            extra[i] = direction.size(2 + i) - ((image.size(2 + i) - 1) * o.stride() - 2L * o.padding() + o.kernel());
        }
        return extra;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.buffer("direction", direction);
    }
}
