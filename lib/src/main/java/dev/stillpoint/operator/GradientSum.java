package dev.stillpoint.operator;

import dev.stillpoint.tensor.ParameterVisitor;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/**
 * ∇f₁ + … + ∇f_k: a known term beside a learned one. L = ΣL_i where all are known; μ = Σμ_i, where a term with known L counts
 * as μ_i ≥ 0, and one with neither makes μ unknown.
 *
 * @param terms ∇f_i, at least one
 * @param <C> the context, shared by all terms
 */
public record GradientSum<C>(List<Gradient<C>> terms) implements Gradient<C> {
    /** Copies the list, and checks that it is not empty. */
    public GradientSum {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("GradientSum: need at least one term, got none");
        }
    }

    @Override
    public Tensor at(Tensor x, C c) {
        Tensor sum = terms.get(0).at(x, c);
        for (Gradient<C> term : terms.subList(1, terms.size())) {
            sum = sum.add(term.at(x, c));
        }
        return sum;
    }

    @Override
    public OptionalDouble lipschitz() {
        double sum = 0;
        for (Gradient<C> term : terms) {
            if (term.lipschitz().isEmpty()) {
                return OptionalDouble.empty();
            }
            sum += term.lipschitz().getAsDouble();
        }
        return OptionalDouble.of(sum);
    }

    @Override
    public OptionalDouble strongConvexity() {
        double sum = 0;
        for (Gradient<C> term : terms) {
            OptionalDouble mu = term.strongConvexity();
            // A cocoercive term is monotone; of one that declares nothing nothing is known.
            if (mu.isEmpty() && term.lipschitz().isEmpty()) {
                return mu;
            }
            sum += mu.orElse(0);
        }
        return sum > 0 ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        for (int i = 0; i < terms.size(); i++) {
            visitor.part(Integer.toString(i), terms.get(i));
        }
    }
}
