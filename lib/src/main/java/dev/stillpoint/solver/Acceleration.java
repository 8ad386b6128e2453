package dev.stillpoint.solver;

import org.bytedeco.pytorch.Tensor;

/** How the next iterate is made from z and T(z). An acceleration must not move the fixed points. */
public interface Acceleration {
    /** Starts one solve; concurrent solves do not share a run. */
    Run begin();

    /** The state of one solve, given back when it ends. */
    interface Run extends AutoCloseable {
        /** The iterate after z, given T(z): both [batch, ...], and neither may be changed. Belongs to the open scope. */
        Tensor next(Tensor z, Tensor tz);

        /** Only the samples at {@code rows}, int64 [count], go on: drop the others' state. */
        void keep(Tensor rows);

        /** How often each of the {@code batch} samples still in the run was put back onto the plain iteration. */
        default int[] safeguarded(int batch) {
            return new int[batch];
        }

        /** Frees what the run holds. */
        @Override
        default void close() {}
    }
}
