package dev.stillpoint.network;

import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A frame of one value around an image, [batch, channels, h, w] to [batch, channels, h + 2·width, w + 2·width].
 *
 * @param width of the frame in pixels, ≥ 0
 * @param value in it, finite
 */
public record ConstantPad2d(int width, double value) implements Layer {
    /** Checks the numbers. */
    public ConstantPad2d {
        if (width < 0 || !Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "ConstantPad2d: need width >= 0 and a finite value, got " + width + " and " + value);
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensors.check("ConstantPad2d: x", x, -1, -1, -1, -1);
        return torch.pad(x, new long[] {width, width, width, width}, "constant", new DoubleOptional(value));
    }
}
