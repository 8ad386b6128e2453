package dev.stillpoint.examples;

import dev.stillpoint.*;
import dev.stillpoint.adjoint.*;
import dev.stillpoint.network.Linear;
import dev.stillpoint.operator.*;
import dev.stillpoint.set.*;
import dev.stillpoint.solver.*;
import dev.stillpoint.tensor.*;
import dev.stillpoint.train.Adam;
import java.util.*;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Learns r(d) and Σ of x(d) = argmin −r(d)ᵀx + ½‖x‖² + ½xᵀΣx over sum 1, 0 ≤ x ≤ 0.2, by two adjoints. */
public final class Portfolio {
    private static final Adjoint EXACT = Implicit.gmres(StoppingRule.tolerance(1e-10));

    private Portfolio() {}

    public static void main(String[] args) {
        System.out.println("loss: JFB " + train(new JacobianFree()) + ", implicit " + train(EXACT));
        ImplicitNetwork<Tensor, Rows> network = network(2, EXACT);
        GradientCheck.standard().of(network, () -> loss(network)).orThrow(); // names a weight whose gradient is wrong
    }

    static ImplicitNetwork<Tensor, Rows> network(long seed, Adjoint adjoint) {
        SplittableRandom random = new SplittableRandom(seed);
        Covariance<Rows> risk = Covariance.random(8, 2, torch.ScalarType.Double, random);
        Gradient<Rows> f =
                new GradientSum<>(List.of(new Quadratic<>(c -> c.values().neg(), 1), risk));
        Operator<Rows> t = new DavisYin<>(f, Box.of(0, 0.2), Simplex.of(1), 0.9); // 0.9 < 2/L = 1
        Encoder<Tensor, Rows> returns = Encoder.of(new Linear(3, 8, torch.ScalarType.Double, random));
        FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-10));
        return new ImplicitNetwork<>(returns, t, Start.zerosLike(Rows::values), solver, adjoint);
    }

    /** The distance from the portfolios of a hidden model, which has another r and another Σ. */
    static Tensor loss(ImplicitNetwork<Tensor, Rows> network) {
        Tensor features = Tensors.of(new SplittableRandom(0).doubles(60, -1, 1).toArray(), 20, 3);
        return torch.mse_loss(
                network.forward(features).x(), network(1, EXACT).infer(features).x());
    }

    static double train(Adjoint adjoint) {
        ImplicitNetwork<Tensor, Rows> network = network(2, adjoint);
        Adam adam = new Adam(network.parameters(), Adam.Options.of(0.05));
        for (int i = 0; i < 60; i++) {
            try (TensorScope step = TensorScope.open()) {
                adam.zeroGrad();
                loss(network).backward();
                adam.step();
            }
        }
        try (TensorScope scope = TensorScope.open()) {
            return loss(network).item_double();
        }
    }
}
