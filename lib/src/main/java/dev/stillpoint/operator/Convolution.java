package dev.stillpoint.operator;

import dev.stillpoint.tensor.Convolutions;
import dev.stillpoint.tensor.SpectralBound;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A convolution of images with stride one, padded by zeros to keep their size: [batch, in·height·width] to
 * [batch, out·height·width], rows being images channel by channel. Its adjoint is the transposed convolution with the same
 * kernel.
 *
 * <p>The kernel W, [out, in, k, k] with k odd, is fixed, or carried by the context for all samples. O(batch·out·in·k²·pixels).
 *
 * @param <C> the context
 */
public final class Convolution<C> implements LinearOperator<C> {
    private final Kernel<C> kernel;
    private final long height;
    private final long width;
    private final double norm;

    private Convolution(Kernel<C> kernel, int height, int width, double norm) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Convolution: need images of at least 1 x 1, got " + height + " x " + width);
        }
        if (!(norm >= 0) || Double.isInfinite(norm)) {
            throw new IllegalArgumentException("Convolution: need finite norm >= 0, got " + norm);
        }
        this.kernel = kernel;
        this.height = height;
        this.width = width;
        this.norm = norm;
    }

    /** W for images of a type. */
    private interface Kernel<C> {
        Tensor of(ScalarType type, C c);
    }

    /**
     * The convolution with a fixed kernel. It declares the bound of {@link SpectralBound#convolution}.
     *
     * @param kernel W, [out, in, k, k], copied
     * @param height of the images
     * @param width of the images
     * @param <C> any context
     * @throws IllegalArgumentException unless k is odd and the sizes are positive
     */
    public static <C> Convolution<C> of(Tensor kernel, int height, int width) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor exact = kernel.detach().to(ScalarType.Double).clone();
            double norm = SpectralBound.convolution(exact).item_double();
            TensorScope.persist(exact);
            Tensor single = TensorScope.persist(exact.to(ScalarType.Float));
            return new Convolution<>((type, c) -> type == ScalarType.Double ? exact : single, height, width, norm);
        }
    }

    /**
     * The convolution whose kernel the context carries, as a learned one that the encoder has normalised once a batch.
     *
     * @param kernel reads W, of the images' type, taped where it is learned
     * @param height of the images
     * @param width of the images
     * @param bound on the norm, for every W that is read
     * @param <C> the context
     * @throws IllegalArgumentException unless the sizes are positive and the bound is finite and not negative
     */
    public static <C> Convolution<C> read(Function<C, Tensor> kernel, int height, int width, double bound) {
        return new Convolution<>((type, c) -> kernel.apply(c), height, width, bound);
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        Tensor w = kernel(x, c);
        return Convolutions.apply(images("x", x, w.size(1)), w).flatten(1, -1);
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        Tensor w = kernel(y, c);
        return Convolutions.adjoint(images("y", y, w.size(0)), w).flatten(1, -1);
    }

    @Override
    public OptionalDouble norm() {
        return OptionalDouble.of(norm);
    }

    private Tensor kernel(Tensor like, C c) {
        Tensor w = kernel.of(Tensors.type(like), c);
        Tensors.check("Convolution: kernel", w, -1, -1, w.size(-1), -1);
        return w;
    }

    private Tensor images(String name, Tensor x, long channels) {
        Tensors.check("Convolution: " + name, x, -1, channels * height * width);
        return x.reshape(x.size(0), channels, height, width);
    }
}
