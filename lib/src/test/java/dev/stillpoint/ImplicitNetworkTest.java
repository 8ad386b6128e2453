package dev.stillpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.GridNetwork;
import dev.stillpoint.law.PolytopeProblem;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.solver.Compaction;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImplicitNetworkTest {
    private static final int K = 5;
    private static final int N = 2 * K * (K - 1);
    private static final int BATCH = 17;
    private static final int BAD = 5;
    /** float32 rounding of an iterate of 40 numbers of size 1. */
    private static final double ROUNDING = 1e-6;

    private static final FixedPointSolver SOLVER = FixedPointSolver.of(StoppingRule.tolerance(1e-5));

    static Stream<Adjoint> adjoints() {
        // Those of the catalogue, with a tolerance that float32 reaches.
        Adjoint implicit = Implicit.fixedPoint(SOLVER.stop());
        return Stream.of(new JacobianFree(), new Neumann(5), new Unrolled(20), implicit, Implicit.dense());
    }

    @ParameterizedTest
    @MethodSource("adjoints")
    void forwardIsInferenceOnTheTape(Adjoint adjoint) {
        // Unrolling stops after its own count: it is compared with as many steps.
        StoppingRule rule = adjoint instanceof Unrolled unrolled
                ? StoppingRule.tolerance(1e-9).withMaxSteps(unrolled.steps())
                : SOLVER.stop();
        ImplicitNetwork<Tensor, Costs> network = GridNetwork.of(K, 1, SOLVER.withStop(rule), adjoint);
        try (TensorScope scope = TensorScope.open()) {
            Tensor features = GridNetwork.features(2, BATCH);
            Inference<Costs> inferred = network.infer(features);
            Inference<Costs> forwarded = network.forward(features);
            assertThat(inferred.x().requires_grad()).isFalse();
            assertThat(inferred.context().w().requires_grad()).isFalse();
            assertThat(forwarded.context().w().requires_grad()).isTrue();
            assertThat(inferred.solution().z().requires_grad()).isFalse();
            assertThat(forwarded.x().requires_grad()).isTrue();
            assertThat(forwarded.solution().z().requires_grad()).isFalse();
            for (int i = 0; i < BATCH; i++) {
                // The taped x is one application of T further, and S is nonexpansive.
                assertThat(Distances.between(row(forwarded.x(), i), row(inferred.x(), i)))
                        .isLessThanOrEqualTo(inferred.solution().stats().residual()[i] + ROUNDING);
            }
            forwarded.x().mul(forwarded.x()).sum().backward();
            assertThat(network.parameters()).hasSize(4).allSatisfy((name, weight) -> {
                assertThat(Distances.norm(Tensors.doubles(weight.grad())))
                        .as(name)
                        .isPositive();
            });
            assertThat(forwarded.afterBackward().get().products()).isNotNegative();
        }
    }

    @Test
    void partsKeepTheirNames() {
        assertThat(network(SOLVER).parameters().keySet())
                .containsExactly(
                        "encoder.layers.0.weight",
                        "encoder.layers.0.bias",
                        "encoder.layers.2.weight",
                        "encoder.layers.2.bias");
    }

    @Test
    void bothCallsNeedAnOpenScope() {
        ImplicitNetwork<Tensor, Costs> network = network(SOLVER);
        Tensor features = GridNetwork.features(2, BATCH);
        assertThatThrownBy(() -> network.infer(features))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need an open scope on this thread");
        assertThatThrownBy(() -> network.infer(features, features))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need an open scope on this thread");
        assertThatThrownBy(() -> network.forward(features))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need an open scope on this thread");
        try (TensorScope scope = TensorScope.open()) {
            Inference<Costs> inferred = network.infer(features);
            assertThatThrownBy(() -> inferred.afterBackward().get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("AdjointStats: need forward() and backward(), got infer()");
        }
    }

    @Test
    void answersBelongToTheOpenScope() {
        Inference<Costs> inferred;
        try (TensorScope scope = TensorScope.open()) {
            inferred = network(SOLVER).infer(GridNetwork.features(2, BATCH));
            assertThat(inferred.x().isNull()).isFalse();
        }
        assertThat(inferred.x().isNull()).isTrue();
        assertThat(inferred.solution().z().isNull()).isTrue();
    }

    @Test
    void violationIsTheLargestConstraintResidual() {
        FixedPointSolver cutShort = SOLVER.withStop(SOLVER.stop().withMaxSteps(3));
        try (TensorScope scope = TensorScope.open()) {
            Tensor features = GridNetwork.features(2, BATCH);
            Inference<Costs> rough = network(cutShort).infer(features);
            Inference<Costs> taped = network(cutShort).forward(features);
            Inference<Costs> good = network(SOLVER).infer(features);
            for (int i = 0; i < BATCH; i++) {
                assertThat(rough.violation()[i])
                        .isCloseTo(violation(row(rough.x(), i)), within(ROUNDING))
                        .isGreaterThan(1e3 * ROUNDING);
                assertThat(taped.violation()[i]).isCloseTo(violation(row(taped.x(), i)), within(ROUNDING));
                // x lies in the first set; its distance to the second is at most the residual, and rows of A have
                // at most four entries of size 1, so norm 2.
                assertThat(good.violation()[i])
                        .isLessThan(2 * good.solution().stats().residual()[i] + ROUNDING);
            }
        }
    }

    @Test
    void nanInOneRowOfTheInputHarmsNoOther() {
        ImplicitNetwork<Tensor, Costs> network = network(SOLVER.withCompaction(Compaction.OFF));
        try (TensorScope scope = TensorScope.open()) {
            Tensor features = GridNetwork.features(2, BATCH);
            Inference<Costs> clean = network.infer(features);
            Inference<Costs> cleanTaped = network.forward(features);
            clean.solution().orThrow();
            features.select(0, BAD).select(0, 3).fill_(new Scalar(Float.NaN));
            Inference<Costs> dirty = network.infer(features);
            Inference<Costs> dirtyTaped = network.forward(features);
            for (Inference<Costs> inference : java.util.List.of(dirty, dirtyTaped)) {
                assertThat(inference.solution().count(Status.CONVERGED)).isEqualTo(BATCH - 1);
                assertThat(inference.solution().status()[BAD]).isEqualTo(Status.NON_FINITE);
                assertThat(inference.solution().stats().residual()[BAD]).isNaN();
            }
            // Inference stays at the last finite iterate, here the start; the taped step spoils that row, and says so.
            assertThat(dirty.violation()[BAD]).isCloseTo(violation(row(dirty.x(), BAD)), within(ROUNDING));
            assertThat(dirtyTaped.violation()[BAD]).isNaN();
            assertThat(Distances.norm(row(dirtyTaped.x(), BAD))).isNaN();
            for (int i = 0; i < BATCH; i++) {
                if (i != BAD) {
                    assertThat(row(dirty.x(), i)).isEqualTo(row(clean.x(), i));
                    assertThat(row(dirtyTaped.x(), i)).isEqualTo(row(cleanTaped.x(), i));
                    assertThat(dirty.violation()[i]).isEqualTo(clean.violation()[i]);
                }
            }
        }
    }

    @Test
    void warmStartAtTheFixedPointTakesOneStep() {
        ImplicitNetwork<Tensor, Costs> network = network(SOLVER);
        try (TensorScope scope = TensorScope.open()) {
            Tensor features = GridNetwork.features(2, BATCH);
            Inference<Costs> cold = network.forward(features);
            Inference<Costs> warm = network.forward(features, cold.solution().z());
            assertThat(cold.solution().stats().maxSteps()).isGreaterThan(20);
            // Rows of a product change in their last bits with the batch, which may cost a borderline sample a step.
            assertThat(warm.solution().stats().maxSteps()).isLessThanOrEqualTo(2);
            assertThat(warm.solution().stats().meanSteps()).isLessThan(1.5);
            Inference<Costs> inferred = network.infer(features, cold.solution().z());
            assertThat(inferred.solution().stats().steps())
                    .isEqualTo(warm.solution().stats().steps());
            assertThat(inferred.x().requires_grad()).isFalse();
            assertThat(inferred.context().w().requires_grad()).isFalse();
            assertThatThrownBy(() -> network.forward(features, Tensors.zeros(ScalarType.Float, 3, N)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("FixedPointSolver: need z0 with a row a sample (17), got shape [3, 40]");
        }
    }

    @Test
    void emptyBatchIsAnswered() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor none = Tensors.zeros(ScalarType.Float, 0, GridNetwork.FEATURES);
            assertThat(network(SOLVER).infer(none).x().shape()).containsExactly(0, N);
            Inference<Costs> taped = network(SOLVER).forward(none);
            assertThat(taped.violation()).isEmpty();
            taped.x().sum().backward();
        }
    }

    @Test
    void solverMayBeExchanged() {
        ImplicitNetwork<Tensor, Costs> network = network(SOLVER);
        FixedPointSolver other = SOLVER.withStop(SOLVER.stop().withMaxSteps(1));
        assertThat(network.withSolver(other).solver()).isSameAs(other);
        assertThat(network.withSolver(other).encoder()).isSameAs(network.encoder());
    }

    private static ImplicitNetwork<Tensor, Costs> network(FixedPointSolver solver) {
        return GridNetwork.of(K, 1, solver, new JacobianFree());
    }

    private static double[] row(Tensor t, int i) {
        return Distances.row(Tensors.doubles(t), i, N);
    }

    /** max(|Ax − b|, −x) in plain Java. */
    private static double violation(double[] x) {
        PolytopeProblem problem = PolytopeProblem.grid(K, 0.5, 0.5);
        double worst = 0;
        for (int i = 0; i < problem.a().length; i++) {
            double sum = -problem.b()[i];
            for (int j = 0; j < N; j++) {
                sum += problem.a()[i][j] * x[j];
                worst = Math.max(worst, -x[j]);
            }
            worst = Math.max(worst, Math.abs(sum));
        }
        return worst;
    }
}
