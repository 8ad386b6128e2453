package dev.stillpoint.network;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * x ↦ w ⋆ x + β, a cross-correlation: [batch, in, h, w] to [batch, out, h′, w′] with
 * h′ = ⌊(h + 2·padding − kernel)/stride⌋ + 1, and w′ likewise.
 *
 * <p>PyTorch's names (weight [out, in, kernel, kernel], bias [out]) and initial distribution: both uniform on
 * ±1/(kernel·√in).
 */
public final class Conv2d implements Layer {
    /**
     * The shape of the layer.
     *
     * @param in channels of x, ≥ 1
     * @param out channels of the output, ≥ 1
     * @param kernel side of the square kernel, ≥ 1
     * @param stride pixels of x between two of the output, ≥ 1
     * @param padding pixels added on each side of x, ≥ 0
     * @param edge what they hold
     * @param bias whether there is one
     * @param layout of weight and output in memory
     */
    public record Options(
            int in, int out, int kernel, int stride, int padding, Padding edge, Bias bias, Layout layout) {
        /** Checks the numbers. */
        public Options {
            if (in < 1 || out < 1 || kernel < 1) {
                throw new IllegalArgumentException(
                        "Conv2d: need channels and kernel >= 1, got " + in + ", " + out + " and kernel " + kernel);
            }
            if (stride < 1 || padding < 0) {
                throw new IllegalArgumentException(
                        "Conv2d: need stride >= 1 and padding >= 0, got " + stride + " and " + padding);
            }
        }

        /** Stride 1, no padding, a bias: PyTorch's defaults. */
        public static Options of(int in, int out, int kernel) {
            return new Options(in, out, kernel, 1, 0, Padding.ZEROS, Bias.LEARNED, Layout.PLANES);
        }

        /** The same with zeros around, so many that stride 1 and an odd kernel keep the image's size. */
        public static Options same(int in, int out, int kernel) {
            return of(in, out, kernel).withPadding(kernel / 2);
        }

        /** The same with another stride. */
        public Options withStride(int stride) {
            return new Options(in, out, kernel, stride, padding, edge, bias, layout);
        }

        /** The same with another padding. */
        public Options withPadding(int padding) {
            return new Options(in, out, kernel, stride, padding, edge, bias, layout);
        }

        /** The same with another content of the padding. */
        public Options withEdge(Padding edge) {
            return new Options(in, out, kernel, stride, padding, edge, bias, layout);
        }

        /** The same with or without bias. */
        public Options withBias(Bias bias) {
            return new Options(in, out, kernel, stride, padding, edge, bias, layout);
        }

        /** The same in another layout. */
        public Options withLayout(Layout layout) {
            return new Options(in, out, kernel, stride, padding, edge, bias, layout);
        }
    }

    private final Options options;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** A float32 layer with weights drawn from {@code random}. */
    public Conv2d(Options options, RandomGenerator random) {
        this(options, ScalarType.Float, random);
    }

    /** A layer in the given precision. */
    public Conv2d(Options options, ScalarType type, RandomGenerator random) {
        this.options = options;
        double bound = 1 / (options.kernel() * Math.sqrt(options.in()));
        int k = options.kernel();
        this.weight = Initial.uniform(bound, type, random, options.out(), options.in(), k, k);
        if (options.layout() == Layout.CHANNELS_LAST) {
            try (TensorScope scope = TensorScope.open()) {
                // With strides of its own: libtorch takes those of a single channel for planes.
                long n = options.in();
                weight.set_data(weight.detach()
                        .contiguous(torch.MemoryFormat.ChannelsLast)
                        .as_strided(weight.shape(), n * k * k, 1, n * k, n));
            }
        }
        this.bias = Initial.bias(options.bias(), bound, type, random, options.out());
    }

    /** The shape of the layer. */
    public Options options() {
        return options;
    }

    /** w, [out, in, kernel, kernel]: the parameter itself. */
    public Tensor weight() {
        return weight;
    }

    @Override
    public Tensor forward(Tensor x) {
        return correlate(x, bias);
    }

    /** w ⋆ x, without the bias: the linear part. */
    public Tensor linear(Tensor x) {
        return correlate(x, null);
    }

    private Tensor correlate(Tensor x, @Nullable Tensor added) {
        Tensors.check("Conv2d: x", x, -1, options.in(), -1, -1);
        Initial.checkType("Conv2d: x", x, weight);
        long p = options.padding();
        if (Math.min(x.size(2), x.size(3)) + 2 * p < options.kernel()) {
            throw new IllegalArgumentException("Conv2d: x: need an image of at least " + (options.kernel() - 2 * p)
                    + " pixels a side, got " + x.size(2) + " x " + x.size(3));
        }
        long[] stride = {options.stride(), options.stride()};
        boolean replicate = options.edge() == Padding.REPLICATE && p > 0;
        Tensor padded = replicate ? torch.replication_pad2d(x, p, p, p, p) : x;
        long[] zeros = replicate ? new long[] {0, 0} : new long[] {p, p};
        return torch.conv2d(padded, weight, Initial.optional(added), stride, zeros, new long[] {1, 1}, 1);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.parameter("weight", weight);
        if (bias != null) {
            visitor.parameter("bias", bias);
        }
    }
}
