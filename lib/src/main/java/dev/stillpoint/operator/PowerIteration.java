package dev.stillpoint.operator;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Estimates ‖A‖ by the power method on A*A from a random start: v ← A*Av/‖A*Av‖, of which ‖A*Av‖/‖Av‖ is a lower bound of
 * ‖A‖ that never falls and converges to it.
 *
 * <p>Two products with A and A* a step, off the tape. After k steps the relative error of ‖A‖² is of order
 * ln n/k in the mean over starts in ℝⁿ, whatever A, and falls by (σ₂/σ₁)⁴ a step in the end. A step size from the estimate
 * needs that as a margin.
 *
 * <p>Reference: Kuczyński and Woźniakowski 1992, SIAM J. Matrix Anal. Appl. 13(4).
 *
 * @param maxSteps steps at most, ≥ 1
 * @param relTol stops when every sample's bound grew by less than this part of itself, ≥ 0
 */
public record PowerIteration(int maxSteps, double relTol) {
    /** Checks the numbers. */
    public PowerIteration {
        if (maxSteps < 1) {
            throw new IllegalArgumentException("PowerIteration: need maxSteps >= 1, got " + maxSteps);
        }
        if (!(relTol >= 0) || Double.isInfinite(relTol)) {
            throw new IllegalArgumentException("PowerIteration: need finite relTol >= 0, got " + relTol);
        }
    }

    /**
     * The estimate for every sample of a context; 0 where A is.
     *
     * @param a A
     * @param like any x that A takes, [batch, ...]: its shape and type are used, not its values
     * @param c the context
     * @param random draws the start
     * @param <C> the context
     */
    public <C> NormEstimate estimate(LinearOperator<C> a, Tensor like, C c, RandomGenerator random) {
        if (like.dim() < 1) {
            throw new IllegalArgumentException("PowerIteration: need x of shape [batch, ...], got one number");
        }
        int batch = Math.toIntExact(like.size(0));
        double[] bound = new double[batch];
        double[] change = new double[batch];
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Tensor v = TensorScope.persist(start(like, random));
            try {
                for (int step = 1; ; step++) {
                    Tensor before = v;
                    try (TensorScope inner = TensorScope.open()) {
                        Tensor image = unit(a.apply(before, c));
                        Tensor back = a.adjoint(image, c);
                        grow(bound, change, Tensors.doubles(norm(back)));
                        v = TensorScope.persist(unit(back));
                    }
                    TensorScope.release(before);
                    if (step == maxSteps || Arrays.stream(change).noneMatch(d -> d > relTol)) {
                        return new NormEstimate(bound, change, step);
                    }
                }
            } finally {
                TensorScope.release(v);
            }
        }
    }

    private static Tensor start(Tensor like, RandomGenerator random) {
        double[] values = new double[Math.toIntExact(like.numel())];
        Arrays.setAll(values, i -> random.nextGaussian());
        return unit(Tensors.of(values, like.shape()).to(like.scalar_type()));
    }

    /** Every row divided by its norm; a row of zeros stays one. */
    private static Tensor unit(Tensor x) {
        long[] column = new long[Math.toIntExact(x.dim())];
        Arrays.fill(column, 1);
        column[0] = x.size(0);
        Tensor norm = norm(x).to(x.scalar_type()).reshape(column);
        return x.div(norm.masked_fill(norm.eq(new Scalar(0.0)), new Scalar(1.0)));
    }

    /** [batch], in float64: squares of small or large float32 numbers leave their range. */
    private static Tensor norm(Tensor x) {
        return Tensors.rowNorm(x.to(ScalarType.Double));
    }

    /** The next bounds, and by which part of themselves they grew: NaN where one is, which ends the sample. */
    private static void grow(double[] bound, double[] change, double[] next) {
        for (int i = 0; i < bound.length; i++) {
            change[i] = next[i] == 0 ? 0 : (next[i] - bound[i]) / next[i];
            bound[i] = next[i];
        }
    }
}
