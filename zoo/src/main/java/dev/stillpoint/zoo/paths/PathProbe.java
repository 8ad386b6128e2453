package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Loss;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.GradientProbe;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** The first training rows, put through a task of their own: its loss is the training loss whatever that is. */
final class PathProbe implements GradientProbe {
    static final int ROWS = 32;

    /** Up to here a dense solve takes a second or so for all rows; beyond, its cost grows with the cube. */
    private static final int ARCS_FOR_DENSE = 200;

    /** What float32 products allow of ‖v‖. */
    private static final StoppingRule EXACT_STOP = new StoppingRule(0, 1e-6, 5_000, 1);

    private static final String WARM_START = "trainingWarmStart";

    private final ImplicitNetwork<Tensor, Rows> network;
    private final PathData rows;
    private final PathTask trained;

    /**
     * A probe of a task.
     *
     * @param trained whose warm starts are used
     */
    PathProbe(ImplicitNetwork<Tensor, Rows> network, PathData training, PathTask trained) {
        int[] first = new int[Math.min(ROWS, training.size())];
        Arrays.setAll(first, i -> i);
        this.network = network;
        this.rows = training.select(first);
        this.trained = trained;
    }

    @Override
    public int rows() {
        return rows.size();
    }

    @Override
    public double[] gradient(Adjoints.Choice adjoint) {
        return gradient(network.solver(), adjoint.of(network.encoder()));
    }

    @Override
    public double[] exact() {
        return exact(rows.grid().arcs() <= ARCS_FOR_DENSE ? Implicit.dense() : Implicit.gmres(EXACT_STOP));
    }

    /** By one of the two, so that a test can hold them against each other. */
    double[] exact(Implicit adjoint) {
        return gradient(network.solver().withStop(PathNetwork.inferenceStop(rows.grid())), adjoint);
    }

    private double[] gradient(FixedPointSolver solver, Adjoint adjoint) {
        Map<String, Tensor> weights = network.parameters();
        try (TensorScope scope = TensorScope.open()) {
            PathTask task = new PathTask(
                    new ImplicitNetwork<>(network.encoder(), network.operator(), network.start(), solver, adjoint),
                    rows,
                    rows);
            warmStart(task).copy_(warmStart(trained).narrow(0, 0, rows.size()));
            int[] all = new int[rows.size()];
            Arrays.setAll(all, i -> i);
            clear(weights);
            Loss loss = task.loss(all);
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

    /** The warm starts of a task's training rows. */
    private static Tensor warmStart(PathTask task) {
        Tensor found = new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                task.visitState(visitor);
            }
        }.state().get(WARM_START);
        if (found == null) {
            throw new AssertionError("PathTask names its warm starts");
        }
        return found;
    }
}
