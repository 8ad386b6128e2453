package dev.stillpoint.zoo.images;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.DescentCondition;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.network.Mode;
import dev.stillpoint.operator.ContractionEstimate;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.GradientProbe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Gradients of the training loss on the first training images, in training mode with always the same dropout: what JFB's
 * differs from the true one by. It leaves weights, running statistics and libtorch's generator as they are.
 */
final class ImageProbe implements GradientProbe {
    static final int ROWS = 100;

    /** Three digits of u* and of the adjoint vector: float32 gives some five, and a cosine needs no more. */
    private static final StoppingRule STOP = new StoppingRule(0, 1e-3, 300, 1);

    /** What float32 allows. */
    private static final StoppingRule EXACT = new StoppingRule(0, 1e-5, 2_000, 1);

    private static final int SEED = 1;

    /** Numbers in a derivative by the weights, 0.4 GB. */
    private static final long SMALL = 100_000_000;

    /** Far above float32's rounding of u, of size one, and small against it. */
    private static final ContractionEstimate FACTOR = new ContractionEstimate(20, 1e-2);

    private final ImageModel model;
    private final ImageSet rows;

    ImageProbe(ImageModel model, ImageSet training) {
        this.model = model;
        this.rows = training.range(0, Math.min(ROWS, training.size()));
    }

    @Override
    public int rows() {
        return rows.size();
    }

    @Override
    public double[] gradient(Adjoints.Choice adjoint) {
        return gradient(model.solver(), adjoint.of(model.network().encoder()), true)
                .values();
    }

    @Override
    public double[] exact() {
        return gradient(FixedPointSolver.of(EXACT), Implicit.gmres(EXACT), true).values();
    }

    /**
     * Once an epoch: jfbCosine and jfbNormRatio of JFB's gradient of the weights of Q and R with the implicit one (S has the
     * same in both), the residual of the adjoint equation relative to its gradient, and contraction, the factor by which R
     * contracts at u* in use, the largest of the samples. Empty for a network that is not solved.
     */
    Map<String, Double> diagnostics() {
        if (model.adjoint() instanceof Unrolled) {
            return Map.of();
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        FixedPointSolver solver = FixedPointSolver.of(STOP);
        Gradient jfb = gradient(solver, new JacobianFree(), false);
        Gradient implicit = gradient(solver, Implicit.gmres(STOP), false);
        metrics.put("jfbCosine", GradientProbe.cosine(jfb.values(), implicit.values()));
        metrics.put("jfbNormRatio", norm(jfb.values()) / norm(implicit.values()));
        AdjointStats stats = implicit.stats();
        metrics.put("probeInexact", stats.inexact() / (double) Math.max(1, stats.status().length));
        metrics.put("contraction", undisturbed(this::factor));
        return metrics;
    }

    private double factor() {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Inference<Rows> at = model.infer(rows.batch(Scores.range(0, rows.size())), Mode.EVAL);
            Tensor u = at.solution().z();
            double[] factor = FACTOR.at(model.network().operator(Mode.EVAL), u, at.context(), torch.randn_like(u));
            return Arrays.stream(factor).max().orElse(Double.NaN);
        }
    }

    /**
     * The theorem's condition on the first image, in evaluation mode at u*: T's block by the weights of Q and R, and S's by its own.
     * Empty where its derivative would have more than {@link #SMALL} numbers.
     */
    Optional<DescentCondition> descentCondition() {
        return undisturbed(() -> {
            List<Tensor> inner = new ArrayList<>();
            List<Tensor> head = new ArrayList<>();
            model.network().parameters().forEach((name, weight) -> (ofHead(name) ? head : inner).add(weight));
            try (TensorScope scope = TensorScope.open()) {
                Tensor pixels = rows.batch(Scores.range(0, 1));
                Tensor u;
                try (NoGradGuard offTape = new NoGradGuard()) {
                    u = model.infer(pixels, Mode.EVAL).solution().z();
                }
                long weights = inner.stream().mapToLong(Tensor::numel).sum();
                if (u.numel() * weights > SMALL) {
                    return Optional.empty();
                }
                Rows c = new Rows(model.network().encoder().forward(pixels, Mode.EVAL));
                Tensor tu = model.network().operator(Mode.EVAL).apply(u, c);
                Tensor scores = model.network().head().forward(u, Mode.EVAL);
                return Optional.of(DescentCondition.of(tu, inner).and(DescentCondition.of(scores, head)));
            }
        });
    }

    private static boolean ofHead(String name) {
        return name.startsWith("conv_y") || name.contains("fc");
    }

    private record Gradient(double[] values, AdjointStats stats) {}

    private Gradient gradient(FixedPointSolver solver, Adjoint adjoint, boolean withHead) {
        return undisturbed(() -> {
            Map<String, Tensor> weights = new LinkedHashMap<>(model.network().parameters());
            if (!withHead) {
                weights.keySet().removeIf(ImageProbe::ofHead);
            }
            try (TensorScope scope = TensorScope.open()) {
                int[] all = Scores.range(0, rows.size());
                Inference<Rows> inference =
                        new ImageModel(model.network(), solver, adjoint).forward(rows.batch(all), new Contraction() {});
                torch.cross_entropy_loss(inference.x(), rows.labels(all)).backward();
                double[] gradient = flat(weights);
                for (Status status : inference.solution().status()) {
                    if (!status.usable()) {
                        Arrays.fill(gradient, Double.NaN);
                    }
                }
                return new Gradient(gradient, inference.afterBackward().get());
            }
        });
    }

    /** Runs it with the probe's own random numbers, and puts back what a training pass moves. */
    private <T> T undisturbed(Supplier<T> body) {
        Map<String, Tensor> buffers = new LinkedHashMap<>(model.network().state());
        buffers.keySet().removeAll(model.network().parameters().keySet());
        try (TensorScope scope = TensorScope.open()) {
            Tensor random = Engine.randomState();
            Map<String, Tensor> before = new LinkedHashMap<>();
            buffers.forEach((name, t) -> before.put(name, t.clone()));
            Engine.seed(SEED);
            clear();
            try {
                return body.get();
            } finally {
                clear();
                ImageTask.Kept.copy(before, buffers);
                Engine.randomState(random);
            }
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

    private void clear() {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (Tensor weight : model.network().parameters().values()) {
                Tensor gradient = weight.grad();
                if (gradient.defined()) {
                    gradient.zero_();
                }
            }
        }
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v * v;
        }
        return Math.sqrt(sum);
    }
}
