package dev.stillpoint.zoo.tomography;

import dev.stillpoint.network.AvgPool2d;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Where an image is to be smooth, and where not: a first image [batch, 1, n, n], n a multiple of 4, to factors
 * [batch, channels, n, n] of the regulariser's thresholds, exp(m − mean m) with |m| &lt; 3, whose geometric mean is one in every
 * image. A small U-Net without batch norm, so that no image depends on the others; it begins with factors of one.
 *
 * <p>Reference: a ridge regulariser whose strength varies over the image and follows the data, Neumayer and Altekrüger 2024,
 * arXiv 2406.12289.
 */
final class LocalWeights implements Layer {
    private static final int QUARTER = 4;
    private static final double SLOPE = 0.1;
    private static final double MOST = 3;

    private final AvgPool2d halve = new AvgPool2d(2);
    private final Sequential full;
    private final Sequential half;
    private final Sequential quarter;
    private final Sequential halfAgain;
    private final Sequential last;

    /**
     * A network.
     *
     * @param channels of the thresholds
     * @param random draws the weights
     */
    LocalWeights(int channels, RandomGenerator random) {
        this.full = Sequential.of(
                convolution(1, 16, random), new LeakyRelu(SLOPE), convolution(16, 16, random), new LeakyRelu(SLOPE));
        this.half = Sequential.of(
                convolution(16, 32, random), new LeakyRelu(SLOPE), convolution(32, 32, random), new LeakyRelu(SLOPE));
        this.quarter = Sequential.of(
                convolution(32, 32, random), new LeakyRelu(SLOPE), UNet.twice(32, 32, random), new LeakyRelu(SLOPE));
        this.halfAgain = Sequential.of(
                convolution(64, 16, random), new LeakyRelu(SLOPE), UNet.twice(16, 16, random), new LeakyRelu(SLOPE));
        Conv2d toFactors = convolution(16, channels, random);
        try (NoGradGuard offTape = new NoGradGuard()) {
            toFactors.parameters().values().forEach(Tensor::zero_);
        }
        this.last = Sequential.of(convolution(32, 16, random), new LeakyRelu(SLOPE), toFactors);
    }

    private static Conv2d convolution(int in, int out, RandomGenerator random) {
        return new Conv2d(Conv2d.Options.same(in, out, 3), random);
    }

    @Override
    public Tensor forward(Tensor x) {
        UNet.checkSides("LocalWeights: x", x, QUARTER);
        Tensor atFull = full.forward(x);
        Tensor atHalf = half.forward(halve.forward(atFull));
        Tensor back = quarter.forward(halve.forward(atHalf));
        back = halfAgain.forward(torch.cat(new TensorVector(back, atHalf), 1));
        Tensor raw = last.forward(torch.cat(new TensorVector(back, atFull), 1));
        Tensor bounded = raw.div(new Scalar(MOST)).tanh().mul(new Scalar(MOST));
        Tensor flat = bounded.flatten(1, -1);
        Tensor mean = flat.sum(1).div(new Scalar((double) flat.size(1)));
        return bounded.sub(mean.reshape(-1, 1, 1, 1)).exp();
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("full", full);
        visitor.part("half", half);
        visitor.part("quarter", quarter);
        visitor.part("halfAgain", halfAgain);
        visitor.part("last", last);
    }
}
