package dev.stillpoint.zoo.tomography;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.operator.AdmmLayout;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
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
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The constrained network's mean squared error at its fixed point. Each image's x, ν₁ and ν₂ are warm from epoch to epoch, so that a
 * solve takes few steps; p and w are not kept, since the next step does not depend on them (αλ = 1).
 */
public final class ConstrainedTask implements Task, WarmTask {
    private final ImplicitNetwork<Tensor, ScanContext> network;
    private final StoppingRule validationStop;
    private final TomographyData data;
    private final Warm training;
    private final Warm validation;

    /**
     * A task for a model.
     *
     * @param model what is trained
     * @param network of it, solved and differentiated as a training step does it
     * @param validationStop of each validation solve, which is warm too
     * @param data on what
     */
    public ConstrainedTask(
            ConstrainedNetwork model,
            ImplicitNetwork<Tensor, ScanContext> network,
            StoppingRule validationStop,
            TomographyData data) {
        this.network = network;
        this.validationStop = validationStop;
        this.data = data;
        this.training = new Warm(model, data.train().data());
        this.validation = new Warm(model, data.validate().data());
    }

    @Override
    public Learnable model() {
        return network;
    }

    @Override
    public int trainingRows() {
        return data.train().size();
    }

    @Override
    public Loss loss(int[] rows) {
        Tensor chosen = Tensors.of(Arrays.stream(rows).asLongStream().toArray());
        Inference<ScanContext> inference =
                network.forward(data.train().data().index_select(0, chosen), training.states(chosen));
        int[] unusable = inference.solution().unusable();
        if (unusable.length == 0) {
            training.keep(chosen, inference.solution().z());
        }
        Tensor loss = torch.mse_loss(inference.x(), data.train().images().index_select(0, chosen));
        return new Loss(loss, unusable, () -> metrics(inference));
    }

    private Map<String, Double> metrics(Inference<ScanContext> inference) {
        Map<String, Double> metrics = Adjoints.metrics(network.adjoint(), inference);
        double[] residual = inference.solution().stats().residual();
        metrics.put("residual", Arrays.stream(residual).sum() / Math.max(1, residual.length));
        return metrics;
    }

    @Override
    public Map<String, Double> validate() {
        ImplicitNetwork<Tensor, ScanContext> solved = network.withSolver(FixedPointSolver.of(validationStop));
        int rows = data.validate().size();
        float[][] images = new float[rows][];
        int converged = 0;
        double steps = 0;
        for (int from = 0; from < rows; from += Reconstruction.ROWS) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor chosen = range(from, Math.min(rows, from + Reconstruction.ROWS));
                Inference<ScanContext> inference =
                        solved.infer(data.validate().data().index_select(0, chosen), validation.states(chosen));
                Solution solution = inference.solution();
                float[][] part = Tensors.rows(inference.x());
                System.arraycopy(part, 0, images, from, part.length);
                converged += solution.count(Status.CONVERGED);
                steps += Arrays.stream(solution.stats().steps()).sum();
                if (Arrays.stream(solution.status()).allMatch(Status::usable)) {
                    validation.keep(chosen, solution.z());
                }
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>(Validation.of(images, data));
        metrics.put("validationSteps", steps / Math.max(1, rows));
        metrics.put("validationConverged", converged / (double) Math.max(1, rows));
        return metrics;
    }

    @Override
    public Tensor trainingStates(int from, int to) {
        return training.states(range(from, to));
    }

    private static Tensor range(int from, int to) {
        long[] rows = new long[to - from];
        Arrays.setAll(rows, i -> from + i);
        return Tensors.of(rows);
    }

    @Override
    public void visitState(ParameterVisitor visitor) {
        visitor.part("training", training);
        visitor.part("validation", validation);
        visitor.part("adjoint", network.adjoint());
    }

    /** x, ν₁ and ν₂ of each row, from the last time that it was solved; at first the back-projection and zeros. */
    private static final class Warm implements Learnable {
        private final AdmmLayout layout;
        private final Tensor x;
        private final Tensor nu1;
        private final Tensor nu2;

        Warm(ConstrainedNetwork model, Tensor data) {
            this.layout = model.operator().layout();
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                this.x = TensorScope.persist(model.startImage(data).clone());
                this.nu1 = TensorScope.persist(Tensors.zeros(ScalarType.Float, data.size(0), layout.p()));
                this.nu2 = TensorScope.persist(Tensors.zeros(ScalarType.Float, data.size(0), layout.w()));
            }
        }

        Tensor states(Tensor rows) {
            Tensor zeros = Tensors.zeros(ScalarType.Float, rows.size(0), (long) layout.p() + layout.w());
            return torch.cat(
                    new TensorVector(
                            zeros, nu1.index_select(0, rows), nu2.index_select(0, rows), x.index_select(0, rows)),
                    1);
        }

        void keep(Tensor rows, Tensor z) {
            x.index_copy_(0, rows, layout.x(z));
            nu1.index_copy_(0, rows, layout.nu1(z));
            nu2.index_copy_(0, rows, layout.nu2(z));
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.buffer("x", x);
            visitor.buffer("nu1", nu1);
            visitor.buffer("nu2", nu2);
        }
    }
}
