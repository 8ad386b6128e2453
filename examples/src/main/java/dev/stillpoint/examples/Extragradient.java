package dev.stillpoint.examples;

import dev.stillpoint.operator.Gradient;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

// region operator
/**
 * T(x) = P(x − αF(y)) with y = P(x − αF(x)), for ⟨F(x*), x − x*⟩ ≥ 0 over a set: converges for a monotone L-Lipschitz F
 * and 0 &lt; α &lt; 1/L, where the projected gradient may go round in circles. Reference: Korpelevich 1976.
 */
public record Extragradient<C>(Gradient<C> f, ConvexSet<C> set, double step) implements Operator<C> {
    public Extragradient {
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException("Extragradient: need finite step > 0, got " + step);
        }
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        Tensor y = move(x, x, c);
        return move(x, y, c);
    }

    private Tensor move(Tensor from, Tensor at, C c) {
        return set.project(from.sub(f.at(at, c), new Scalar(step)), c);
    }

    @Override
    public List<ConvexSet<C>> constraints() {
        return List.of(set); // every inference reports its violation
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("f", f); // what is learned in F and in the set is trained
        visitor.part("set", set);
    }
}
// endregion
