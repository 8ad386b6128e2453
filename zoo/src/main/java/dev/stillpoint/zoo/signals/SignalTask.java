package dev.stillpoint.zoo.signals;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
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
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Mean squared error between recovered and true signals; the whole state of each, duals included, warm from epoch to epoch. */
final class SignalTask implements Task {
    private final ImplicitNetwork<Tensor, SignalContext> network;
    private final Part training;
    private final Part validation;

    SignalTask(ImplicitNetwork<Tensor, SignalContext> network, SignalData training, SignalData validation) {
        this.network = network;
        this.training = new Part(training);
        this.validation = new Part(validation);
    }

    @Override
    public Learnable model() {
        return network;
    }

    @Override
    public int trainingRows() {
        return (int) training.signals.size(0);
    }

    @Override
    public Loss loss(int[] rows) {
        Tensor chosen = Tensors.of(Arrays.stream(rows).asLongStream().toArray());
        Inference<SignalContext> inference =
                network.forward(training.measured.index_select(0, chosen), training.states.index_select(0, chosen));
        int[] unusable = inference.solution().unusable();
        if (unusable.length == 0) {
            training.states.index_copy_(0, chosen, inference.solution().z());
        }
        Tensor loss = torch.mse_loss(inference.x(), training.signals.index_select(0, chosen));
        return new Loss(loss, unusable, () -> Adjoints.metrics(network.adjoint(), inference));
    }

    @Override
    public Map<String, Double> validate() {
        try (TensorScope scope = TensorScope.open()) {
            Inference<SignalContext> inference = network.infer(validation.measured, validation.states);
            Solution solution = inference.solution();
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put(
                    "validationLoss",
                    torch.mse_loss(inference.x(), validation.signals).item_double());
            metrics.put("validationConverged", solution.count(Status.CONVERGED) / (double) solution.status().length);
            if (Arrays.stream(solution.status()).allMatch(Status::usable)) {
                validation.states.copy_(solution.z());
            }
            return metrics;
        }
    }

    @Override
    public void visitState(ParameterVisitor visitor) {
        visitor.buffer("trainingStates", training.states);
        visitor.buffer("validationStates", validation.states);
        visitor.part("adjoint", network.adjoint());
    }

    /** A part of the data as tensors, and the state of each row from the last time that it was solved. */
    private static final class Part {
        final Tensor measured;
        final Tensor signals;
        final Tensor states;

        Part(SignalData data) {
            try (TensorScope scope = TensorScope.open()) {
                this.measured = TensorScope.persist(Tensors.of(data.measured()));
                this.signals = TensorScope.persist(Tensors.of(data.signals()));
                this.states =
                        TensorScope.persist(Tensors.zeros(ScalarType.Float, data.size(), SignalNetwork.stateSize()));
            }
        }
    }
}
