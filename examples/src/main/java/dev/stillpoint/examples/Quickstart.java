package dev.stillpoint.examples;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Start;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.network.Linear;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Learns the costs of four actions from the mix that was best for each context: x ≥ 0, Σx = 1. */
public final class Quickstart {
    private Quickstart() {}

    /** Trains for 300 steps and prints the loss and one decision. */
    public static void main(String[] args) {
        double loss = train(new float[][] {{1, 0}, {0, 1}}, new float[][] {{0.7f, 0.3f, 0, 0}, {0, 0, 0.5f, 0.5f}});
        System.out.println("loss " + loss);
    }

    static double train(float[][] contexts, float[][] bestMixes) {
        double loss = Double.NaN;
        // region quickstart
        Linear costs = new Linear(2, 4, new SplittableRandom(7)); // w(d), to be learned
        DavisYin<Rows> argmin = new DavisYin<>( // of w(d)ᵀx + ½‖x‖² over x ≥ 0, Σx = 1
                new Quadratic<>(Rows::values, 1.0),
                new NonNegative<>(),
                AffineSet.of(new double[][] {{1, 1, 1, 1}}, new double[] {1}),
                1.0);
        FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-5));
        ImplicitNetwork<Tensor, Rows> network = new ImplicitNetwork<>(
                Encoder.of(costs), argmin, Start.zerosLike(Rows::values), solver, new JacobianFree());
        Adam adam = new Adam(network.parameters(), Adam.Options.of(0.02));
        for (int i = 0; i < 300; i++) {
            try (TensorScope step = TensorScope.open()) { // frees the step's native memory
                adam.zeroGrad();
                Tensor x = network.forward(Tensors.of(contexts)).x();
                Tensor error = torch.mse_loss(x, Tensors.of(bestMixes));
                error.backward();
                adam.step();
                loss = error.item_double();
            }
        }
        // endregion
        return loss;
    }
}
