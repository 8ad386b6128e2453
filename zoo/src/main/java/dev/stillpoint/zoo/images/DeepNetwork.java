package dev.stillpoint.zoo.images;

import dev.stillpoint.network.AvgPool2d;
import dev.stillpoint.network.BatchNorm2d;
import dev.stillpoint.network.Bias;
import dev.stillpoint.network.ConstantPad2d;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.Dropout;
import dev.stillpoint.network.Dropout2d;
import dev.stillpoint.network.Flatten;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.Layout;
import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Linear;
import dev.stillpoint.network.Mode;
import dev.stillpoint.network.Padding;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The paper's network for CIFAR-10 with augmentation, 32 x 32 colour images: Q by 32 residual blocks to 35 x 10 x 10, five latent
 * blocks, S by a convolution and a linear layer. 843,430 parameters. Here R(u, v) = B(v + γu).
 */
public final class DeepNetwork extends ImageNetwork {
    private static final int CHANNELS = 35;
    private static final int HALF = 16;
    private static final LeakyRelu ACTIVATION = new LeakyRelu(LatentBlock.SLOPE);

    private final Conv2d dataConvolution;
    private final List<DataBlock> data = new ArrayList<>();
    private final Conv2d headConvolution;
    private final Linear headLinear;

    /**
     * A network with initial weights.
     *
     * @param gamma factor of u within R, in (0, 1)
     * @param count latent blocks, ≥ 1
     * @param norm of R
     * @param random draws the weights
     */
    public DeepNetwork(double gamma, int count, LatentNorm norm, RandomGenerator random) {
        super(gamma, norm, MnistNetwork.latent(LatentBlock.Form.ON_SUM, CHANNELS, count, norm, random));
        this.dataConvolution = new Conv2d(
                Conv2d.Options.same(3, CHANNELS, 7).withEdge(Padding.REPLICATE).withLayout(Layout.CHANNELS_LAST),
                random);
        for (int i = 0; i < 2 * HALF; i++) {
            data.add(new DataBlock(random));
        }
        this.headConvolution = new Conv2d(
                Conv2d.Options.same(CHANNELS, CHANNELS, 3).withStride(2).withLayout(Layout.CHANNELS_LAST), random);
        this.headLinear = new Linear(25 * CHANNELS, CLASSES, Bias.NONE, ScalarType.Float, random);
    }

    @Override
    int side() {
        return 10;
    }

    @Override
    long encoderProducts() {
        long blocks = 0;
        for (int i = 0; i < data.size(); i++) {
            int side = i < HALF ? 40 : 20;
            blocks += products(data.get(i).first, side) + products(data.get(i).second, side);
        }
        return products(dataConvolution, 40) + blocks;
    }

    @Override
    long headProducts() {
        return products(headConvolution, 5);
    }

    @Override
    Layer encoder() {
        List<Layer> layers = new ArrayList<>(List.of(new ConstantPad2d(4, 0.449), dataConvolution, ACTIVATION));
        for (int i = 0; i < data.size(); i++) {
            layers.add(data.get(i));
            if ((i + 1) % HALF == 0) {
                layers.add(new AvgPool2d(2));
            }
        }
        return new Sequential(layers);
    }

    @Override
    Layer head() {
        return Sequential.of(headConvolution, ACTIVATION, new Dropout(0.1), new Flatten(), headLinear);
    }

    @Override
    Tensor step(Tensor u, Tensor v, Mode mode) {
        return blocks(v.add(u, new Scalar(gamma())), mode);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("label_fc", headLinear);
        visitor.part("data_conv_d", dataConvolution);
        for (int i = 0; i < data.size(); i++) {
            visitor.part("data_convs." + i, data.get(i));
        }
        for (int i = 0; i < data.size(); i++) {
            visitor.part("dat_batch_norm." + i, data.get(i).norm);
        }
        visitBlocks(visitor);
        visitor.part("conv_y", headConvolution);
    }

    /** N(σ(x + B·Dσ(Ax))) with batch norm N and dropout D. */
    private static final class DataBlock implements Layer {
        private static final Dropout2d DROPOUT = new Dropout2d(0.15);

        private final Conv2d first;
        private final Conv2d second;
        private final BatchNorm2d norm = new BatchNorm2d(CHANNELS, BatchNorm2d.Affine.NONE);

        DataBlock(RandomGenerator random) {
            this.first =
                    new Conv2d(Conv2d.Options.same(CHANNELS, CHANNELS, 3).withLayout(Layout.CHANNELS_LAST), random);
            this.second =
                    new Conv2d(Conv2d.Options.same(CHANNELS, CHANNELS, 3).withLayout(Layout.CHANNELS_LAST), random);
        }

        @Override
        public Tensor forward(Tensor x) {
            return forward(x, Mode.EVAL);
        }

        @Override
        public Tensor forward(Tensor x, Mode mode) {
            Tensor hidden = DROPOUT.forward(ACTIVATION.forward(first.forward(x)), mode);
            return norm.forward(ACTIVATION.forward(second.forward(hidden).add(x)), mode);
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.part("0", first);
            visitor.part("3", second);
        }
    }
}
