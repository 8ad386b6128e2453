package dev.stillpoint.solver;

import org.bytedeco.pytorch.Tensor;

/** z ← T(z), the plain fixed-point iteration. Converges linearly on a contraction, and on averaged operators. */
public record Picard() implements Acceleration, Acceleration.Run {
    @Override
    public Run begin() {
        return this;
    }

    @Override
    public Tensor next(Tensor z, Tensor tz) {
        return tz;
    }

    @Override
    public void keep(Tensor rows) {}
}
