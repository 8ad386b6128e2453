package dev.stillpoint.operator;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * x ↦ (A₁x, …, A_kx), the operators one above the other, [batch, m₁ + … + m_k]. A*y = Σ A_i*y_i.
 *
 * <p>Its norm is at most √(Σ‖A_i‖²), its lower bound at least √(Σβ_i²) over the β_i that are known.
 *
 * @param blocks the operators in the order of their rows, at least one, of the same input shape
 * @param <C> the context, shared by all blocks
 */
public record Stacked<C>(List<Block<C>> blocks) implements LinearOperator<C> {
    /**
     * An operator and its number of rows.
     *
     * @param operator A_i, with outputs [batch, m_i]
     * @param rows m_i, not negative
     * @param <C> the context
     */
    public record Block<C>(LinearOperator<C> operator, int rows) {
        /** Checks the number of rows. */
        public Block {
            if (rows < 0) {
                throw new IllegalArgumentException("Stacked: need rows >= 0, got " + rows);
            }
        }
    }

    /** Copies the list, and checks that it is not empty. */
    public Stacked {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("Stacked: need at least one block, got none");
        }
    }

    @Override
    public Tensor apply(Tensor x, C c) {
        TensorVector parts = new TensorVector();
        for (Block<C> block : blocks) {
            Tensor part = block.operator.apply(x, c);
            Tensors.check("Stacked: block", part, x.size(0), block.rows);
            parts.push_back(part);
        }
        return torch.cat(parts, 1);
    }

    @Override
    public Tensor adjoint(Tensor y, C c) {
        Tensors.check(
                "Stacked: y", y, -1, blocks.stream().mapToLong(Block::rows).sum());
        Tensor sum = part(blocks.get(0), y, 0, c);
        long start = blocks.get(0).rows;
        for (Block<C> block : blocks.subList(1, blocks.size())) {
            sum = sum.add(part(block, y, start, c));
            start += block.rows;
        }
        return sum;
    }

    @Override
    public OptionalDouble norm() {
        double sum = 0;
        for (Block<C> block : blocks) {
            OptionalDouble norm = block.operator.norm();
            if (norm.isEmpty()) {
                return norm;
            }
            sum += norm.getAsDouble() * norm.getAsDouble();
        }
        return OptionalDouble.of(Math.sqrt(sum));
    }

    @Override
    public OptionalDouble lowerBound() {
        double sum = 0;
        for (Block<C> block : blocks) {
            double bound = block.operator.lowerBound().orElse(0);
            sum += bound * bound;
        }
        return sum > 0 ? OptionalDouble.of(Math.sqrt(sum)) : OptionalDouble.empty();
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        for (int i = 0; i < blocks.size(); i++) {
            visitor.part(Integer.toString(i), blocks.get(i).operator);
        }
    }

    private static <C> Tensor part(Block<C> block, Tensor y, long start, C c) {
        return block.operator.adjoint(y.narrow(1, start, block.rows), c);
    }
}
