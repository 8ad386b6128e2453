package dev.stillpoint.operator;

import dev.stillpoint.set.Constraint;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Krasnosel'skii-Mann relaxation: T_λ(z) = z + λ(T(z) − z), which has the fixed points and the solutions of T.
 *
 * <p>λ &lt; 1 averages a T that is merely nonexpansive, whose plain iteration need not converge; λ &gt; 1 often speeds up one
 * that is averaged. Between, T_λ is λa-averaged, and a contraction by |1 − λ| + λq where T is one by q and that is below 1.
 * Where T's averagedness is not known, λ ≤ 1 is all that a nonexpansive T admits.
 *
 * <p>Reference: Krasnosel'skii 1955; Mann 1953; the range is that of Bauschke and Combettes 2017, section 5.2.
 *
 * @param operator T
 * @param relaxation λ, in (0, 1/a) where T is a-averaged, else in (0, 1]
 * @param <C> the context
 */
public record Relaxed<C>(Operator<C> operator, double relaxation) implements Operator<C> {
    /** Checks the relaxation, against 1/a where a is known. */
    public Relaxed {
        Splitting.checkRelaxation("Relaxed", relaxation, operator.averagedness());
    }

    @Override
    public Tensor apply(Tensor z, C c) {
        return z.add(operator.apply(z, c).sub(z), new Scalar(relaxation));
    }

    @Override
    public Tensor solution(Tensor z, C c) {
        return operator.solution(z, c);
    }

    @Override
    public List<? extends Constraint<C>> constraints() {
        return operator.constraints();
    }

    @Override
    public OptionalDouble contractionFactor() {
        OptionalDouble q = operator.contractionFactor();
        return q.isEmpty() ? q : Splitting.below1(Math.abs(1 - relaxation) + relaxation * q.getAsDouble());
    }

    @Override
    public OptionalDouble averagedness() {
        OptionalDouble a = operator.averagedness();
        return a.isEmpty() ? a : OptionalDouble.of(relaxation * a.getAsDouble());
    }

    @Override
    public Coupling coupling() {
        return operator.coupling();
    }

    /** Names the weights as T does: what was trained without relaxation is loaded with it. */
    @Override
    public void visit(ParameterVisitor visitor) {
        operator.visit(visitor);
    }
}
