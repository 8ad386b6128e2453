package dev.stillpoint.tensor;

import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Convolutions with stride one that keep the size of images, padded by zeros, and their adjoints: kernels W are [out, in, k, k] with k odd.
 * O(batch·out·in·k²·pixels).
 *
 * <p>The native engine makes some sixteen channels at a time, so that an image of one channel takes it as long as one of sixteen where
 * it comes out, of an adjoint or as a gradient. Such an image is made as sixteen of a quarter of its sides, one for each place in blocks of
 * 4 x 4 pixels, where 4 divides its sides.
 */
public final class Convolutions {
    private static final long[] ONE = {1, 1};
    private static final int BLOCK = 4;

    private Convolutions() {}

    /**
     * Wx.
     *
     * @param x [batch, in, height, width]
     * @param w W
     * @return [batch, out, height, width]
     */
    public static Tensor apply(Tensor x, Tensor w) {
        return w.size(1) == 1 ? linear(x, w, Convolutions::plain, Convolutions::toOne) : plain(x, w);
    }

    /**
     * W*y.
     *
     * @param y [batch, out, height, width]
     * @param w W
     * @return [batch, in, height, width]
     */
    public static Tensor adjoint(Tensor y, Tensor w) {
        // The native engine's transposed convolution takes twice as long (sixteen channels, k = 1).
        return w.size(1) == 1 ? linear(y, w, Convolutions::toOne, Convolutions::plain) : plain(y, turned(w));
    }

    /** A product on the tapes of x and W, whose gradient for x is made by the adjoint product instead of the native engine. */
    private static Tensor linear(Tensor x, Tensor w, BinaryOperator<Tensor> product, BinaryOperator<Tensor> adjoint) {
        Tensor value = product.apply(x.detach(), w);
        if (!(x.requires_grad() && GradMode.is_enabled())) {
            return value;
        }
        Tensor fixed = w.detach();
        // The pullback may be asked for after this scope has closed.
        TensorScope.current().hold(fixed);
        long[] before = x.shape();
        long[] after = value.shape();
        Tensor ofX = Autograd.linear(
                        x.flatten(1, -1),
                        u -> product.apply(sized(u, before), fixed).flatten(1, -1),
                        g -> adjoint.apply(sized(g, after), fixed).flatten(1, -1))
                .reshape(after);
        return value.requires_grad() ? ofX.add(value.sub(value.detach())) : ofX;
    }

    /** Rows, of any number, as images. */
    private static Tensor sized(Tensor rows, long[] shape) {
        return rows.reshape(-1, shape[1], shape[2], shape[3]);
    }

    private static Tensor plain(Tensor x, Tensor w) {
        return torch.conv2d(x, w, new TensorOptional(), ONE, radius(w), ONE, 1);
    }

    /** W*y for W of one channel. */
    private static Tensor toOne(Tensor y, Tensor w) {
        if (y.size(2) % BLOCK != 0 || y.size(3) % BLOCK != 0) {
            return plain(y, turned(w));
        }
        // The turned kernel at each place of a block, in the window that all places of the block share.
        long size = w.size(2) + BLOCK - 1;
        Tensor windows = torch.constant_pad_nd(turned(w).select(0, 0), BLOCK - 1, BLOCK - 1, BLOCK - 1, BLOCK - 1)
                .unfold(1, size, 1)
                .unfold(2, size, 1)
                .flip(1, 2);
        Tensor kernels = windows.permute(1, 2, 0, 3, 4).flatten(0, 1);
        long[] stride = {BLOCK, BLOCK};
        return torch.pixel_shuffle(torch.conv2d(y, kernels, new TensorOptional(), stride, radius(w), ONE, 1), BLOCK);
    }

    /** The kernel of the adjoint, [in, out, k, k]. */
    private static Tensor turned(Tensor w) {
        return w.transpose(0, 1).flip(2, 3);
    }

    private static long[] radius(Tensor w) {
        return new long[] {w.size(2) / 2, w.size(3) / 2};
    }
}
