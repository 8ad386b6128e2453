package dev.stillpoint.saboteur;

import dev.stillpoint.operator.LinearOperator;
import org.bytedeco.pytorch.Tensor;

/** A public linear operator that no catalogue has. */
public final class UnlistedLinearOperator implements LinearOperator<Object> {
    @Override
    public Tensor apply(Tensor x, Object c) {
        return x;
    }

    @Override
    public Tensor adjoint(Tensor y, Object c) {
        return y;
    }
}
