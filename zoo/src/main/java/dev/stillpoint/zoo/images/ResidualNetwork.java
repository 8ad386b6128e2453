package dev.stillpoint.zoo.images;

import dev.stillpoint.network.BatchNorm2d;
import dev.stillpoint.network.Bias;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.Dropout2d;
import dev.stillpoint.network.Flatten;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.Layout;
import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Linear;
import dev.stillpoint.network.Mode;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The paper's network for SVHN and for CIFAR-10 without augmentation, 32 x 32 colour images: Q by three residual blocks to
 * 64 x 8 x 8, one latent block, S by a convolution and a linear layer. 163,488 parameters; the paper counts 256 more, of two
 * batch norms that its code makes and never uses.
 */
public final class ResidualNetwork extends ImageNetwork {
    private static final int CHANNELS = 64;
    private static final LeakyRelu ACTIVATION = new LeakyRelu(LatentBlock.SLOPE);
    private static final Dropout2d DATA_DROPOUT = new Dropout2d(0.1);

    private final Conv2d firstConvolution;
    private final BatchNorm2d firstNorm = new BatchNorm2d(16, BatchNorm2d.Affine.LEARNED);
    private final BasicBlock layer1;
    private final BasicBlock layer2;
    private final BasicBlock layer3;
    private final Conv2d headConvolution;
    private final Linear headLinear;
    private final Dropout2d headDropout;

    /**
     * A network with initial weights.
     *
     * @param gamma factor of R, in (0, 1)
     * @param count latent blocks, ≥ 1
     * @param norm of R
     * @param headDropout probability of a channel in S: 0.2 for SVHN, 0.1 for CIFAR-10
     * @param random draws the weights
     */
    public ResidualNetwork(double gamma, int count, LatentNorm norm, double headDropout, RandomGenerator random) {
        super(gamma, norm, MnistNetwork.latent(LatentBlock.Form.ON_BRANCH, CHANNELS, count, norm, random));
        this.firstConvolution =
                new Conv2d(Conv2d.Options.same(3, 16, 3).withBias(Bias.NONE).withLayout(Layout.CHANNELS_LAST), random);
        this.layer1 = new BasicBlock(16, 16, 1, random);
        this.layer2 = new BasicBlock(16, 32, 2, random);
        this.layer3 = new BasicBlock(32, CHANNELS, 2, random);
        this.headConvolution = new Conv2d(Conv2d.Options.of(CHANNELS, 16, 3).withLayout(Layout.CHANNELS_LAST), random);
        this.headLinear = new Linear(576, CLASSES, Bias.NONE, ScalarType.Float, random);
        this.headDropout = new Dropout2d(headDropout);
    }

    @Override
    int side() {
        return 8;
    }

    @Override
    long encoderProducts() {
        return products(firstConvolution, 32) + layer1.products(32) + layer2.products(16) + layer3.products(8);
    }

    @Override
    long headProducts() {
        return products(headConvolution, 6);
    }

    @Override
    Layer encoder() {
        return Sequential.of(firstConvolution, firstNorm, ACTIVATION, layer1, layer2, layer3);
    }

    @Override
    Layer head() {
        return Sequential.of(headConvolution, ACTIVATION, headDropout, new Flatten(), headLinear);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("conv1", firstConvolution);
        visitor.part("bn1", firstNorm);
        visitor.part("layer1.0", layer1);
        visitor.part("layer2.0", layer2);
        visitor.part("layer3.0", layer3);
        visitBlocks(visitor);
        visitor.part("conv_y", headConvolution);
        visitor.part("fc_y", headLinear);
    }

    /**
     * σ(x′ + DN₂B·Dσ(N₁Ax)) with batch norms N and dropout D; x′ is x, or every other pixel of it with zero channels around
     * where the shape changes.
     */
    private static final class BasicBlock implements Layer {
        private final int in;
        private final int out;
        private final int stride;
        private final Conv2d first;
        private final BatchNorm2d firstNorm;
        private final Conv2d second;
        private final BatchNorm2d secondNorm;

        BasicBlock(int in, int out, int stride, RandomGenerator random) {
            this.in = in;
            this.out = out;
            this.stride = stride;
            this.first = new Conv2d(
                    Conv2d.Options.same(in, out, 3)
                            .withStride(stride)
                            .withBias(Bias.NONE)
                            .withLayout(Layout.CHANNELS_LAST),
                    random);
            this.firstNorm = new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED);
            this.second = new Conv2d(
                    Conv2d.Options.same(out, out, 3).withBias(Bias.NONE).withLayout(Layout.CHANNELS_LAST), random);
            this.secondNorm = new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED);
        }

        long products(int outputSide) {
            return ImageNetwork.products(first, outputSide) + ImageNetwork.products(second, outputSide);
        }

        @Override
        public Tensor forward(Tensor x) {
            return forward(x, Mode.EVAL);
        }

        @Override
        public Tensor forward(Tensor x, Mode mode) {
            Tensor hidden = ACTIVATION.forward(firstNorm.forward(first.forward(x), mode));
            Tensor branch = secondNorm.forward(second.forward(DATA_DROPOUT.forward(hidden, mode)), mode);
            return ACTIVATION.forward(DATA_DROPOUT.forward(branch, mode).add(shortcut(x)));
        }

        private Tensor shortcut(Tensor x) {
            if (stride == 1 && in == out) {
                return x;
            }
            long around = (out - in) / 2L;
            Tensor coarse = torch.max_pool2d(
                    x, new long[] {1, 1}, new long[] {stride, stride}, new long[] {0, 0}, new long[] {1, 1}, false);
            return torch.pad(coarse, new long[] {0, 0, 0, 0, around, around}, "constant", new DoubleOptional(0));
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.part("conv_d1", first);
            visitor.part("bn1", firstNorm);
            visitor.part("conv_d2", second);
            visitor.part("bn2", secondNorm);
        }
    }
}
