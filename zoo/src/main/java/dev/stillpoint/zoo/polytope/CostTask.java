package dev.stillpoint.zoo.polytope;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Loss;
import dev.stillpoint.train.Task;
import dev.stillpoint.zoo.Adjoints;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mean squared error between the relaxed solution and the optimal decision, from contexts and optimal decisions alone.
 *
 * @param <I> what the network is given
 * @param <C> its context
 */
public class CostTask<I, C extends Batch<C>> implements Task {
    /** A model of which fewer validation solves than this converge is not selected, whatever its loss looks like. */
    private static final double TO_BE_JUDGED = 0.9;

    /** The constraints' violation, in units of the decision, from which an x is no solution; training's tolerance leaves far less. */
    private static final double NO_SOLUTION = 0.1;

    /** Of a fixed-point residual, in units of the decision: an iterate that far off is no better a start than zero. */
    private static final double ONE_UNIT = 1;

    /** Of an iterate's entries: decisions are at most 1 and costs of their size, so from beyond the way back is longer than from zero. */
    private static final double FAR = 100;

    private final ImplicitNetwork<I, C> network;
    private final Part<I> training;
    private final Part<I> validation;
    private final Tensor trainingStart;
    private final Tensor validationStart;
    private final Function<Inference<C>, Map<String, Double>> judge;

    /**
     * A part of the data, as tensors that live as long as the task.
     *
     * @param <I> what the network is given
     */
    public interface Part<I> {
        /** The number of rows. */
        int size();

        /** n, the length of a decision. */
        int variables();

        /** What the network is given for all rows. */
        I inputs();

        /** The same for the rows at {@code rows}, int64 [count]; of the open scope. */
        I inputs(Tensor rows);

        /** The optimal decisions of all rows, [size, n]. */
        Tensor decisions();

        /** The same of the rows at {@code rows}, int64 [count]; of the open scope. */
        Tensor decisions(Tensor rows);
    }

    /**
     * A task.
     *
     * @param judge what is to be known of the validation rows beside the loss, from their inference; for information alone, so
     *     that selection too needs decisions alone
     */
    public CostTask(
            ImplicitNetwork<I, C> network,
            Part<I> training,
            Part<I> validation,
            Function<Inference<C>, Map<String, Double>> judge) {
        this.network = network;
        this.training = training;
        this.validation = validation;
        this.judge = judge;
        this.trainingStart = zeros(training);
        this.validationStart = zeros(validation);
    }

    private static Tensor zeros(Part<?> part) {
        try (TensorScope scope = TensorScope.open()) {
            return TensorScope.persist(Tensors.zeros(ScalarType.Float, part.size(), part.variables()));
        }
    }

    @Override
    public Learnable model() {
        return network;
    }

    @Override
    public int trainingRows() {
        return training.size();
    }

    @Override
    public Loss loss(int[] rows) {
        long[] indices = new long[rows.length];
        Arrays.setAll(indices, i -> rows[i]);
        Tensor chosen = Tensors.of(indices);
        Inference<C> inference = network.forward(training.inputs(chosen), trainingStart.index_select(0, chosen));
        int[] unusable = inference.solution().unusable();
        if (unusable.length == 0) {
            trainingStart.index_copy_(0, chosen, worthKeeping(inference.solution()));
        }
        Tensor loss = torch.mse_loss(inference.x(), training.decisions(chosen));
        return new Loss(loss, unusable, () -> Adjoints.metrics(network.adjoint(), inference));
    }

    /** After the backward pass. */
    /** The loss selects the model; what the judge says is for information. */
    @Override
    public Map<String, Double> validate() {
        try (TensorScope scope = TensorScope.open()) {
            Inference<C> inference = network.infer(validation.inputs(), validationStart);
            validationStart.copy_(worthKeeping(inference.solution()));
            Map<String, Double> metrics = new LinkedHashMap<>();
            double converged = solved(inference) / (double) validation.size();
            double loss = torch.mse_loss(inference.x(), validation.decisions()).item_double();
            metrics.put("validationLoss", converged >= TO_BE_JUDGED ? loss : Double.NaN);
            metrics.put("validationConverged", converged);
            metrics.putAll(judge.apply(inference));
            return metrics;
        }
    }

    /** Rows that converged to a solution: where z is so large that a unit is less than its rounding, T(z) = z says nothing. */
    private static int solved(Inference<?> inference) {
        Status[] status = inference.solution().status();
        double[] violation = inference.violation();
        int count = 0;
        for (int i = 0; i < status.length; i++) {
            count += status[i] == Status.CONVERGED && violation[i] <= NO_SOLUTION ? 1 : 0;
        }
        return count;
    }

    /** z* of the rows that are near theirs, zero for the others: extreme weights must not spoil the starts of later epochs. */
    private static Tensor worthKeeping(Solution solution) {
        double[] residual = solution.stats().residual();
        float[] near = new float[residual.length];
        for (int i = 0; i < near.length; i++) {
            near[i] = residual[i] <= ONE_UNIT ? 1 : 0;
        }
        Tensor z = solution.z();
        Tensor within = z.abs().amax(new long[] {1}, true).le(new Scalar(FAR));
        Tensor keep = Tensors.of(near, near.length, 1).gt(new Scalar(0.5)).logical_and(within);
        return torch.where(keep, z, new Scalar(0.0));
    }

    @Override
    public void visitState(ParameterVisitor visitor) {
        visitor.buffer("trainingWarmStart", trainingStart);
        visitor.buffer("validationWarmStart", validationStart);
        visitor.part("adjoint", network.adjoint());
    }

    /** z* of the training rows from the last time that each was solved, [rows, n]: what the next solve starts from. */
    public Tensor trainingWarmStart() {
        return trainingStart;
    }
}
