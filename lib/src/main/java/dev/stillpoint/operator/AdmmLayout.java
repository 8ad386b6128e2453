package dev.stillpoint.operator;

import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How the state of {@link LinearizedAdmm} lies in a row: p, w, ν₁, ν₂, x. All parts are views.
 *
 * @param p numbers of Kx, and of ν₁
 * @param w numbers of Ax, and of ν₂
 * @param x numbers of x
 */
public record AdmmLayout(int p, int w, int x) {
    /** Checks that no part is empty. */
    public AdmmLayout {
        if (p < 1 || w < 1 || x < 1) {
            throw new IllegalArgumentException("AdmmLayout: need sizes >= 1, got " + p + ", " + w + " and " + x);
        }
    }

    /** The numbers of a state. */
    public long size() {
        return 2L * p + 2L * w + x;
    }

    /** The state of zeros, [batch, size]. */
    public Tensor zeros(ScalarType type, long batch) {
        return Tensors.zeros(type, batch, size());
    }

    /** p ≈ Kx, [batch, p]. */
    public Tensor p(Tensor z) {
        return z.narrow(1, 0, p);
    }

    /** w ≈ Ax, [batch, w]. */
    public Tensor w(Tensor z) {
        return z.narrow(1, p, w);
    }

    /** The dual of p = Kx, [batch, p]. */
    public Tensor nu1(Tensor z) {
        return z.narrow(1, (long) p + w, p);
    }

    /** The dual of w = Ax, [batch, w]. */
    public Tensor nu2(Tensor z) {
        return z.narrow(1, 2L * p + w, w);
    }

    /** x, [batch, x]. */
    public Tensor x(Tensor z) {
        return z.narrow(1, 2L * p + 2L * w, x);
    }

    /** The state of these parts, [batch, size]. */
    public Tensor pack(Tensor p, Tensor w, Tensor nu1, Tensor nu2, Tensor x) {
        return torch.cat(new TensorVector(p, w, nu1, nu2, x), 1);
    }
}
