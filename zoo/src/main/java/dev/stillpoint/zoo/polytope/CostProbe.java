package dev.stillpoint.zoo.polytope;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Loss;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.GradientProbe;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The first training rows, put through a task of their own: its loss is the training loss whatever that is.
 *
 * @param <I> what the network is given
 * @param <C> its context
 */
public class CostProbe<I, C extends Batch<C>> implements GradientProbe {
    /** Most rows that it takes. */
    public static final int ROWS = 32;

    /** Up to here a dense solve takes a second or so for all rows; beyond, its cost grows with the cube. */
    private static final int VARIABLES_FOR_DENSE = 200;

    /** What float32 products allow of ‖v‖. */
    private static final StoppingRule EXACT_STOP = new StoppingRule(0, 1e-6, 5_000, 1);

    private final ImplicitNetwork<I, C> network;
    private final CostTask<I, C> trained;
    private final Function<ImplicitNetwork<I, C>, CostTask<I, C>> task;
    private final StoppingRule exactly;
    private final int rows;

    /**
     * A probe of a task.
     *
     * @param network as it is trained
     * @param trained whose warm starts are used
     * @param task makes a task of the first {@code rows} training rows, with another network
     * @param exactly when a solve counts as exact
     * @param rows at most {@link #ROWS}
     */
    public CostProbe(
            ImplicitNetwork<I, C> network,
            CostTask<I, C> trained,
            Function<ImplicitNetwork<I, C>, CostTask<I, C>> task,
            StoppingRule exactly,
            int rows) {
        this.network = network;
        this.trained = trained;
        this.task = task;
        this.exactly = exactly;
        this.rows = rows;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public double[] gradient(Adjoints.Choice adjoint) {
        return gradient(network.solver(), adjoint.of(network.encoder()));
    }

    @Override
    public double[] exact() {
        return exact(
                trained.trainingWarmStart().size(1) <= VARIABLES_FOR_DENSE
                        ? Implicit.dense()
                        : Implicit.gmres(EXACT_STOP));
    }

    /** By one of the two, so that a test can hold them against each other. */
    public double[] exact(Implicit adjoint) {
        return gradient(network.solver().withStop(exactly), adjoint);
    }

    private double[] gradient(FixedPointSolver solver, Adjoint adjoint) {
        Map<String, Tensor> weights = network.parameters();
        try (TensorScope scope = TensorScope.open()) {
            CostTask<I, C> own = task.apply(network.withSolver(solver).withAdjoint(adjoint));
            own.trainingWarmStart().copy_(trained.trainingWarmStart().narrow(0, 0, rows));
            int[] all = new int[rows];
            Arrays.setAll(all, i -> i);
            clear(weights);
            Loss loss = own.loss(all);
            loss.value().backward();
            double[] gradient = flat(weights);
            clear(weights);
            if (loss.unusable().length > 0) {
                Arrays.fill(gradient, Double.NaN);
            }
            return gradient;
        }
    }

    private static double[] flat(Map<String, Tensor> weights) {
        int count = 0;
        for (Tensor weight : weights.values()) {
            count += Math.toIntExact(weight.numel());
        }
        double[] flat = new double[count];
        int place = 0;
        for (Tensor weight : weights.values()) {
            Tensor gradient = weight.grad();
            int length = Math.toIntExact(weight.numel());
            if (gradient.defined()) {
                System.arraycopy(Tensors.doubles(gradient), 0, flat, place, length);
            }
            place += length;
        }
        return flat;
    }

    private static void clear(Map<String, Tensor> weights) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            for (Tensor weight : weights.values()) {
                Tensor gradient = weight.grad();
                if (gradient.defined()) {
                    gradient.zero_();
                }
            }
        }
    }
}
