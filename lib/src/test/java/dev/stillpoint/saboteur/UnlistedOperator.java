package dev.stillpoint.saboteur;

import dev.stillpoint.operator.Operator;
import org.bytedeco.pytorch.Tensor;

/** A public operator that no catalogue has. */
public final class UnlistedOperator implements Operator<Object> {
    @Override
    public Tensor apply(Tensor z, Object c) {
        return z;
    }
}
