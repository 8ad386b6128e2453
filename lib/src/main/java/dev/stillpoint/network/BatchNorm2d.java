package dev.stillpoint.network;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * x ↦ (x − μ)/√(σ² + 10⁻⁵)·w + β a channel, [batch, channels, h, w] to the same. In use, μ and σ² are running statistics; while
 * training, those of the batch, so that its samples depend on one another ({@code Coupling.BATCH} of an operator with one
 * inside).
 *
 * <p>A training pass on the tape moves the running statistics by a tenth of the way; see {@link Mode#TRAIN}. PyTorch's names:
 * weight and bias [channels], where they are learned, start at 1 and 0; buffers running_mean, running_var [channels] and
 * num_batches_tracked.
 *
 * <p>Reference: Ioffe and Szegedy 2015, algorithms 1 and 2, arXiv 1502.03167.
 */
public final class BatchNorm2d implements Layer {
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;

    /** Whether scale w and shift β are learned. */
    public enum Affine {
        /** They are. */
        LEARNED,
        /** w = 1 and β = 0. */
        NONE
    }

    private final int channels;
    private final @Nullable Tensor weight;
    private final @Nullable Tensor bias;
    private final Tensor mean;
    private final Tensor variance;
    private final Tensor batches;

    /**
     * A float32 layer.
     *
     * @throws IllegalArgumentException if {@code channels} is below 1
     */
    public BatchNorm2d(int channels, Affine affine) {
        this(channels, affine, ScalarType.Float);
    }

    /**
     * A layer in the given precision.
     *
     * @throws IllegalArgumentException if {@code channels} is below 1
     */
    public BatchNorm2d(int channels, Affine affine, ScalarType type) {
        if (channels < 1) {
            throw new IllegalArgumentException("BatchNorm2d: need channels >= 1, got " + channels);
        }
        this.channels = channels;
        this.weight = affine == Affine.LEARNED ? Initial.constant(1, type, channels) : null;
        this.bias = affine == Affine.LEARNED ? Initial.constant(0, type, channels) : null;
        try (TensorScope scope = TensorScope.open()) {
            this.mean = TensorScope.persist(Tensors.zeros(type, channels));
            this.variance = TensorScope.persist(torch.ones_like(mean));
            this.batches = TensorScope.persist(Tensors.zeros(ScalarType.Long));
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Mode.EVAL);
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        Tensors.check("BatchNorm2d: x", x, -1, channels, -1, -1);
        Initial.checkType("BatchNorm2d: x", x, mean);
        boolean own = mode == Mode.TRAIN;
        if (own && x.numel() <= channels) {
            throw new IllegalArgumentException(
                    "BatchNorm2d: x: need more than one number a channel to train, got " + x.numel() / channels);
        }
        boolean moves = own && GradMode.is_enabled();
        if (moves) {
            try (NoGradGuard offTape = new NoGradGuard()) {
                batches.add_(new Scalar(1L));
            }
        }
        return torch.batch_norm(
                x,
                Initial.optional(weight),
                Initial.optional(bias),
                Initial.optional(own && !moves ? null : mean),
                Initial.optional(own && !moves ? null : variance),
                own,
                MOMENTUM,
                EPSILON,
                false);
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        if (weight != null && bias != null) {
            visitor.parameter("weight", weight);
            visitor.parameter("bias", bias);
        }
        visitor.buffer("running_mean", mean);
        visitor.buffer("running_var", variance);
        visitor.buffer("num_batches_tracked", batches);
    }
}
