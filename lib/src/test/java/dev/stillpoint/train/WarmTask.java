package dev.stillpoint.train;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.Start;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.law.Cases;
import dev.stillpoint.network.Linear;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * z* = ½z* + w solved so loosely that where it begins shows, with noise from libtorch's generator: a resumed run
 * needs warm starts and generator too.
 */
final class WarmTask implements Task {
    private static final int ROWS = 12;
    private final ImplicitNetwork<Tensor, Rows> network;
    private final Tensor inputs;
    private final Tensor warmStart;

    WarmTask(long weights) {
        Operator<Rows> half = (z, c) -> z.mul(new Scalar(0.5)).add(c.values());
        this.network = new ImplicitNetwork<>(
                Encoder.of(new Linear(3, 2, Cases.random(weights))),
                half,
                Start.zerosLike(Rows::values),
                FixedPointSolver.of(StoppingRule.tolerance(0.05)),
                new JacobianFree());
        try (TensorScope scope = TensorScope.open()) {
            this.inputs = TensorScope.persist(Tensors.of(Cases.normal(Cases.random(50), 3 * ROWS, 1), ROWS, 3)
                    .to(torch.ScalarType.Float)
                    .clone());
            this.warmStart = TensorScope.persist(Tensors.zeros(torch.ScalarType.Float, ROWS, 2));
        }
    }

    @Override
    public Learnable model() {
        return network;
    }

    @Override
    public int trainingRows() {
        return ROWS;
    }

    @Override
    public Loss loss(int[] rows) {
        long[] indices = new long[rows.length];
        Arrays.setAll(indices, i -> rows[i]);
        Tensor chosen = Tensors.of(indices);
        Tensor input = inputs.index_select(0, chosen);
        Tensor noise = torch.rand_like(input).mul(new Scalar(0.1));
        Inference<Rows> inference = network.forward(input.add(noise), warmStart.index_select(0, chosen));
        try (NoGradGuard offTape = new NoGradGuard()) {
            warmStart.index_copy_(0, chosen, inference.solution().z());
        }
        Tensor error = inference.x().sub(new Scalar(1.0));
        return new Loss(
                error.mul(error).mean(),
                new int[0],
                Map.of("steps", inference.solution().stats().meanSteps()));
    }

    @Override
    public Map<String, Double> validate() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = network.infer(inputs, warmStart).x();
            // Passed on the way to 1: the best epoch lies in the middle.
            return Map.of("metric", Math.abs(x.mean().item_double() - 0.8));
        }
    }

    @Override
    public void visitState(ParameterVisitor visitor) {
        visitor.buffer("warmStart", warmStart);
    }
}
