package dev.stillpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.adjoint.GradientCheck;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.law.Cases;
import dev.stillpoint.network.Dropout;
import dev.stillpoint.network.Linear;
import dev.stillpoint.network.Mode;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** A network whose output is a learned function of its solution. */
class HeadTest {
    private static final StoppingRule TIGHT = new StoppingRule(1e-13, 0, 1_000, 1);

    /** z ↦ tanh(z/2 + c). */
    private static final Operator<Rows> T =
            (z, c) -> z.mul(new Scalar(0.5)).add(c.values()).tanh();

    private static ImplicitNetwork<Tensor, Rows> network(Head<Rows> head, RandomGenerator random) {
        return new ImplicitNetwork<>(
                Encoder.of(new Linear(3, 4, ScalarType.Double, random)),
                T,
                Start.zerosLike(Rows::values),
                head,
                FixedPointSolver.of(TIGHT),
                Implicit.gmres(TIGHT));
    }

    @Test
    void outputIsTheHeadOfTheSolutionAndItsWeightsAreTheNetworks() {
        RandomGenerator random = Cases.random(1);
        Linear layer = new Linear(4, 2, ScalarType.Double, random);
        ImplicitNetwork<Tensor, Rows> network = network(Head.of(layer, Mode.EVAL), random);
        assertThat(network.parameters().keySet())
                .containsExactly("encoder.weight", "encoder.bias", "head.weight", "head.bias");
        try (TensorScope scope = TensorScope.open()) {
            Tensor d = Tensors.of(Cases.normal(random, 6, 1), 2, 3);
            Inference<Rows> inference = network.infer(d);
            assertThat(Tensors.doubles(inference.x()))
                    .isEqualTo(
                            Tensors.doubles(layer.forward(inference.solution().z())));
            assertThat(Tensors.doubles(
                            network.withHead(Head.identity()).infer(d).x()))
                    .isEqualTo(Tensors.doubles(inference.solution().z()));
        }
    }

    @Test
    void gradientsOfHeadAndEncoderAreTrue() {
        RandomGenerator random = Cases.random(2);
        ImplicitNetwork<Tensor, Rows> network =
                network(Head.of(new Linear(4, 2, ScalarType.Double, random), Mode.TRAIN), random);
        try (TensorScope scope = TensorScope.open()) {
            Tensor d = Tensors.of(Cases.normal(random, 6, 1), 2, 3);
            GradientCheck.standard()
                    .of(network, () -> network.forward(d).x().square().sum())
                    .orThrow();
        }
    }

    @Test
    void modeIsTheLayers() {
        RandomGenerator random = Cases.random(3);
        Sequential layers = Sequential.of(new Dropout(0.5));
        try (TensorScope scope = TensorScope.open()) {
            Tensor d = Tensors.of(Cases.normal(random, 300, 1), 100, 3);
            ImplicitNetwork<Tensor, Rows> used = network(Head.of(layers, Mode.EVAL), random);
            assertThat(used.infer(d).x().eq(new Scalar(0.0)).sum().item_long()).isZero();
            assertThat(used.withHead(Head.of(layers, Mode.TRAIN))
                            .infer(d)
                            .x()
                            .eq(new Scalar(0.0))
                            .sum()
                            .item_long())
                    .isBetween(100L, 300L);
        }
    }
}
