package dev.stillpoint.cli.measure;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.kernel.Judge;
import dev.stillpoint.kernel.Verdict;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.train.Adam;
import dev.stillpoint.zoo.paths.Grid;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** The same network, data, loss and optimiser as {@link PublishedDysNet}, trained by Stillpoint: each sample stops on its own. */
final class StillpointPaths {
    /** Of a stretch between two looks at the published stop. */
    private static final int COUNTED_STEPS = 250;

    private final PathBatches data;
    private final DavisYin<Rows> operator;
    private final ImplicitNetwork<Tensor, Rows> network;
    private final Adam adam;

    /** A network with the common initial weights that solves every sample to the residual of {@link PublishedDysNet.Stop}. */
    StillpointPaths(PathBatches data, ConvexSet<Rows> flows, double alpha, double gamma) {
        this.data = data;
        // The rule's tolerance is a number's: residual ≤ absTol·√n.
        StoppingRule stop = StoppingRule.tolerance(
                        PublishedDysNet.Stop.RESIDUAL / Math.sqrt(data.grid().arcs()))
                .withMaxSteps(PublishedDysNet.MAX_STEPS);
        this.operator = new DavisYin<>(new Quadratic<>(Rows::values, gamma), new NonNegative<>(), flows, alpha);
        this.network = new ImplicitNetwork<>(
                Encoder.of(data.encoder()),
                operator,
                c -> data.start(c.size()).clone(),
                FixedPointSolver.of(stop),
                new JacobianFree());
        this.adam = new Adam(network.parameters(), Adam.Options.of(PublishedDysNet.LEARNING_RATE));
    }

    /** {x : Ax = b}. */
    static AffineSet<Rows> flows(Grid grid) {
        return AffineSet.of(grid.incidence(), grid.supply());
    }

    /**
     * An epoch from the rows of {@code z}, which become the fixed points.
     *
     * @param z [samples, n]
     */
    PathEpoch epoch(Tensor z) {
        return epoch(z, i -> {});
    }

    /**
     * An epoch from the cold start, in which the steps that the published stop takes are counted, a batch: the samples
     * iterate apart, and the squares of their residuals are added up step by step.
     */
    int[] countPublishedSteps() {
        int[] counts = new int[data.batches()];
        try (TensorScope scope = TensorScope.open()) {
            epoch(data.start(data.samples()).clone(), i -> counts[i] = countPublishedSteps(i));
        }
        return counts;
    }

    private int countPublishedSteps(int i) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope all = TensorScope.open()) {
            Rows costs = network.encoder().encode(data.rows(data.contexts(), i));
            int batch = costs.size();
            Tensor z = data.start(batch).clone();
            for (int before = 0; before < PublishedDysNet.MAX_STEPS; before += COUNTED_STEPS - 1) {
                Squares squares = new Squares(new double[batch][COUNTED_STEPS]);
                z.copy_(loop(z, costs).run(squares));
                for (int step = 1; step <= COUNTED_STEPS; step++) {
                    if (Math.sqrt(squares.after(step)) <= PublishedDysNet.Stop.FROBENIUS) {
                        return before + step;
                    }
                }
            }
            return PublishedDysNet.MAX_STEPS;
        }
    }

    private Fused.Loop loop(Tensor z, Rows costs) {
        return operator.loop(z, costs)
                .orElseThrow(() -> new AssertionError("need the kernel for this operator in float32, got none"));
    }

    /** ‖T(z) − z‖² of each sample at each step. The last step is looked at alone: what the loop returns has not taken it. */
    private record Squares(double[][] of) implements Judge {
        @Override
        public Verdict look(int sample, int step, double residual, double size) {
            of[sample][step - 1] = residual * residual;
            return step == of[sample].length ? Verdict.END : Verdict.GO_ON;
        }

        @Override
        public Verdict moved(int sample, double distance) {
            return Verdict.GO_ON;
        }

        double after(int step) {
            return Arrays.stream(of).mapToDouble(sample -> sample[step - 1]).sum();
        }
    }

    private PathEpoch epoch(Tensor z, IntConsumer beforeBatch) {
        long begin = System.nanoTime();
        int[] batchSteps = new int[data.batches()];
        long sampleSteps = 0;
        int unfinished = 0;
        int imprecise = 0;
        for (int i = 0; i < batchSteps.length; i++) {
            beforeBatch.accept(i);
            try (TensorScope scope = TensorScope.open()) {
                adam.zeroGrad();
                Tensor start = data.rows(z, i);
                Inference<Rows> inference = network.forward(data.rows(data.contexts(), i), start);
                data.loss(inference.x(), i).backward();
                adam.step();
                Solution solution = inference.solution();
                start.copy_(solution.z());
                batchSteps[i] = solution.stats().maxSteps();
                sampleSteps += Arrays.stream(solution.stats().steps()).sum();
                unfinished += solution.count(Status.MAX_STEPS_REACHED);
                imprecise += solution.count(Status.PRECISION_REACHED);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new PathEpoch(
                seconds, batchSteps, sampleSteps, data.samples(), unfinished, imprecise, new double[0], false);
    }

    /** A training step on batch 0 of at most {@code most} steps a sample that leaves the weights as they are. */
    void probe(int most) {
        data.loss(answer(0, most).x(), 0).backward();
        adam.zeroGrad();
    }

    /** What the network answers for batch {@code i} from the cold start, after at most {@code most} steps a sample. */
    Inference<Rows> answer(int i, int most) {
        FixedPointSolver solver = network.solver();
        return network.withSolver(solver.withStop(solver.stop().withMaxSteps(most)))
                .forward(data.rows(data.contexts(), i));
    }
}
