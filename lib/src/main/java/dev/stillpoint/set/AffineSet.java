package dev.stillpoint.set;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * {x : Ax = b}, with A of any rank and b fixed or a sample's own. P(x) = (I − A⁺A)x + A⁺b.
 *
 * <p>A⁺ is computed once, in float64, by a singular value decomposition that treats σ ≤ 10⁻¹²·σ₁ as zero, so dependent
 * rows do no harm; I − A⁺A is stored dense. Construction O(min(m, n)·m·n), projection O(n²) a sample, one matrix
 * product for the batch.
 *
 * @param <C> the context, which carries b where it differs from sample to sample
 */
public final class AffineSet<C> implements ConvexSet<C> {
    /** Relative size under which a singular value counts as zero: about 10³ float64 roundings of a well-scaled A. */
    private static final double RANK_TOLERANCE = 1e-12;
    /** I − A⁺A is dense: beyond this many columns its two copies take more than 800 MB, and every projection is slow. */
    private static final int WIDEST = 8_192;
    /** ‖AA⁺b − b‖ above this times (1 + ‖b‖) means that no x solves Ax = b: rounding leaves some 10⁻¹⁴. */
    private static final double CONSISTENCY_TOLERANCE = 1e-8;

    private final Matrices exact;
    private final Matrices single;
    private final @Nullable Function<C, Tensor> rightHandSide;

    private AffineSet(Tensor a, @Nullable Tensor b, @Nullable Function<C, Tensor> rightHandSide) {
        this.rightHandSide = rightHandSide;
        try (TensorScope scope = TensorScope.open()) {
            Tensor pinv = torch.linalg_pinv(a, RANK_TOLERANCE, false);
            long n = a.size(1);
            Tensor nullProjector = torch.eye(n).to(ScalarType.Double).sub(pinv.matmul(a));
            Tensor offset = b == null ? null : pinv.matmul(b);
            if (b != null) {
                double residual = a.matmul(offset).sub(b).norm().item_double();
                double size = b.norm().item_double();
                if (!(residual <= CONSISTENCY_TOLERANCE * (1 + size))) {
                    throw new IllegalArgumentException("AffineSet: need some x with Ax = b, got ||A x - b|| = "
                            + residual + " for the best x: dependent rows of A with conflicting entries of b");
                }
            }
            this.exact = new Matrices(ScalarType.Double, a, b, pinv, nullProjector, offset);
            this.single = new Matrices(ScalarType.Float, a, b, pinv, nullProjector, offset);
        }
    }

    /**
     * The set with one b for all samples.
     *
     * @param a A, rows of equal length n
     * @param b [m]
     * @param <C> any context
     * @throws IllegalArgumentException if the sizes do not match, a number is not finite, or no x solves Ax = b
     */
    public static <C> AffineSet<C> of(double[][] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "AffineSet: need as many entries of b as rows of A (" + a.length + "), got " + b.length);
        }
        try (TensorScope scope = TensorScope.open()) {
            return new AffineSet<>(matrix(a), finite("b", Tensors.of(b, b.length)), null);
        }
    }

    /**
     * The set whose right-hand side is read from the context: b(c) is [batch, m]. Where a sample's b is inconsistent,
     * the projection is onto the least-squares solutions, and the violation says so.
     *
     * @param a A, rows of equal length n
     * @param b reads [batch, m] from a context
     * @param <C> the context
     */
    public static <C> AffineSet<C> of(double[][] a, Function<C, Tensor> b) {
        try (TensorScope scope = TensorScope.open()) {
            return new AffineSet<>(matrix(a), null, b);
        }
    }

    @Override
    public Tensor project(Tensor x, C c) {
        Matrices matrices = matrices(x);
        Tensor offset = matrices.offset;
        if (offset == null) {
            offset = rightHandSide(x, c).matmul(matrices.pinvTransposed);
        }
        return torch.addmm(offset, x, matrices.nullProjector);
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Matrices matrices = matrices(x);
        Tensor b = matrices.b == null ? rightHandSide(x, c) : matrices.b;
        return Violations.largest(x.matmul(matrices.transposed).sub(b).abs());
    }

    private Tensor rightHandSide(Tensor x, C c) {
        if (rightHandSide == null) {
            throw new AssertionError("a set without fixed b reads it from the context");
        }
        Tensor b = rightHandSide.apply(c);
        Tensors.check("AffineSet: b", b, x.size(0), exact.transposed.size(1));
        return b;
    }

    private Matrices matrices(Tensor x) {
        Tensors.check("AffineSet: x", x, -1, exact.nullProjector.size(0));
        return switch (Tensors.type(x)) {
            case Double -> exact;
            case Float -> single;
            default -> throw new IllegalArgumentException("AffineSet: need float32 or float64, got " + Tensors.type(x));
        };
    }

    private static Tensor matrix(double[][] a) {
        int n = a.length == 0 ? 0 : a[0].length;
        if (n == 0) {
            throw new IllegalArgumentException("AffineSet: need A with at least one row and one column, got " + a.length
                    + " rows and " + n + " columns");
        }
        if (n > WIDEST) {
            throw new IllegalArgumentException(
                    "AffineSet: need at most " + WIDEST + " columns for the dense projection, got " + n);
        }
        double[] flat = new double[a.length * n];
        for (int i = 0; i < a.length; i++) {
            if (a[i].length != n) {
                throw new IllegalArgumentException(
                        "AffineSet: need rows of A of length " + n + ", got " + a[i].length + " in row " + i);
            }
            System.arraycopy(a[i], 0, flat, i * n, n);
        }
        return finite("A", Tensors.of(flat, a.length, n));
    }

    private static Tensor finite(String name, Tensor t) {
        if (!t.isfinite().all().item_bool()) {
            throw new IllegalArgumentException("AffineSet: need finite numbers in " + name + ", got NaN or infinity");
        }
        return t;
    }

    /** What projecting needs, in one precision. */
    private static final class Matrices {
        final Tensor transposed;
        final @Nullable Tensor b;
        final Tensor pinvTransposed;
        final Tensor nullProjector;
        final @Nullable Tensor offset;

        Matrices(
                ScalarType type,
                Tensor a,
                @Nullable Tensor b,
                Tensor pinv,
                Tensor nullProjector,
                @Nullable Tensor offset) {
            this.transposed = copy(a.t(), type);
            this.b = b == null ? null : copy(b, type);
            this.pinvTransposed = copy(pinv.t(), type);
            this.nullProjector = copy(nullProjector, type);
            this.offset = offset == null ? null : copy(offset, type);
        }

        private static Tensor copy(Tensor t, ScalarType type) {
            return TensorScope.persist(t.to(type).contiguous().clone());
        }
    }
}
