package dev.stillpoint.set;

import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** w ≥ 0, by which a convex function is multiplied. */
final class Weight<C> {
    private final Datum<C> value;

    private Weight(Datum<C> value) {
        this.value = value;
    }

    static <C> Weight<C> of(String function, double weight) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(function + ": need finite weight >= 0, got " + weight);
        }
        return new Weight<>(Datum.fixed(function + ": weight", weight));
    }

    static <C> Weight<C> of(String function, Function<C, Tensor> weight) {
        return new Weight<>(Datum.read(function + ": weight", weight));
    }

    /** [1, 1] or [batch, 1], NaN where a sample's w is not one. */
    Tensor at(Tensor x, C c) {
        Tensor w = value.number(x, c);
        return Datum.orNan(w, w.ge(new Scalar(0.0)));
    }
}
