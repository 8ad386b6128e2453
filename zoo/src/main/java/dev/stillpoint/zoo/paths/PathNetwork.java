package dev.stillpoint.zoo.paths;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Start;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.polytope.CostNetwork;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/**
 * The network of {@link CostNetwork} over unit flows {Ax = b, x ≥ 0} of a grid. Its arcs go one way, so no flow exceeds 1 and
 * x ≤ 1 need not be said.
 */
final class PathNetwork {
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
        DavisYin<Rows> operator = new DavisYin<>(
                new Quadratic<>(Rows::values, gamma),
                new NonNegative<>(),
                AffineSet.of(grid.incidence(), grid.supply()),
                step);
        Encoder<Tensor, Rows> encoder =
                Encoder.of(CostNetwork.layers(features, hidden, grid.arcs(), costScale, random));
        return new ImplicitNetwork<>(
                encoder,
                operator,
                Start.zerosLike(Rows::values),
                FixedPointSolver.of(CostNetwork.TRAINING_STOP),
                adjoint.of(encoder));
    }

    /** When a decision's flow is solved. */
    static StoppingRule inferenceStop(Grid grid) {
        return CostNetwork.inferenceStop(grid.incidence());
    }

    /** The network as decisions use it. */
    static ImplicitNetwork<Tensor, Rows> forInference(Grid grid, ImplicitNetwork<Tensor, Rows> network) {
        return CostNetwork.forInference(network, inferenceStop(grid));
    }
}
