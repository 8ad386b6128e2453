package dev.stillpoint.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Upper bounds on the spectral norms of matrices and convolutions, on the tape, so that weights divided by them are maps of
 * norm one at most however they are trained.
 *
 * <p>G₀ = W, G_{i+1} = G_iᵀG_i has the singular values σ^(2^i), so ‖W‖₂ ≤ ‖G_i‖_F^(1/2^i) for every i: a bound from above at
 * each step, where power iteration has one from below. The excess is r^(1/2^(i+1)) at most for rank r.
 *
 * <p>Reference: Delattre, Barthélemy, Araujo and Allauzen 2023, arXiv 2305.16173.
 */
public final class SpectralBound {
    /** r^(1/128) exceeds 1 by 3.3 % at rank 64. */
    private static final int SQUARINGS = 6;
    /** Frequencies an axis for each pixel of the kernel's radius: cos(π/16) costs 1.9 % an axis. */
    private static final int SAMPLES = 16;
    /** Keeps the logarithm of a zero matrix finite. */
    private static final double SMALLEST = 1e-30;

    private SpectralBound() {}

    /**
     * A bound on ‖W‖₂, at most 1.05 times too large up to rank 512.
     *
     * @param w [m, n]
     * @return without dimensions
     */
    public static Tensor matrix(Tensor w) {
        Tensors.check("SpectralBound: matrix", w, -1, -1);
        Tensor tall = w.size(0) >= w.size(1) ? w : w.t();
        Tensor gram = tall.t().matmul(tall).unsqueeze(0);
        return bound(gram, gram.mul(new Scalar(0.0))).squeeze();
    }

    /**
     * A bound on the norm of y = W * x with a stride of one, whatever the size of the images, padded by zeros or by themselves.
     *
     * <p>Zero padding is a part of the periodic convolution on a larger image, whose norm is at most the largest ‖Ŵ(ω)‖₂. That
     * is taken over a grid of N = 16r frequencies an axis for a kernel of radius r: uᴴŴ(ω)v is a trigonometric polynomial
     * of degree r an axis, so its maximum is at most that of the grid over cos²(πr/N) (M. Riesz). O(N²·m·n·min(m, n)).
     *
     * @param kernel W, [out, in, k, k], k odd
     * @return without dimensions
     */
    public static Tensor convolution(Tensor kernel) {
        Tensors.check("SpectralBound: kernel", kernel, -1, -1, -1, -1);
        int size = Math.toIntExact(kernel.size(2));
        if (size % 2 == 0 || kernel.size(3) != size) {
            throw new IllegalArgumentException(
                    "SpectralBound: need a square kernel of odd size, got " + size + " x " + kernel.size(3));
        }
        int radius = size / 2;
        int n = Math.max(1, SAMPLES * radius);
        long out = kernel.size(0);
        long in = kernel.size(1);
        Tensor taps = kernel.reshape(out * in, (long) size * size).t();
        Tensor real = waves(n, size, Wave.COSINE).to(kernel.scalar_type()).matmul(taps);
        Tensor imaginary = waves(n, size, Wave.SINE).to(kernel.scalar_type()).matmul(taps);
        Tensor re = tall(real.reshape(-1, out, in));
        Tensor im = tall(imaginary.reshape(-1, out, in));
        Tensor norms = bound(
                re.transpose(1, 2).bmm(re).add(im.transpose(1, 2).bmm(im)),
                antisymmetric(re.transpose(1, 2).bmm(im)));
        double missed = Math.pow(Math.cos(Math.PI * radius / n), 2);
        return norms.amax().div(new Scalar(missed));
    }

    /** Of Hermitian Gram matrices re + i·im, [f, n, n], to [f]: the norm of what they are the Gram matrices of. */
    private static Tensor bound(Tensor re, Tensor im) {
        Tensor log = frobenius(re, im).log();
        for (int i = 1; i < SQUARINGS; i++) {
            Tensor scale = frobenius(re, im).reshape(-1, 1, 1);
            re = re.div(scale);
            im = im.div(scale);
            Tensor next = re.bmm(re).sub(im.bmm(im));
            im = antisymmetric(re.bmm(im));
            re = next;
            log = log.mul(new Scalar(2.0)).add(frobenius(re, im).log());
        }
        return log.div(new Scalar(Math.pow(2, SQUARINGS))).exp();
    }

    /** Im(G₁ᴴG₂) of Gram matrices is X − Xᵀ of one product X. */
    private static Tensor antisymmetric(Tensor x) {
        return x.sub(x.transpose(1, 2));
    }

    private static Tensor frobenius(Tensor re, Tensor im) {
        Tensor both = torch.cat(new TensorVector(re, im), 2);
        return torch.linalg_vector_norm(both, new Scalar(2.0), new long[] {1, 2}, false, new ScalarTypeOptional())
                .clamp_min(new Scalar(SMALLEST));
    }

    private static Tensor tall(Tensor w) {
        return w.size(1) >= w.size(2) ? w : w.transpose(1, 2);
    }

    /** What a frequency is made of. */
    private enum Wave {
        COSINE,
        SINE
    }

    /** The waves over the kernel's pixels, [n·(n/2 + 1), size²]: the other half has the conjugate values. */
    private static Tensor waves(int n, int size, Wave wave) {
        int half = n / 2 + 1;
        double[] values = new double[n * half * size * size];
        int at = 0;
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < half; v++) {
                for (int i = 0; i < size; i++) {
                    for (int j = 0; j < size; j++) {
                        double angle = 2 * Math.PI * (u * i + v * j) / n;
                        values[at++] = wave == Wave.COSINE ? Math.cos(angle) : -Math.sin(angle);
                    }
                }
            }
        }
        return Tensors.of(values, (long) n * half, (long) size * size);
    }
}
