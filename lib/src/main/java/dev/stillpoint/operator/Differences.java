package dev.stillpoint.operator;

import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * D, an image's differences to the right and downwards, beyond its end to its beginning: [batch, rows·columns] to
 * [batch, 2·rows·columns], all to the right first. ‖Dx‖₁ is the anisotropic total variation.
 *
 * <p>Its norm is known: ‖D‖² = s(columns) + s(rows) with s(n) = 4·sin²(π⌊n/2⌋/n), 8 for even sides.
 *
 * @param rows of the image, ≥ 1
 * @param columns of the image, ≥ 1
 * @param <C> any context
 */
public record Differences<C>(int rows, int columns) implements LinearOperator<C> {
    /** Checks the sides. */
    public Differences {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("Differences: need sides >= 1, got " + rows + " x " + columns);
        }
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        Tensors.check("Differences: x", x, -1, (long) rows * columns);
        Tensor image = x.reshape(-1, rows, columns);
        Tensor right = shifted(image, -1, 2).sub(image);
        Tensor down = shifted(image, -1, 1).sub(image);
        return torch.cat(new TensorVector(right.flatten(1, -1), down.flatten(1, -1)), 1);
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        Tensors.check("Differences: y", y, -1, 2L * rows * columns);
        Tensor both = y.reshape(-1, 2, rows, columns);
        Tensor right = both.select(1, 0);
        Tensor down = both.select(1, 1);
        return shifted(right, 1, 2)
                .sub(right)
                .add(shifted(down, 1, 1).sub(down))
                .flatten(1, -1);
    }

    private static Tensor shifted(Tensor image, long by, long axis) {
        return torch.roll(image, new long[] {by}, new long[] {axis});
    }

    @Override
    public OptionalDouble norm() {
        return OptionalDouble.of(Math.sqrt(largest(rows) + largest(columns)));
    }

    private static double largest(int n) {
        int half = n / 2;
        double sine = Math.sin(Math.PI * half / n);
        return 4 * sine * sine;
    }
}
