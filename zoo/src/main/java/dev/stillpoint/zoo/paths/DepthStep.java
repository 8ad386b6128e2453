package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import dev.stillpoint.zoo.Settings;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Training steps of a shortest-path network whose solve takes exactly as many applications of T as asked: what depth costs. */
public final class DepthStep {
    /** Not met by a first step; later ones are not looked at before the last. */
    private static final double NEVER = Double.MIN_NORMAL;

    private final ImplicitNetwork<Tensor, Rows> network;
    private final Adam adam;
    private final Tensor contexts;
    private final Tensor paths;

    /**
     * A network with the application's defaults, and one batch of its data.
     *
     * @param grid nodes on a side
     * @param batch rows
     */
    public DepthStep(int grid, int batch) {
        Settings settings = Settings.of(new PathsApplication().settings(), Map.of("grid", Integer.toString(grid)));
        PathData data = PathGenerator.published(grid).withRows(batch).generate();
        this.network = PathsApplication.network(settings);
        this.adam = new Adam(network.parameters(), Adam.Options.of(1e-3));
        try (TensorScope scope = TensorScope.open()) {
            this.contexts = TensorScope.persist(Tensors.of(data.contexts()));
            float[][] paths = new float[batch][];
            Arrays.setAll(paths, data::path);
            this.paths = TensorScope.persist(Tensors.of(paths));
        }
    }

    /** The rule of a loop that takes exactly so many steps. */
    public static StoppingRule exactly(int steps) {
        return new StoppingRule(NEVER, 0, steps, steps);
    }

    /**
     * One training step: forward from zero by {@code depth} applications of T, backward, and a step of Adam.
     *
     * @param adjoint of that depth, where its work depends on it
     * @param depth applications of T in the solve, &ge; 1
     * @throws IllegalStateException if a solve took another number
     */
    public void run(Adjoint adjoint, int depth) {
        FixedPointSolver solver = FixedPointSolver.of(exactly(depth));
        try (TensorScope scope = TensorScope.open()) {
            adam.zeroGrad();
            Inference<Rows> inference = new ImplicitNetwork<>(
                            network.encoder(), network.operator(), network.start(), solver, adjoint)
                    .forward(contexts);
            for (int steps : inference.solution().stats().steps()) {
                if (steps != depth) {
                    throw new IllegalStateException(
                            "DepthStep: need a solve of " + depth + " steps, got one of " + steps);
                }
            }
            torch.mse_loss(inference.x(), paths).backward();
            adam.step();
        }
    }
}
