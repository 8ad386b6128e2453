package dev.stillpoint.zoo.images;

import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.DescentCondition;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.Layout;
import dev.stillpoint.network.Mode;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.Compaction;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.train.Adam;
import dev.stillpoint.zoo.Experiment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Where the time of a training step goes, on the weights that an experiment has: training goes on while it is measured.
 *
 * @param batch images a step
 * @param batches steps that were measured
 * @param seconds of all of them, by part
 * @param steps applications of R in all solves together
 * @param products with the Jacobian that the adjoints asked for
 * @param flops of the convolutions: two a multiplication, forwards, and twice as many backwards; without the contraction's
 */
public record StepProfile(int batch, int batches, Map<Part, Double> seconds, long steps, long products, double flops) {
    /** What a step consists of. */
    public enum Part {
        /** Pixels to tensors. */
        DATA,
        /** Q, forwards. */
        ENCODER,
        /** R within the solve. */
        SOLVE,
        /** Residuals, and what else the loop does beside R. */
        LOOP,
        /** The contraction's adjustment. */
        CONTRACTION,
        /** R on the tape, S and the loss. */
        TAPED,
        /** Back through all that, with the adjoint equation where there is one. */
        BACKWARD,
        /** Checks for numbers that are not finite, and Adam. */
        UPDATE
    }

    /** Steps that are not measured: hot methods are compiled then. */
    private static final int WARM_UP = 10;

    /** What is none of the network's own work: copies, checks, operations of the loop and of the optimiser. */
    public double overhead() {
        return (part(Part.DATA) + part(Part.LOOP) + part(Part.UPDATE)) / total();
    }

    /** Seconds of all parts. */
    public double total() {
        return seconds.values().stream().mapToDouble(s -> s).sum();
    }

    /** Seconds of a part. */
    public double part(Part part) {
        return seconds.getOrDefault(part, 0.0);
    }

    /** Images a second. */
    public double imagesPerSecond() {
        return batch * (double) batches / total();
    }

    /**
     * Measures.
     *
     * @param experiment of this package, trained
     * @param batches steps, &ge; 1
     * @throws IllegalArgumentException for another experiment, or one with too few images
     */
    public static StepProfile of(Experiment experiment, int batches) {
        ImageExperiment images = images(experiment);
        int batch = images.training().batchSize();
        int rows = images.task().trainingRows();
        if (batches < 1 || rows < batch) {
            throw new IllegalArgumentException(
                    "StepProfile: need a step and a batch of images, got " + batches + " and " + rows);
        }
        Profiler profiler = new Profiler(images);
        for (int i = 0; i < WARM_UP + batches; i++) {
            if (i == WARM_UP) {
                profiler.forget();
            }
            int from = i * batch % (rows - batch + 1);
            profiler.step(Scores.range(from, from + batch));
        }
        return profiler.result(batch, batches);
    }

    private static ImageExperiment images(Experiment experiment) {
        if (experiment instanceof ImageExperiment images) {
            return images;
        }
        throw new IllegalArgumentException("StepProfile: need a run of images, got another");
    }

    /**
     * What per-sample freezing saves where images are only classified, as they are after every epoch.
     *
     * @param evaluations of R, counted by image
     * @param seconds of the whole evaluation
     */
    public record Freezing(long evaluations, double seconds) {}

    /** Classifies all test images with or without freezing. */
    public static Freezing evaluation(Experiment experiment, Compaction compaction) {
        ImageExperiment images = images(experiment);
        ImageModel model = images.model();
        Counter counter = new Counter(model.network().operator(Mode.EVAL));
        var network =
                model.network().network(Mode.EVAL, counter, model.solver().withCompaction(compaction), model.adjoint());
        ImageSet test = images.test();
        long start = System.nanoTime();
        for (int from = 0; from < test.size(); from += Scores.BATCH) {
            try (TensorScope scope = TensorScope.open()) {
                network.infer(test.batch(Scores.range(from, Math.min(test.size(), from + Scores.BATCH))));
            }
        }
        return new Freezing(counter.rows, (System.nanoTime() - start) / 1e9);
    }

    /** {@link DescentCondition} of the network on one training image, where its derivative by the weights has at most 10⁸ numbers. */
    public static Optional<DescentCondition> descentCondition(Experiment experiment) {
        ImageExperiment images = images(experiment);
        return new ImageProbe(images.model(), images.trainingImages()).descentCondition();
    }

    /**
     * The fastest convolution that this machine was seen to do with the present threads, in floating-point operations a second: 64
     * to 64 channels of 3 x 3 on 100 images of 32 x 32, channels side by side.
     */
    public static double convolutionPeak() {
        int side = 32;
        int count = 100;
        Conv2d convolution = new Conv2d(
                Conv2d.Options.same(64, 64, 3).withLayout(Layout.CHANNELS_LAST),
                RandomGeneratorFactory.of("L64X128MixRandom").create(0));
        double best = 0;
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Tensor x = torch.randn(count, 64, side, side).contiguous(torch.MemoryFormat.ChannelsLast);
            for (int i = 0; i < 20; i++) {
                try (TensorScope each = TensorScope.open()) {
                    long start = System.nanoTime();
                    convolution.forward(x);
                    best = Math.max(
                            best,
                            2.0 * count * ImageNetwork.products(convolution, side) / (System.nanoTime() - start) * 1e9);
                }
            }
        }
        return best;
    }

    /** Counts and times what passes through T. */
    private static final class Counter implements Operator<Rows> {
        private final Operator<Rows> t;
        private long rows;
        private long calls;
        private long offTape;
        private long onTape;

        Counter(Operator<Rows> t) {
            this.t = t;
        }

        @Override
        public Tensor apply(Tensor z, Rows c) {
            long start = System.nanoTime();
            Tensor tz = t.apply(z, c);
            long took = System.nanoTime() - start;
            if (GradMode.is_enabled()) {
                onTape += took;
            } else {
                offTape += took;
                rows += c.size();
                calls++;
            }
            return tz;
        }

        @Override
        public Coupling coupling() {
            return t.coupling();
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            t.visit(visitor);
        }
    }

    /** Training steps as the loop does them, with a clock between the parts. */
    private static final class Profiler {
        private final ImageExperiment images;
        private final ImageModel model;
        private final Adam adam;
        private final Map<Part, Double> seconds = new EnumMap<>(Part.class);
        private long steps;
        private long products;
        private long rows;
        private int done;

        Profiler(ImageExperiment images) {
            this.images = images;
            this.model = images.model();
            this.adam = new Adam(model.network().parameters(), images.training().adam());
        }

        void forget() {
            seconds.clear();
            steps = 0;
            products = 0;
            rows = 0;
            done = 0;
        }

        private void add(Part part, long nanos) {
            seconds.merge(part, nanos / 1e9, Double::sum);
        }

        void step(int[] batch) {
            ImageNetwork network = model.network();
            Counter counter = new Counter(network.operator(Mode.TRAIN));
            long[] adjusting = new long[1];
            Contraction timed = new Contraction() {
                @Override
                public void adjust(Operator<Rows> t, Tensor u, Rows c) {
                    long start = System.nanoTime();
                    images.contraction().adjust(network.operator(Mode.TRAIN), u, c);
                    adjusting[0] += System.nanoTime() - start;
                }
            };
            Operator<Rows> t = new Contraction.Adjusted(counter, timed, Contraction.Moment.of(network.norm()));
            try (TensorScope scope = TensorScope.open()) {
                long start = System.nanoTime();
                Tensor pixels = images.trainingImages().batch(batch);
                Tensor labels = images.trainingImages().labels(batch);
                long prepared = System.nanoTime();
                Rows c = new Rows(network.encoder().forward(pixels, Mode.TRAIN));
                long encoded = System.nanoTime();
                Attached attached = model.adjoint().solve(model.solver(), t, torch.zeros_like(c.values()), c);
                long solved = System.nanoTime();
                Tensor loss = torch.cross_entropy_loss(network.head().forward(attached.z(), Mode.TRAIN), labels);
                boolean usable = Double.isFinite(loss.item_double());
                long lossed = System.nanoTime();
                adam.zeroGrad();
                loss.backward();
                long back = System.nanoTime();
                if (usable && adam.gradientsFinite()) {
                    adam.step();
                }
                long end = System.nanoTime();
                add(Part.DATA, prepared - start);
                add(Part.ENCODER, encoded - prepared);
                add(Part.SOLVE, counter.offTape);
                add(Part.CONTRACTION, adjusting[0]);
                add(Part.LOOP, solved - encoded - counter.offTape - counter.onTape - adjusting[0]);
                add(Part.TAPED, counter.onTape + lossed - solved);
                add(Part.BACKWARD, back - lossed);
                add(Part.UPDATE, end - back);
                steps += counter.calls;
                rows += counter.rows;
                products += attached.afterBackward().get().products();
                done += batch.length;
            }
        }

        /** Gradients of a convolution are two convolutions; a vector-Jacobian product is one, and its forward pass is taped. */
        StepProfile result(int batch, int batches) {
            ImageNetwork network = model.network();
            double taped = network.encoderProducts() + network.stepProducts() + network.headProducts();
            double all = 3 * taped * done + (double) network.stepProducts() * (rows + (double) products * batch);
            return new StepProfile(batch, batches, Map.copyOf(seconds), steps, products, 2 * all);
        }
    }
}
