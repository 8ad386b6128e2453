package dev.stillpoint.solver;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The minimum-norm least-squares solution of (I − M)v = g, from the assembled matrix, in float64. For verification and
 * for small problems: m products, O(m³) time and O(m²) memory a sample.
 *
 * @param rankTolerance singular values at most this times the largest count as zero
 * @param tolerance ‖g + Mv − v‖₂ ≤ tolerance·(1 + ‖g‖₂) counts as converged: above it the system was inconsistent
 */
public record DenseLinear(double rankTolerance, double tolerance) implements LinearSolver {
    /** Checks the tolerances. */
    public DenseLinear {
        if (!(rankTolerance > 0 && rankTolerance < 1) || !(tolerance > 0)) {
            throw new IllegalArgumentException("DenseLinear: need 0 < rankTolerance < 1 and tolerance > 0, got "
                    + rankTolerance + " and " + tolerance);
        }
    }

    /** Singular values below 10⁻⁶ of the largest count as zero, residuals up to 10⁻⁴ as rounding: right for float32 products. */
    public static DenseLinear standard() {
        return new DenseLinear(1e-6, 1e-4);
    }

    @Override
    public Solution solve(LinearMap product, Tensor g) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            long batch = g.size(0);
            long m = batch == 0 ? 0 : g.numel() / batch;
            TensorVector columns = new TensorVector();
            for (long j = 0; j < m; j++) {
                try (TensorScope inner = TensorScope.open()) {
                    Tensor unit = torch.zeros_like(g).reshape(batch, m);
                    unit.select(1, j).fill_(new Scalar(1.0));
                    Tensor column = unit.sub(product.apply(unit.view_as(g)).reshape(batch, m));
                    columns.push_back(inner.keep(column.to(ScalarType.Double)));
                }
            }
            Tensor v = g.clone();
            if (batch > 0 && m > 0) {
                Tensor matrix = torch.stack(columns, 2);
                Tensor rhs = g.reshape(batch, m, 1).to(ScalarType.Double);
                v = torch.linalg_pinv(finite(matrix), rankTolerance, false)
                        .matmul(rhs)
                        .to(g.scalar_type())
                        .reshape(g.shape());
            }
            double[] residual =
                    Tensors.doubles(Tensors.rowNorm(product.apply(v).add(g).sub(v)));
            double[] threshold = Tensors.doubles(Tensors.rowNorm(g));
            Status[] status = new Status[residual.length];
            int[] steps = new int[residual.length];
            Arrays.fill(steps, (int) m);
            for (int i = 0; i < status.length; i++) {
                threshold[i] = tolerance * (1 + threshold[i]);
                status[i] = residual[i] <= threshold[i]
                        ? Status.CONVERGED
                        : Double.isFinite(residual[i]) ? Status.MAX_STEPS_REACHED : Status.NON_FINITE;
            }
            return new Solution(
                    scope.keep(v),
                    status,
                    new SolveStats(steps, residual, threshold, new int[steps.length], (int) m + 1));
        }
    }

    /** One sample's NaN would fail the decomposition of all; as 0 it shows in that sample's residual alone. */
    private static Tensor finite(Tensor matrix) {
        DoubleOptional zero = new DoubleOptional(0.0);
        return torch.nan_to_num(matrix, zero, zero, zero);
    }
}
