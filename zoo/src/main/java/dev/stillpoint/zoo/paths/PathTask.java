package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Loss;
import dev.stillpoint.train.Task;
import dev.stillpoint.zoo.Adjoints;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Mean squared error between the relaxed flow and the optimal path, from contexts and optimal paths alone. */
final class PathTask implements Task {
    /** A model of which fewer validation solves than this converge is not selected, whatever its loss looks like. */
    private static final double TO_BE_JUDGED = 0.9;

    /** Of a fixed-point residual, in units of the flow: an iterate that far off is no better a start than zero. */
    private static final double ONE_FLOW = 1;

    /** Of an iterate's entries: flows are at most 1 and costs of their size, so from beyond the way back is longer than from zero. */
    private static final double FAR = 100;

    private final ImplicitNetwork<Tensor, Rows> network;
    private final Part training;
    private final Part validation;
    private final PathData validationTruth;

    PathTask(ImplicitNetwork<Tensor, Rows> network, PathData training, PathData validation) {
        this.network = network;
        this.training = new Part(training);
        this.validation = new Part(validation);
        this.validationTruth = validation;
    }

    @Override
    public Learnable model() {
        return network;
    }

    @Override
    public int trainingRows() {
        return training.size;
    }

    @Override
    public Loss loss(int[] rows) {
        long[] indices = new long[rows.length];
        Arrays.setAll(indices, i -> rows[i]);
        Tensor chosen = Tensors.of(indices);
        Inference<Rows> inference =
                network.forward(training.contexts.index_select(0, chosen), training.warmStart.index_select(0, chosen));
        Status[] status = inference.solution().status();
        int[] unusable = new int[status.length];
        int count = 0;
        for (int i = 0; i < status.length; i++) {
            if (!status[i].usable()) {
                unusable[count++] = i;
            }
        }
        if (count == 0) {
            training.warmStart.index_copy_(0, chosen, worthKeeping(inference.solution()));
        }
        Tensor loss = torch.mse_loss(inference.x(), training.paths(training.arcs.index_select(0, chosen)));
        return new Loss(loss, Arrays.copyOf(unusable, count), () -> metrics(inference));
    }

    /** After the backward pass. */
    private Map<String, Double> metrics(Inference<Rows> inference) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        Solution solution = inference.solution();
        metrics.put("steps", solution.stats().meanSteps());
        metrics.put("converged", solution.count(Status.CONVERGED) / (double) Math.max(1, solution.status().length));
        metrics.putAll(
                Adjoints.metrics(network.adjoint(), inference.afterBackward().get()));
        return metrics;
    }

    /** The loss selects the model, so that selection too needs optimal paths alone; the regret is for information. */
    @Override
    public Map<String, Double> validate() {
        try (TensorScope scope = TensorScope.open()) {
            Inference<Rows> inference = network.infer(validation.contexts, validation.warmStart);
            validation.warmStart.copy_(worthKeeping(inference.solution()));
            Map<String, Double> metrics = new LinkedHashMap<>();
            double converged = inference.solution().count(Status.CONVERGED) / (double) validation.size;
            double loss = torch.mse_loss(inference.x(), validation.paths(validation.arcs))
                    .item_double();
            metrics.put("validationLoss", converged >= TO_BE_JUDGED ? loss : Double.NaN);
            metrics.put("validationConverged", converged);
            metrics.put(
                    "validationRegret", regret(Tensors.rows(inference.context().values())));
            return metrics;
        }
    }

    /** z* of the rows that are near theirs, zero for the others: extreme weights must not spoil the starts of later epochs. */
    private static Tensor worthKeeping(Solution solution) {
        double[] residual = solution.stats().residual();
        float[] near = new float[residual.length];
        for (int i = 0; i < near.length; i++) {
            near[i] = residual[i] <= ONE_FLOW ? 1 : 0;
        }
        Tensor z = solution.z();
        Tensor within = z.abs().amax(new long[] {1}, true).le(new Scalar(FAR));
        Tensor keep = Tensors.of(near, near.length, 1).gt(new Scalar(0.5)).logical_and(within);
        return torch.where(keep, z, new Scalar(0.0));
    }

    private double regret(float[][] costs) {
        for (float[] row : costs) {
            for (float w : row) {
                if (!Float.isFinite(w)) {
                    return Double.NaN;
                }
            }
        }
        return Regret.ofCosts(costs, validationTruth).normalised();
    }

    @Override
    public void visitState(ParameterVisitor visitor) {
        visitor.buffer("trainingWarmStart", training.warmStart);
        visitor.buffer("validationWarmStart", validation.warmStart);
        visitor.part("adjoint", network.adjoint());
    }

    /** A part of the data as tensors, and z* of each row from the last time that it was solved. */
    private static final class Part {
        final int size;
        final Tensor contexts;
        /** Of each optimal path, [size, 2(k−1)]. */
        final Tensor arcs;

        final Tensor warmStart;

        Part(PathData data) {
            this.size = data.size();
            try (TensorScope scope = TensorScope.open()) {
                this.contexts = TensorScope.persist(Tensors.of(data.contexts()));
                this.arcs = TensorScope.persist(arcs(data));
                this.warmStart = TensorScope.persist(
                        Tensors.zeros(ScalarType.Float, data.size(), data.grid().arcs()));
            }
        }

        private static Tensor arcs(PathData data) {
            int length = data.grid().pathLength();
            long[] flat = new long[data.size() * length];
            for (int i = 0; i < data.size(); i++) {
                for (int j = 0; j < length; j++) {
                    flat[i * length + j] = data.arcs()[i][j];
                }
            }
            return Tensors.of(flat).view(data.size(), length);
        }

        /** Indicators [n, E] of the paths with these arcs [n, 2(k−1)]. */
        Tensor paths(Tensor arcs) {
            return Tensors.zeros(ScalarType.Float, arcs.size(0), warmStart.size(1))
                    .scatter_(1, arcs, new Scalar(1.0));
        }
    }
}
