package dev.stillpoint.zoo.images;

import dev.stillpoint.network.BatchNorm2d;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.Layout;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A residual block of R, [batch, C, h, w] to the same: with σ the leaky ReLU of slope 0.1 and A, B convolutions of 3 x 3, either
 * N(x + σσB σAx) or N(σ(x + B σAx)), N a batch norm without scale and shift, or the identity.
 *
 * <p>The convolutions have the names "0" and "3" of their places in the paper's code.
 */
final class LatentBlock implements Learnable {
    /** Where the activation stands. */
    enum Form {
        /** N(x + σσB σAx). */
        ON_BRANCH,
        /** N(σ(x + B σAx)). */
        ON_SUM
    }

    static final double SLOPE = 0.1;

    private final Form form;
    private final Conv2d first;
    private final Conv2d second;
    private final @Nullable BatchNorm2d norm;

    LatentBlock(Form form, int channels, LatentNorm norm, RandomGenerator random) {
        this.form = form;
        this.first = new Conv2d(Conv2d.Options.same(channels, channels, 3).withLayout(Layout.CHANNELS_LAST), random);
        this.second = new Conv2d(Conv2d.Options.same(channels, channels, 3).withLayout(Layout.CHANNELS_LAST), random);
        this.norm = norm == LatentNorm.BATCH ? new BatchNorm2d(channels, BatchNorm2d.Affine.NONE) : null;
    }

    Conv2d first() {
        return first;
    }

    Conv2d second() {
        return second;
    }

    @Nullable BatchNorm2d norm() {
        return norm;
    }

    /** What it makes of x. In-place operations work on tensors made here, which no derivative needs as they were. */
    Tensor forward(Tensor x, Mode mode) {
        Tensor hidden = first.forward(x);
        activate(hidden, SLOPE);
        Tensor sum = second.forward(hidden);
        if (form == Form.ON_BRANCH) {
            activate(sum, SLOPE * SLOPE);
            sum = sum.add(x);
        } else {
            sum.add_(x);
            activate(sum, SLOPE);
        }
        return norm == null ? sum : norm.forward(sum, mode);
    }

    /** In place. What the native call returns is an alias that owns nothing, and must not outlive this line. */
    private static void activate(Tensor x, double slope) {
        torch.leaky_relu_(x, new Scalar(slope));
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("0", first);
        visitor.part("3", second);
    }
}
