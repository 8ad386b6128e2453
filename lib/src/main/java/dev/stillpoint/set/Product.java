package dev.stillpoint.set;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * C₁ × … × C_k on consecutive blocks of the variables: P(x) = (P₁(x₁), …, P_k(x_k)), as exact as its factors. The sum of
 * their costs.
 *
 * @param factors the sets in the order of their variables, which together are all variables
 * @param <C> the context, shared by all factors
 */
public record Product<C>(List<Factor<C>> factors) implements ConvexSet<C> {
    /**
     * A set and the number of consecutive variables that it constrains.
     *
     * @param set the set
     * @param size its dimension, not negative
     * @param <C> the context
     */
    public record Factor<C>(ConvexSet<C> set, int size) {
        /** Checks the size. */
        public Factor {
            if (size < 0) {
                throw new IllegalArgumentException("Product: need size >= 0, got " + size);
            }
        }
    }

    /** Copies the list, and checks that it is not empty. */
    public Product {
        factors = List.copyOf(factors);
        if (factors.isEmpty()) {
            throw new IllegalArgumentException("Product: need at least one factor, got none");
        }
    }

    @Override
    public Tensor project(Tensor x, C c) {
        return torch.cat(parts(x, (set, part) -> set.project(part, c)), 1);
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        return torch.stack(parts(x, (set, part) -> set.violation(part, c)), 1).amax(new long[] {1}, false);
    }

    private TensorVector parts(Tensor x, BiFunction<ConvexSet<C>, Tensor, Tensor> f) {
        long n = factors.stream().mapToLong(Factor::size).sum();
        Tensors.check("Product: x", x, -1, n);
        TensorVector parts = new TensorVector();
        long start = 0;
        for (Factor<C> factor : factors) {
            parts.push_back(f.apply(factor.set, x.narrow(1, start, factor.size)));
            start += factor.size;
        }
        return parts;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        for (int i = 0; i < factors.size(); i++) {
            visitor.part(Integer.toString(i), factors.get(i).set);
        }
    }
}
