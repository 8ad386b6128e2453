package dev.stillpoint.zoo.paths;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Start;
import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Linear;
import dev.stillpoint.network.Scale;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.zoo.Adjoints;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * x(d) = argmin w(d)ᵀx + γ/2‖x‖² over unit flows {Ax = b, x ≥ 0} of a grid, by Davis-Yin splitting, with costs
 * w = s·(Linear(hidden, E) ∘ LeakyReLU(0.1) ∘ Linear(p, hidden)).
 *
 * <p>x depends on w/γ alone. The fixed unit s decides where training starts and how fast w moves against the features: with
 * s well below γ the first flows are spread over many paths, and the features are learned before the costs grow.
 *
 * <p>Reference: McKenzie, Heaton and Wu Fung 2024, "Differentiating through integer linear programs with quadratic
 * regularization and Davis-Yin splitting".
 */
final class PathNetwork {
    /** A fifth of a thousandth of a unit flow an arc: far below the noise of a mini-batch. */
    static final StoppingRule TRAINING_STOP = StoppingRule.tolerance(2e-4).withMaxSteps(2_000);

    /** Half of the violation that counts as feasible, {@link PathPredictor#FEASIBLE}. */
    private static final double INFERENCE_RESIDUAL = PathPredictor.FEASIBLE / 2;

    private PathNetwork() {}

    /** The network: contexts [batch, p] to costs [batch, E] to flows [batch, E]. */
    static ImplicitNetwork<Tensor, Rows> create(
            Grid grid,
            int features,
            int hidden,
            double gamma,
            double step,
            double costScale,
            Adjoints.Choice adjoint,
            RandomGenerator random) {
        Sequential layers = Sequential.of(
                new Linear(features, hidden, random),
                new LeakyRelu(0.1),
                new Linear(hidden, grid.arcs(), random),
                new Scale(costScale));
        DavisYin<Rows> operator = new DavisYin<>(
                new Quadratic<>(Rows::values, gamma),
                new NonNegative<>(),
                AffineSet.of(grid.incidence(), grid.supply()),
                step);
        Encoder<Tensor, Rows> encoder = Encoder.of(layers);
        return new ImplicitNetwork<>(
                encoder,
                operator,
                Start.zerosLike(Rows::values),
                FixedPointSolver.of(TRAINING_STOP),
                adjoint.of(encoder));
    }

    /**
     * When a decision's flow is solved: to 3e-6 a number, and on large grids to ‖T(z) − z‖₂ ≤ 5e-5, so that ‖Ax − b‖∞, which is at
     * most twice that (four arcs a node), stays feasible on any.
     */
    static StoppingRule inferenceStop(Grid grid) {
        return StoppingRule.tolerance(Math.min(3e-6, INFERENCE_RESIDUAL / Math.sqrt(grid.arcs())))
                .withMaxSteps(20_000);
    }

    /**
     * The network as decisions use it: solved by {@link #inferenceStop} and half of training's step, with which float32 comes
     * nearer to the solution, and sooner from 30 x 30 on.
     */
    static ImplicitNetwork<Tensor, Rows> forInference(Grid grid, ImplicitNetwork<Tensor, Rows> network) {
        Operator<Rows> operator = network.operator();
        if (operator instanceof DavisYin<Rows> d) {
            operator = new DavisYin<>(d.smooth(), d.g(), d.h(), d.step() / 2);
        }
        return new ImplicitNetwork<>(
                network.encoder(),
                operator,
                network.start(),
                FixedPointSolver.of(inferenceStop(grid)),
                network.adjoint());
    }
}
