package dev.stillpoint.network;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The adjoint of a zero-padded {@link Conv2d} of the same kernel, stride and padding, plus a bias: [batch, in, h, w] to
 * [batch, out, h′, w′] with h′ = (h − 1)·stride − 2·padding + kernel + extra, and w′ likewise.
 *
 * <p>PyTorch's names (weight [in, out, kernel, kernel], bias [out]) and initial distribution: both uniform on
 * ±1/(kernel·√out).
 */
public final class ConvTranspose2d implements Layer {
    /**
     * The shape of the layer.
     *
     * @param in channels of x, ≥ 1
     * @param out channels of the output, ≥ 1
     * @param kernel side of the square kernel, ≥ 1
     * @param stride pixels of the output between two of x, ≥ 1
     * @param padding pixels cut off on each side of the output, ≥ 0
     * @param extra pixels added at the output's lower and right edge, in [0, stride): which of the sizes that a convolution
     *     maps to x's size is meant
     * @param bias whether there is one
     */
    public record Options(int in, int out, int kernel, int stride, int padding, int extra, Bias bias) {
        /** Checks the numbers. */
        public Options {
            if (in < 1 || out < 1 || kernel < 1) {
                throw new IllegalArgumentException("ConvTranspose2d: need channels and kernel >= 1, got " + in + ", "
                        + out + " and kernel " + kernel);
            }
            if (stride < 1 || padding < 0 || extra < 0 || extra >= stride) {
                throw new IllegalArgumentException(
                        "ConvTranspose2d: need stride >= 1, padding >= 0 and extra in [0, stride), got " + stride + ", "
                                + padding + " and " + extra);
            }
        }

        /** Stride 1, nothing cut off, a bias: PyTorch's defaults. */
        public static Options of(int in, int out, int kernel) {
            return new Options(in, out, kernel, 1, 0, 0, Bias.LEARNED);
        }

        /** The same with another stride. */
        public Options withStride(int stride) {
            return new Options(in, out, kernel, stride, padding, extra, bias);
        }

        /** The same with another padding. */
        public Options withPadding(int padding) {
            return new Options(in, out, kernel, stride, padding, extra, bias);
        }

        /** The same with another extra. */
        public Options withExtra(int extra) {
            return new Options(in, out, kernel, stride, padding, extra, bias);
        }

        /** The same with or without bias. */
        public Options withBias(Bias bias) {
            return new Options(in, out, kernel, stride, padding, extra, bias);
        }
    }

    private final Options options;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** A float32 layer with weights drawn from {@code random}. */
    public ConvTranspose2d(Options options, RandomGenerator random) {
        this(options, ScalarType.Float, random);
    }

    /** A layer in the given precision. */
    public ConvTranspose2d(Options options, ScalarType type, RandomGenerator random) {
        this.options = options;
        int k = options.kernel();
        double bound = 1 / (k * Math.sqrt(options.out()));
        this.weight = Initial.uniform(bound, type, random, options.in(), options.out(), k, k);
        this.bias = Initial.bias(options.bias(), bound, type, random, options.out());
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensors.check("ConvTranspose2d: x", x, -1, options.in(), -1, -1);
        Initial.checkType("ConvTranspose2d: x", x, weight);
        long shrink = options.kernel() + options.extra() - 2L * options.padding();
        if ((Math.min(x.size(2), x.size(3)) - 1) * options.stride() + shrink < 1) {
            throw new IllegalArgumentException("ConvTranspose2d: x: need an image of which padding " + options.padding()
                    + " leaves something, got " + x.size(2) + " x " + x.size(3));
        }
        return torch.conv_transpose2d(
                x,
                weight,
                Initial.optional(bias),
                pair(options.stride()),
                pair(options.padding()),
                pair(options.extra()),
                1,
                pair(1));
    }

    private static long[] pair(long n) {
        return new long[] {n, n};
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.parameter("weight", weight);
        if (bias != null) {
            visitor.parameter("bias", bias);
        }
    }
}
