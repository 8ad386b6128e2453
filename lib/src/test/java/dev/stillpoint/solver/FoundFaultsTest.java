package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** Faults that were found once, and stay away. */
class FoundFaultsTest {
    @Test
    void infinityDoesNotConverge() {
        StoppingRule rule = new StoppingRule(1e-8, 1e-6, 100, 1);
        try (TensorScope scope = TensorScope.open()) {
            Contractions constant = Contractions.of(Cases.random(1), 5, 0);
            Operator<Contractions> t = (z, c) -> c.b();
            Tensor infinite = torch.zeros_like(constant.b()).fill_(new Scalar(Double.POSITIVE_INFINITY));
            assertThat(FixedPointSolver.of(rule).solve(t, infinite, constant).status())
                    .containsExactly(Status.NON_FINITE);
            // 4ᵏ overflows the float32 norm between two looks.
            Contractions growing = Contractions.of(Cases.random(1), 5, 4);
            Contractions single = new Contractions(
                    growing.a().to(ScalarType.Float), growing.b().to(ScalarType.Float));
            Solution solution = FixedPointSolver.of(rule.withCheckEvery(50))
                    .solve(Contractions.OPERATOR, torch.zeros_like(single.b()), single);
            assertThat(solution.count(Status.CONVERGED)).isZero();
        }
    }

    @Test
    void vjpOfUnusedInputIsZeroAndOffTheTapeWhateverItHolds() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(new double[] {Double.NaN, 1}, 2).requires_grad_(true);
            Tensor other = Tensors.of(new double[] {1}, 1).requires_grad_(true);
            Tensor gradient = Autograd.vjp(other.sin(), x, torch.ones_like(other));
            assertThat(Tensors.doubles(gradient)).containsOnly(0);
            assertThat(gradient.requires_grad()).isFalse();
        }
    }

    @Test
    void denseReportsNanInOneMatrix() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor m = Tensors.of(new double[] {0.5, Double.NaN, 0.5}, 3, 1);
            Solution v = DenseLinear.standard().solve(LinearMap.symmetric(u -> u.mul(m)), torch.ones_like(m));
            assertThat(v.status()).containsExactly(Status.CONVERGED, Status.NON_FINITE, Status.CONVERGED);
        }
    }

    @Test
    void operatorsMistakesGetAClearMessage() {
        FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-6));
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(1), 5, 0.1, 0.9, 0.95);
            Operator<Contractions> ignoresItsContext = (z, k) -> c.b();
            Operator<Contractions> widens = (z, k) -> z.mul(c.a()).add(c.b());
            assertThatThrownBy(() -> solver.solve(widens, torch.zeros_like(c.b()), c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Operator: T(z): expected [1, 5], got [3, 5]");
            assertThatThrownBy(() -> solver.solve(Contractions.OPERATOR, Tensors.zeros(ScalarType.Float, 3, 5), c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Float");
            assertThat(solver.solve(ignoresItsContext, torch.zeros_like(c.b()), c)
                            .count(Status.CONVERGED))
                    .isEqualTo(3);
        }
    }

    @Test
    void emptyBatchesOfAnyRank() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor empty = Tensors.zeros(ScalarType.Float, 0, 2, 3);
            assertThat(Tensors.doubles(Tensors.rowNorm(empty))).isEmpty();
            assertThat(DenseLinear.standard()
                            .solve(LinearMap.symmetric(v -> v), empty)
                            .status())
                    .isEmpty();
        }
    }

    @Test
    void everyAdjointNeedsAnOpenScope() {
        Contractions c = Contractions.of(Cases.random(1), 5, 0.5);
        FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-6));
        assertThatThrownBy(() -> new JacobianFree().solve(solver, Contractions.OPERATOR, torch.zeros_like(c.b()), c))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Unrolled(3).solve(solver, Contractions.OPERATOR, torch.zeros_like(c.b()), c))
                .isInstanceOf(IllegalStateException.class);
    }
}
