package dev.stillpoint.examples;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

// region set
/** {(t, v) : ‖v‖₂ ≤ t}, t the first entry. P(t, v) = (s, s·v/‖v‖) with s = (t + ‖v‖)/2, between the cone and its polar. */
public record SecondOrderCone<C>() implements ConvexSet<C> {
    @Override
    public Tensor project(Tensor x, C c) {
        Tensor t = x.narrow(1, 0, 1); // [batch, 1]
        Tensor v = x.narrow(1, 1, x.size(1) - 1);
        Tensor length = Tensors.rowNorm(v).unsqueeze(1);
        Tensor inside = length.le(t);
        Tensor polar = length.le(t.neg()); // its nearest point is the tip
        // Rows that take another branch divide by 1: 0/0 would reach their gradients.
        Tensor safe = length.masked_fill(inside.logical_or(polar), new Scalar(1.0));
        Tensor s = t.add(length).mul(new Scalar(0.5));
        Tensor between = torch.cat(new TensorVector(s, v.mul(s.div(safe))), 1);
        return torch.where(inside, x, between.masked_fill(polar, new Scalar(0.0)));
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Tensor v = x.narrow(1, 1, x.size(1) - 1);
        return Tensors.rowNorm(v).sub(x.select(1, 0)).clamp_min(new Scalar(0.0)).detach();
    }
}
// endregion
