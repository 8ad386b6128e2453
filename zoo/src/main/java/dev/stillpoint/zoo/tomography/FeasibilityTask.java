package dev.stillpoint.zoo.tomography;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Loss;
import dev.stillpoint.train.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The feasibility network's mean squared error at its fixed point, differentiated Jacobian-free. Each training image starts from its last
 * fixed point; the Lipschitz constant is brought down before every step.
 */
public final class FeasibilityTask implements Task, WarmTask, Reconstruction {
    private final FeasibilityStep step;
    private final TomographyData data;
    private final ImplicitNetwork<Tensor, Rows> network;
    private final ImplicitNetwork<Tensor, Rows> inference;
    private final Tensor warmStart;
    private final long seed;

    /**
     * A task for an operator.
     *
     * @param step what is trained
     * @param data on what
     * @param stop of each training solve, which goes on where the image's last one ended
     * @param inference of each validation solve, which begins anew
     * @param seed of the pairs that the Lipschitz constant is measured on
     */
    public FeasibilityTask(
            FeasibilityStep step, TomographyData data, StoppingRule stop, StoppingRule inference, long seed) {
        this.step = step;
        this.data = data;
        this.seed = seed;
        this.network = network(step, stop);
        this.inference = network.withSolver(FixedPointSolver.of(inference));
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            this.warmStart = TensorScope.persist(step.start(data.train().data()).clone());
        }
    }

    /** The network of an operator, [batch, beams] to images of n² numbers. */
    static ImplicitNetwork<Tensor, Rows> network(FeasibilityStep step, StoppingRule stop) {
        return new ImplicitNetwork<>(
                new Encoder<>() {
                    @Override
                    public Rows encode(Tensor d) {
                        return new Rows(d);
                    }
                },
                step,
                d -> step.start(d.values()),
                FixedPointSolver.of(stop),
                new JacobianFree());
    }

    @Override
    public Learnable model() {
        return step;
    }

    @Override
    public int trainingRows() {
        return data.train().size();
    }

    @Override
    public Loss loss(int[] rows) {
        Tensor chosen = Tensors.of(Arrays.stream(rows).asLongStream().toArray());
        Tensor d = data.train().data().index_select(0, chosen);
        Tensor start = warmStart.index_select(0, chosen);
        // A function of seed and rows, so that a resumed run draws the same.
        RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(31 * seed + Arrays.hashCode(rows));
        double ratio = step.normalise(start, new Rows(d), random);
        Inference<Rows> trained = network.forward(d, start);
        Solution solution = trained.solution();
        int[] unusable = solution.unusable();
        if (unusable.length == 0) {
            warmStart.index_copy_(0, chosen, solution.z());
        }
        Tensor loss = torch.mse_loss(trained.x(), data.train().images().index_select(0, chosen));
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("steps", solution.stats().meanSteps());
        metrics.put("converged", solution.count(Status.CONVERGED) / (double) rows.length);
        metrics.put("lipschitz", ratio);
        return new Loss(loss, unusable, metrics);
    }

    @Override
    public Tensor trainingStates(int from, int to) {
        return warmStart.narrow(0, from, (long) to - from);
    }

    @Override
    public Map<String, Double> validate() {
        return Validation.of(this, data);
    }

    @Override
    public Tensor of(Tensor d) {
        return inference.infer(d).x();
    }

    @Override
    public void visitState(ParameterVisitor visitor) {
        visitor.buffer("trainingWarmStart", warmStart);
    }
}
