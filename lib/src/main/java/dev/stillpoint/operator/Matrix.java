package dev.stillpoint.operator;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A fixed dense matrix A, [m, n], for all samples: Ax is [batch, m] for x [batch, n], one matrix product for the batch.
 *
 * <p>Its norm and lower bound are its extreme singular values, computed once in float64: O(min(m, n)·m·n).
 *
 * @param <C> any context
 */
public final class Matrix<C> implements LinearOperator<C> {
    /** A singular value under this part of the largest counts as zero, as in {@code AffineSet}. */
    private static final double RANK_TOLERANCE = 1e-12;

    private final Tensor exact;
    private final Tensor single;
    private final double norm;
    private final double lowerBound;

    private Matrix(double[] flat, int m, int n) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor a = Tensors.of(flat, m, n);
            double[] singular = Tensors.doubles(torch.linalg_svdvals(a));
            this.exact = TensorScope.persist(a);
            this.single = TensorScope.persist(a.to(ScalarType.Float));
            this.norm = singular[0];
            // With more columns than rows some x ≠ 0 has Ax = 0.
            this.lowerBound = m < n ? 0 : singular[n - 1];
        }
    }

    /**
     * The operator of a matrix, which is copied.
     *
     * @param a A, rows of equal length n
     * @param <C> any context
     * @throws IllegalArgumentException if A has no row or no column, rows differ in length, or a number is not finite
     */
    public static <C> Matrix<C> of(double[][] a) {
        int n = a.length == 0 ? 0 : a[0].length;
        if (n == 0) {
            throw new IllegalArgumentException(
                    "Matrix: need at least one row and one column, got " + a.length + " rows and " + n + " columns");
        }
        double[] flat = new double[Math.multiplyExact(a.length, n)];
        for (int i = 0; i < a.length; i++) {
            if (a[i].length != n) {
                throw new IllegalArgumentException(
                        "Matrix: need rows of length " + n + ", got " + a[i].length + " in row " + i);
            }
            for (int j = 0; j < n; j++) {
                if (!Double.isFinite(a[i][j])) {
                    throw new IllegalArgumentException(
                            "Matrix: need finite numbers, got " + a[i][j] + " in row " + i + ", column " + j);
                }
                flat[i * n + j] = a[i][j];
            }
        }
        return new Matrix<>(flat, a.length, n);
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        Tensors.check("Matrix: x", x, -1, exact.size(1));
        return x.matmul(like(x).t());
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        Tensors.check("Matrix: y", y, -1, exact.size(0));
        return y.matmul(like(y));
    }

    @Override
    public OptionalDouble norm() {
        return OptionalDouble.of(norm);
    }

    @Override
    public OptionalDouble lowerBound() {
        return lowerBound > RANK_TOLERANCE * norm ? OptionalDouble.of(lowerBound) : OptionalDouble.empty();
    }

    private Tensor like(Tensor t) {
        return switch (Tensors.type(t)) {
            case Double -> exact;
            case Float -> single;
            default -> throw new IllegalArgumentException("Matrix: need float32 or float64, got " + Tensors.type(t));
        };
    }
}
