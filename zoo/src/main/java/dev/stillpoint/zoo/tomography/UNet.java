package dev.stillpoint.zoo.tomography;

import dev.stillpoint.network.BatchNorm2d;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.ConvTranspose2d;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.MaxPool2d;
import dev.stillpoint.network.Mode;
import dev.stillpoint.network.Relu;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A U-Net that corrects an image, x ↦ x + U(x), [batch, 1, n, n] to the same for n a multiple of 4: two convolutions of 32 channels at full
 * size, of 64 at half and of 128 at a quarter of it, and back, joined across; 518,433 weights.
 *
 * <p>References: Ronneberger, Fischer and Brox 2015, arXiv 1505.04597; Jin, McCann, Froustey and Unser 2017, arXiv 1611.03679, for
 * the correction of a filtered back-projection.
 */
public final class UNet implements Layer {
    private static final int HALVINGS = 4;
    private static final int CHANNELS = 32;

    private final MaxPool2d halve = new MaxPool2d(2);
    private final Sequential full;
    private final Sequential half;
    private final Sequential quarter;
    private final ConvTranspose2d toHalf;
    private final Sequential halfAgain;
    private final ConvTranspose2d toFull;
    private final Sequential fullAgain;
    private final Conv2d last;

    /** A network with weights drawn from {@code random}. */
    public UNet(RandomGenerator random) {
        this.full = pair(1, CHANNELS, random);
        this.half = pair(CHANNELS, 2 * CHANNELS, random);
        this.quarter = pair(2 * CHANNELS, 4 * CHANNELS, random);
        this.toHalf = twice(4 * CHANNELS, 2 * CHANNELS, random);
        this.halfAgain = pair(4 * CHANNELS, 2 * CHANNELS, random);
        this.toFull = twice(2 * CHANNELS, CHANNELS, random);
        this.fullAgain = pair(2 * CHANNELS, CHANNELS, random);
        this.last = new Conv2d(Conv2d.Options.same(CHANNELS, 1, 1), random);
    }

    private static Sequential pair(int in, int out, RandomGenerator random) {
        return Sequential.of(
                new Conv2d(Conv2d.Options.same(in, out, 3), random),
                new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED),
                new Relu(),
                new Conv2d(Conv2d.Options.same(out, out, 3), random),
                new BatchNorm2d(out, BatchNorm2d.Affine.LEARNED),
                new Relu());
    }

    /** Images [batch, 1, h, w] whose sides can be halved and doubled again. */
    static void checkSides(String name, Tensor x, int multiple) {
        Tensors.check(name, x, -1, 1, -1, -1);
        if (x.size(2) % multiple != 0 || x.size(3) % multiple != 0) {
            throw new IllegalArgumentException(
                    name + ": need sides that are multiples of " + multiple + ", got " + x.size(2) + " x " + x.size(3));
        }
    }

    /** Doubles the sides. */
    static ConvTranspose2d twice(int in, int out, RandomGenerator random) {
        return new ConvTranspose2d(
                ConvTranspose2d.Options.of(in, out, 3)
                        .withStride(2)
                        .withPadding(1)
                        .withExtra(1),
                random);
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Mode.EVAL);
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        checkSides("UNet: x", x, HALVINGS);
        Tensor atFull = full.forward(x, mode);
        Tensor atHalf = half.forward(halve.forward(atFull), mode);
        Tensor atQuarter = quarter.forward(halve.forward(atHalf), mode);
        Tensor back = halfAgain.forward(joined(toHalf.forward(atQuarter), atHalf), mode);
        back = fullAgain.forward(joined(toFull.forward(back), atFull), mode);
        return x.add(last.forward(back));
    }

    private static Tensor joined(Tensor a, Tensor b) {
        return torch.cat(new TensorVector(a, b), 1);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("full", full);
        visitor.part("half", half);
        visitor.part("quarter", quarter);
        visitor.part("toHalf", toHalf);
        visitor.part("halfAgain", halfAgain);
        visitor.part("toFull", toFull);
        visitor.part("fullAgain", fullAgain);
        visitor.part("last", last);
    }
}
