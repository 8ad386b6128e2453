package dev.stillpoint.operator;

import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.kernel.LaneMatrix;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.kernel.SparseTiles;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A fixed sparse matrix A, [m, n], for all samples: Ax is [batch, m] for x [batch, n]. Its adjoint is Aᵀ with the same numbers, so
 * that gradients are exact. Float32 runs in tiles of lanes on all cores ({@link SparseTiles}), float64 sample by sample.
 *
 * <p>The norm that it declares is the least of √max_j (|A|ᵀ|A|v)_j/v_j over some positive v, which bounds ‖A‖ from above (Collatz and
 * Wielandt); for A ≥ 0 it comes near. O(nonzeros) an evaluation, each way.
 *
 * @param <C> any context
 */
public final class Sparse<C> implements LinearOperator<C> {
    /** The bound that v = 1 gives is off by some percent for a ray transform; this many power steps bring it to some thousandths. */
    private static final int NORM_STEPS = 100;
    /** Bound and estimate closer than this part: more steps gain nothing. */
    private static final double NEAR = 1e-6;

    /** Parts of A that do not meet the one of the largest norm fade from v; below this their quotients would mean nothing. */
    private static final double VANISHING = 1e-200;

    private final SparseMatrix matrix;
    private final SparseMatrix transposed;
    private final SparseTiles forward;
    private final SparseTiles backward;
    private volatile double norm = Double.NaN;

    private Sparse(SparseMatrix matrix, Lanes lanes) {
        this.matrix = matrix;
        this.transposed = matrix.transpose();
        this.forward = new SparseTiles(lanes, LaneMatrix.of(matrix));
        this.backward = new SparseTiles(lanes, LaneMatrix.of(transposed));
    }

    /**
     * The operator of a matrix.
     *
     * @param a A, with at least one row and one column
     * @param <C> any context
     * @throws IllegalArgumentException if A has no row or no column
     */
    public static <C> Sparse<C> of(SparseMatrix a) {
        if (a.rows() < 1 || a.columns() < 1) {
            throw new IllegalArgumentException(
                    "Sparse: need at least one row and one column, got " + a.rows() + " x " + a.columns());
        }
        return new Sparse<>(a, LaneChoice.current().lanes());
    }

    /** A. */
    public SparseMatrix matrix() {
        return matrix;
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        Tensors.check("Sparse: x", x, -1, matrix.columns());
        return Autograd.linear(x, this::product, this::adjointProduct);
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        Tensors.check("Sparse: y", y, -1, matrix.rows());
        return Autograd.linear(y, this::adjointProduct, this::product);
    }

    /** Not empty. Computed when first asked for. */
    @Override
    public OptionalDouble norm() {
        // Two threads at once find the same.
        if (Double.isNaN(norm)) {
            norm = bound(matrix);
        }
        return OptionalDouble.of(norm);
    }

    private Tensor product(Tensor x) {
        return multiply(x, matrix, forward);
    }

    private Tensor adjointProduct(Tensor y) {
        return multiply(y, transposed, backward);
    }

    private static Tensor multiply(Tensor x, SparseMatrix a, SparseTiles tiles) {
        int batch = Math.toIntExact(x.size(0));
        switch (Tensors.type(x)) {
            case Float -> {
                Tensor from = x.contiguous();
                Tensor to = torch.empty(new long[] {batch, a.rows()});
                tiles.run(batch, Tensors.memory(from), Tensors.memory(to));
                return to;
            }
            case Double -> {
                double[] from = Tensors.doubles(x);
                double[] to = new double[Math.multiplyExact(batch, a.rows())];
                int n = a.columns();
                IntStream.range(0, batch).parallel().forEach(i -> {
                    double[] row = a.multiply(Arrays.copyOfRange(from, i * n, (i + 1) * n));
                    System.arraycopy(row, 0, to, i * a.rows(), a.rows());
                });
                return Tensors.of(to, batch, a.rows());
            }
            default -> throw new IllegalArgumentException("Sparse: need float32 or float64, got " + Tensors.type(x));
        }
    }

    private static double bound(SparseMatrix a) {
        SparseMatrix sizes = a.absolute();
        double[] v = new double[a.columns()];
        Arrays.fill(v, 1);
        double least = Double.POSITIVE_INFINITY;
        for (int step = 0; step < NORM_STEPS; step++) {
            double[] next = sizes.multiplyTransposed(sizes.multiply(v));
            double above = 0;
            double largest = 0;
            double smallest = 1;
            double squares = 0;
            double products = 0;
            for (int j = 0; j < v.length; j++) {
                // A column of zeros has next = 0, and no part in the norm.
                above = next[j] == 0 ? above : Math.max(above, next[j] / v[j]);
                largest = Math.max(largest, next[j]);
                smallest = Math.min(smallest, v[j]);
                squares += v[j] * v[j];
                products += v[j] * next[j];
            }
            least = Math.min(least, above);
            if (largest == 0 || smallest < VANISHING || least - products / squares <= NEAR * least) {
                break;
            }
            for (int j = 0; j < v.length; j++) {
                v[j] = next[j] == 0 ? v[j] : next[j] / largest;
            }
        }
        return Math.sqrt(least);
    }
}
