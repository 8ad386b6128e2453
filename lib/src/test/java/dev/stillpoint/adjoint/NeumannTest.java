package dev.stillpoint.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class NeumannTest {
    private static final int TERMS = 40;

    /** T = z/2 + c: each product finds as much native memory in use as the one before. */
    @Test
    void memoryDoesNotGrowWithTheTerms() {
        List<Long> alive = new ArrayList<>();
        Operator<Rows> half = (z, c) -> Autograd.linear(z, u -> u.mul(new Scalar(0.5)), g -> {
                    alive.add(Pointer.totalCount());
                    return g.mul(new Scalar(0.5));
                })
                .add(c.values());
        try (TensorScope scope = TensorScope.open()) {
            Tensor c = Tensors.of(new double[] {1, 2, 3, 4}, 2, 2).requires_grad_(true);
            Tensor z0 = Tensors.zeros(ScalarType.Double, 2, 2);
            FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-12));
            Tensor z = new Neumann(TERMS).solve(solver, half, z0, new Rows(c)).z();
            z.sum().backward();
            // Σ 2⁻ⁱ to within 2⁻⁴⁰.
            for (double v : Tensors.doubles(c.grad())) {
                assertThat(v).isCloseTo(2, within(1e-11));
            }
        }
        assertThat(alive).hasSizeGreaterThanOrEqualTo(TERMS);
        // The collector may have freed what others left, so fewer are well.
        assertThat(alive.get(TERMS - 1)).isLessThanOrEqualTo(alive.get(2));
    }
}
