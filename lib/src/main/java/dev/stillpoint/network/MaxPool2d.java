package dev.stillpoint.network;

import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The largest of every kernel x kernel window, [batch, channels, h, w] to [batch, channels, h′, w′] with
 * h′ = ⌊(h − kernel)/stride⌋ + 1, and w′ likewise.
 *
 * @param kernel side of the window, ≥ 1
 * @param stride pixels between two windows, ≥ 1
 */
public record MaxPool2d(int kernel, int stride) implements Layer {
    /** Checks the numbers. */
    public MaxPool2d {
        if (kernel < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "MaxPool2d: need kernel and stride >= 1, got " + kernel + " and " + stride);
        }
    }

    /** Windows side by side. */
    public MaxPool2d(int kernel) {
        this(kernel, kernel);
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensors.check("MaxPool2d: x", x, -1, -1, -1, -1);
        if (Math.min(x.size(2), x.size(3)) < kernel) {
            throw new IllegalArgumentException("MaxPool2d: x: need an image of at least " + kernel
                    + " pixels a side, got " + x.size(2) + " x " + x.size(3));
        }
        long[] side = {kernel, kernel};
        long[] step = {stride, stride};
        return torch.max_pool2d(x, side, step, new long[] {0, 0}, new long[] {1, 1}, false);
    }
}
