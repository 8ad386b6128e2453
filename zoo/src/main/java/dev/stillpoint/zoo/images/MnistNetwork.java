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
import dev.stillpoint.network.MaxPool2d;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The paper's network for 28 x 28 digits: Q to 32 x 9 x 9, one or more latent blocks, S by a convolution and a linear layer. 35,856
 * parameters with one block, 54,352 with two.
 */
public final class MnistNetwork extends ImageNetwork {
    private static final int CHANNELS = 32;
    private static final LeakyRelu ACTIVATION = new LeakyRelu(LatentBlock.SLOPE);

    private final Conv2d firstConvolution;
    private final BatchNorm2d firstNorm = new BatchNorm2d(16, BatchNorm2d.Affine.LEARNED);
    private final Conv2d secondConvolution;
    private final BatchNorm2d secondNorm = new BatchNorm2d(CHANNELS, BatchNorm2d.Affine.LEARNED);
    private final Conv2d headConvolution;
    private final Linear headLinear;

    /**
     * A network with initial weights.
     *
     * @param gamma factor of R, in (0, 1)
     * @param count latent blocks, ≥ 1
     * @param norm of R
     * @param random draws the weights
     */
    public MnistNetwork(double gamma, int count, LatentNorm norm, RandomGenerator random) {
        super(gamma, norm, latent(LatentBlock.Form.ON_BRANCH, CHANNELS, count, norm, random));
        this.firstConvolution = new Conv2d(Conv2d.Options.same(1, 16, 3).withLayout(Layout.CHANNELS_LAST), random);
        this.secondConvolution =
                new Conv2d(Conv2d.Options.same(16, CHANNELS, 3).withLayout(Layout.CHANNELS_LAST), random);
        this.headConvolution = new Conv2d(Conv2d.Options.of(CHANNELS, 16, 3).withLayout(Layout.CHANNELS_LAST), random);
        this.headLinear = new Linear(784, CLASSES, Bias.NONE, ScalarType.Float, random);
    }

    static List<LatentBlock> latent(
            LatentBlock.Form form, int channels, int count, LatentNorm norm, RandomGenerator random) {
        if (count < 1) {
            throw new IllegalArgumentException("ImageNetwork: need at least one latent block, got " + count);
        }
        List<LatentBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(new LatentBlock(form, channels, norm, random));
        }
        return blocks;
    }

    @Override
    int side() {
        return 9;
    }

    @Override
    long encoderProducts() {
        return products(firstConvolution, 28) + products(secondConvolution, 9);
    }

    @Override
    long headProducts() {
        return products(headConvolution, 7);
    }

    @Override
    Layer encoder() {
        // The paper's code activates before it takes the largest: the same numbers, of nine times as many pixels.
        return Sequential.of(
                firstConvolution, firstNorm, new MaxPool2d(3), ACTIVATION, secondConvolution, secondNorm, ACTIVATION);
    }

    @Override
    Layer head() {
        return Sequential.of(headConvolution, ACTIVATION, new Dropout2d(0.2), new Flatten(), headLinear);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("conv_d1", firstConvolution);
        visitor.part("conv_d2", secondConvolution);
        visitBlocks(visitor);
        visitor.part("conv_y", headConvolution);
        visitor.part("fc_y", headLinear);
        visitor.part("bn_1", firstNorm);
        visitor.part("bn_2", secondNorm);
    }
}
