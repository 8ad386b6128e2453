package dev.stillpoint.adjoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.Cases;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples that depend on one another, as with batch norm while training: the implicit gradient is still the true one. */
class CoupledSamplesTest {
    private static final StoppingRule TIGHT = new StoppingRule(1e-13, 0, 2_000, 1);
    private static final int ROWS = 3;
    private static final int N = 4;

    /** z ↦ tanh(zW/2 + c + mean over the batch of z/3). */
    private record Mixing(Tensor w, Coupling coupling) implements Operator<Rows> {
        @Override
        public Tensor apply(Tensor z, Rows c) {
            Tensor mean = z.mean(new long[] {0}, true, new ScalarTypeOptional());
            return z.matmul(w)
                    .mul(new Scalar(0.5))
                    .add(c.values())
                    .add(mean, new Scalar(1 / 3.0))
                    .tanh();
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.parameter("w", w);
        }
    }

    static Stream<Adjoint> adjoints() {
        return Stream.of(
                Implicit.fixedPoint(TIGHT), Implicit.gmres(TIGHT), Implicit.conjugateGradient(TIGHT), Implicit.dense());
    }

    @ParameterizedTest
    @MethodSource("adjoints")
    void implicitIsTheTrueGradient(Adjoint adjoint) {
        assertThat(report(adjoint, Coupling.BATCH).verdict()).isEqualTo(GradientReport.Verdict.CORRECT);
    }

    /** Saboteur: an adjoint that does not solve the equation. */
    @Test
    void theCheckTellsAnotherGradient() {
        assertThat(report(new JacobianFree(), Coupling.BATCH).verdict()).isEqualTo(GradientReport.Verdict.WRONG);
    }

    private static GradientReport report(Adjoint adjoint, Coupling coupling) {
        var random = Cases.random(1);
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = Tensors.of(Cases.normal(random, N * N, 0.3), N, N).requires_grad_(true);
            Rows c = new Rows(Tensors.of(Cases.normal(random, ROWS * N, 1), ROWS, N));
            Tensor weights = Tensors.of(Cases.normal(random, ROWS * N, 1), ROWS, N);
            Mixing t = new Mixing(w, coupling);
            Learnable model = t;
            return GradientCheck.standard().of(model, () -> adjoint.solve(
                            FixedPointSolver.of(TIGHT), t, Tensors.zeros(Tensors.type(w), ROWS, N), c)
                    .z()
                    .mul(weights)
                    .sum());
        }
    }
}
