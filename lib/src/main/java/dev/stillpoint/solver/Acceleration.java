package dev.stillpoint.solver;

import org.bytedeco.pytorch.Tensor;

/** How the next iterate is made from z and T(z). An acceleration must not move the fixed points. */
public interface Acceleration {
    /** Starts one solve; concurrent solves do not share a run. */
    Run begin();

    /** The state of one solve. */
    interface Run {
        /** The iterate after z, given T(z): both [batch, ...], and neither may be changed. */
        Tensor next(Tensor z, Tensor tz);

        /** Only the samples at {@code rows}, int64 [count], go on: drop the others' state. */
        void keep(Tensor rows);
    }
}
