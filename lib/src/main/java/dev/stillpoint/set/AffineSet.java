package dev.stillpoint.set;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.kernel.ProjectionTiles;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * {x : Ax = b}, with a sparse A of any rank and b fixed or a sample's own. P(x) = x − Aᵀ(AAᵀ)⁻¹(Ax − b).
 *
 * <p>AAᵀ is factored once, by a sparse Cholesky factor with a fill-reducing order; rows of A that depend on others are found
 * and left out. A projection costs O(nonzeros of A and of the factor) a sample and its derivative, the projection onto
 * {x : Ax = 0}, as much: nothing dense is stored. In float32 the samples go through in tiles, see
 * {@link dev.stillpoint.kernel.Lanes}; in float64 one after another, for verification.
 *
 * @param <C> the context, which carries b where it differs from sample to sample
 */
public final class AffineSet<C> implements ConvexSet<C> {
    /** ‖AA⁺b − b‖ above this times (1 + ‖b‖) means that no x solves Ax = b: rounding leaves some 10⁻¹⁴. */
    private static final double CONSISTENCY_TOLERANCE = 1e-8;

    private final AffineFactor factor;
    private final double @Nullable [] b;
    private final @Nullable Function<C, Tensor> rightHandSide;

    private AffineSet(SparseMatrix a, double @Nullable [] b, @Nullable Function<C, Tensor> rightHandSide) {
        if (a.rows() == 0 || a.columns() == 0) {
            throw new IllegalArgumentException("AffineSet: need A with at least one row and one column, got " + a.rows()
                    + " rows and " + a.columns() + " columns");
        }
        if (b != null) {
            checkRightHandSide(b, a.rows());
        }
        this.factor = AffineFactor.of(a);
        this.b = b;
        this.rightHandSide = rightHandSide;
        if (b != null) {
            checkConsistent(b);
        }
    }

    /**
     * The set with one b for all samples.
     *
     * @param a A, [m, n]
     * @param b [m]
     * @param <C> any context
     * @throws IllegalArgumentException if the sizes do not match, a number is not finite, or no x solves Ax = b
     */
    public static <C> AffineSet<C> of(SparseMatrix a, double[] b) {
        return new AffineSet<>(a, b.clone(), null);
    }

    /**
     * The set whose right-hand side is read from the context: b(c) is [batch, m]. Where a sample's b is inconsistent the
     * projection solves the rows of A that were kept, and the violation says by how much it misses the others.
     *
     * @param a A, [m, n]
     * @param b reads [batch, m] from a context
     * @param <C> the context
     */
    public static <C> AffineSet<C> of(SparseMatrix a, Function<C, Tensor> b) {
        return new AffineSet<>(a, null, b);
    }

    /** {@link #of(SparseMatrix, double[])} for an A given by its rows, of equal length. */
    public static <C> AffineSet<C> of(double[][] a, double[] b) {
        return of(SparseMatrix.of(a), b);
    }

    /** {@link #of(SparseMatrix, Function)} for an A given by its rows, of equal length. */
    public static <C> AffineSet<C> of(double[][] a, Function<C, Tensor> b) {
        return of(SparseMatrix.of(a), b);
    }

    /** A and its factor. */
    public AffineFactor factor() {
        return factor;
    }

    /**
     * b as {@link AffineFactor#kept} gives it: of every sample, or once if all share it.
     *
     * @param batch samples
     * @param c the context
     */
    public double[][] kept(int batch, C c) {
        if (b != null) {
            return new double[][] {factor.kept(b)};
        }
        double[] flat = Tensors.doubles(read(batch, c));
        int m = factor.matrix().rows();
        double[][] kept = new double[batch][];
        double[] row = new double[m];
        for (int i = 0; i < batch; i++) {
            System.arraycopy(flat, i * m, row, 0, m);
            kept[i] = factor.kept(row);
        }
        return kept;
    }

    @Override
    public Tensor project(Tensor x, C c) {
        Tensors.check("AffineSet: x", x, -1, factor.columns());
        int batch = (int) x.size(0);
        Tensor value;
        try (NoGradGuard offTape = new NoGradGuard()) {
            value = map(x, kept(batch, c));
        }
        Tensor projected = Autograd.symmetric(x, value, this::nullProject);
        return b == null ? withGradientOf(projected, read(batch, c)) : projected;
    }

    /** (I − A⁺A)g, the derivative of the projection. */
    private Tensor nullProject(Tensor g) {
        return map(g, new double[1][factor.rank()]);
    }

    /** The projection, on the tape of b too: plus A⁺b, minus its value. */
    private Tensor withGradientOf(Tensor projected, Tensor b) {
        if (!b.requires_grad()) {
            return projected;
        }
        SparseMatrix a = factor.keptRows();
        Tensor kept = b.index_select(1, Tensors.of(longs(factor.order())))
                .mul(Tensors.of(factor.rowScales(), 1, factor.rank()).to(b.scalar_type()));
        Tensor solved = Autograd.symmetric(kept, normalSolve(kept), this::normalSolve);
        Tensor least = transposed(a, b.scalar_type()).mm(solved.t()).t().to(projected.scalar_type());
        return projected.add(least.sub(least.detach()));
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Tensors.check("AffineSet: x", x, -1, factor.columns());
        int batch = (int) x.size(0);
        int m = factor.matrix().rows();
        int n = factor.columns();
        double[] wanted = b == null ? Tensors.doubles(read(batch, c)) : b;
        double[] flat = Tensors.doubles(x);
        double[] worst = new double[batch];
        double[] row = new double[n];
        for (int i = 0; i < batch; i++) {
            System.arraycopy(flat, i * n, row, 0, n);
            double[] ax = factor.matrix().multiply(row);
            for (int k = 0; k < m; k++) {
                // Math.max keeps NaN.
                worst[i] = Math.max(worst[i], Math.abs(ax[k] - wanted[b == null ? i * m + k : k]));
            }
        }
        return Tensors.of(worst, batch).to(x.scalar_type());
    }

    private Tensor map(Tensor x, double[][] kept) {
        int batch = (int) x.size(0);
        switch (Tensors.type(x)) {
            case Float -> {
                Tensor from = x.detach().contiguous();
                Tensor to = torch.empty_like(from);
                new ProjectionTiles(LaneChoice.current().lanes(), factor)
                        .run(batch, Tensors.memory(from), kept, Tensors.memory(to));
                return to;
            }
            case Double -> {
                double[] rows = Tensors.doubles(x);
                factor.project(batch, rows, kept);
                return Tensors.of(rows, batch, factor.columns());
            }
            default -> throw new IllegalArgumentException("AffineSet: need float32 or float64, got " + Tensors.type(x));
        }
    }

    /** (AAᵀ)⁻¹ of every row, over the kept rows of A. */
    private Tensor normalSolve(Tensor y) {
        double[] rows = Tensors.doubles(y);
        factor.normalSolve((int) y.size(0), rows);
        return Tensors.of(rows, y.size(0), factor.rank()).to(y.scalar_type());
    }

    private static Tensor transposed(SparseMatrix a, ScalarType type) {
        long[] places = new long[2 * a.nonZeros()];
        for (int i = 0; i < a.rows(); i++) {
            for (int t = a.pointers()[i]; t < a.pointers()[i + 1]; t++) {
                places[t] = a.indices()[t];
                places[a.nonZeros() + t] = i;
            }
        }
        try (TensorScope scope = TensorScope.open()) {
            Tensor index = Tensors.of(places).view(2, a.nonZeros());
            Tensor values = Tensors.of(a.values(), a.nonZeros()).to(type);
            return scope.keep(torch.sparse_coo_tensor(index, values, new long[] {a.columns(), a.rows()}));
        }
    }

    private Tensor read(int batch, C c) {
        if (rightHandSide == null) {
            throw new AssertionError("a set without fixed b reads it from the context");
        }
        Tensor read = rightHandSide.apply(c);
        Tensors.check("AffineSet: b", read, batch, factor.matrix().rows());
        return read;
    }

    private static long[] longs(int[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }

    private static void checkRightHandSide(double[] b, int rows) {
        if (b.length != rows) {
            throw new IllegalArgumentException(
                    "AffineSet: need as many entries of b as rows of A (" + rows + "), got " + b.length);
        }
        for (int i = 0; i < b.length; i++) {
            if (!Double.isFinite(b[i])) {
                throw new IllegalArgumentException(
                        "AffineSet: need finite numbers in b, got " + b[i] + " at index " + i);
            }
        }
    }

    private void checkConsistent(double[] b) {
        double residual = factor.inconsistency(b);
        double size = 0;
        for (double v : b) {
            size = Math.hypot(size, v);
        }
        if (!(residual <= CONSISTENCY_TOLERANCE * (1 + size))) {
            throw new IllegalArgumentException("AffineSet: need some x with Ax = b, got ||A x - b|| = " + residual
                    + " for the best x: dependent rows of A with conflicting entries of b");
        }
    }
}
