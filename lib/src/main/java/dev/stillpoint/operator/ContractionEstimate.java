package dev.stillpoint.operator;

import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Estimates by which factor T contracts near z, along the directions that matter most: p ← T(z + hp) − T(z), scaled to
 * ‖p‖ = 1, some times over, and the largest ‖T(z + hp) − T(z)‖/h of the last step over the samples. Converges to the
 * spectral radius of ∂T/∂z, of which it is no bound: directions it has not met may be stretched further.
 *
 * @param steps ≥ 1
 * @param distance h &gt; 0, per number of z
 */
public record ContractionEstimate(int steps, double distance) {
    /** Divides a direction that has vanished: it stays zero. */
    private static final double TINY = 1e-30;

    /** Checks the numbers. */
    public ContractionEstimate {
        if (steps < 1 || !(distance > 0) || Double.isInfinite(distance)) {
            throw new IllegalArgumentException(
                    "ContractionEstimate: need steps >= 1 and finite distance > 0, got " + steps + " and " + distance);
        }
    }

    /**
     * The factor for every sample.
     *
     * @param t T
     * @param z [batch, ...], where; for what becomes of the iteration, near the fixed point
     * @param c the context
     * @param start directions of z's shape to begin with, none zero
     * @param <C> the context
     */
    public <C extends Batch<C>> double[] at(Operator<C> t, Tensor z, C c, Tensor start) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            double h = distance * Math.sqrt(z.numel() / (double) Math.max(1, z.size(0)));
            Tensor base = t.apply(z, c);
            Tensor p = unit(start);
            double[] factor = new double[0];
            for (int i = 0; i < steps; i++) {
                Tensor moved = t.apply(z.add(p, new Scalar(h)), c).sub_(base);
                factor = Tensors.doubles(Tensors.rowNorm(moved).div(new Scalar(h)));
                p = unit(moved);
            }
            return factor;
        }
    }

    private static Tensor unit(Tensor x) {
        long[] column = new long[Math.toIntExact(x.dim())];
        Arrays.fill(column, 1);
        column[0] = x.size(0);
        return x.div(torch.clamp_min(Tensors.rowNorm(x), new Scalar(TINY)).reshape(column));
    }
}
