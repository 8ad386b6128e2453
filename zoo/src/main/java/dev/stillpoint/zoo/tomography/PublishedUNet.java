package dev.stillpoint.zoo.tomography;

import dev.stillpoint.network.BatchNorm2d;
import dev.stillpoint.network.ConstantPad2d;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.MaxPool2d;
import dev.stillpoint.network.Mode;
import dev.stillpoint.network.Relu;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The U-Net that Heaton and Wu Fung compare with, [batch, 1, n, n] to the same for n a multiple of 8: three blocks that halve
 * the image and three that double it, joined across; 533,593 weights. All of its image passes through one channel of half the size.
 *
 * <p>Reference: Heaton and Wu Fung 2023, section 3.4.
 */
public final class PublishedUNet implements Layer {
    private static final int HALVINGS = 8;

    private final Sequential down1;
    private final Sequential down2;
    private final Sequential down3;
    private final Sequential up3;
    private final Sequential up2;
    private final Sequential up1;

    /** A network with weights drawn from {@code random}. */
    public PublishedUNet(RandomGenerator random) {
        this.down1 = contract(1, 32, 7, random);
        this.down2 = contract(32, 64, 3, random);
        this.down3 = contract(64, 128, 3, random);
        this.up3 = expand(128, 64, random);
        this.up2 = expand(128, 32, random);
        this.up1 = expand(64, 1, random);
    }

    /** What is pooled is not negative, so that a frame of zeros is none. */
    private static Sequential contract(int in, int out, int kernel, RandomGenerator random) {
        return Sequential.of(
                new Conv2d(Conv2d.Options.same(in, out, kernel), random),
                new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED),
                new Relu(),
                new Conv2d(Conv2d.Options.same(out, out, kernel), random),
                new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED),
                new Relu(),
                new ConstantPad2d(1, 0),
                new MaxPool2d(3, 2));
    }

    private static Sequential expand(int in, int out, RandomGenerator random) {
        return Sequential.of(
                new Conv2d(Conv2d.Options.same(in, out, 3), random),
                new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED),
                new Relu(),
                new Conv2d(Conv2d.Options.same(out, out, 3), random),
                new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED),
                new Relu(),
                UNet.twice(out, out, random));
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Mode.EVAL);
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        UNet.checkSides("PublishedUNet: x", x, HALVINGS);
        Tensor half = down1.forward(x, mode);
        Tensor quarter = down2.forward(half, mode);
        Tensor eighth = down3.forward(quarter, mode);
        Tensor fromEighth = up3.forward(eighth, mode);
        Tensor fromQuarter = up2.forward(torch.cat(new TensorVector(fromEighth, quarter), 1), mode);
        return up1.forward(torch.cat(new TensorVector(fromQuarter, half), 1), mode);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("down1", down1);
        visitor.part("down2", down2);
        visitor.part("down3", down3);
        visitor.part("up3", up3);
        visitor.part("up2", up2);
        visitor.part("up1", up1);
    }
}
