package dev.stillpoint.set;

import org.bytedeco.pytorch.Tensor;

/** Row-wise reductions of constraint residuals. */
final class Violations {
    private Violations() {}

    /** max(0, max_j e_ij), NaN where a row holds one; [batch, n] to [batch], 0 for n = 0. */
    static Tensor largest(Tensor excess) {
        // abs: relu passes -0.0 on.
        Tensor positive = excess.detach().relu().abs();
        return positive.size(1) == 0 ? positive.sum(1) : positive.amax(new long[] {1}, false);
    }
}
