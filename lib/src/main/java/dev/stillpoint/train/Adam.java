package dev.stillpoint.train;

import dev.stillpoint.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam with bias correction: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², Θ ← Θ − η·m̂/(√v̂ + ε). Its moments can be saved,
 * which libtorch's own cannot.
 *
 * <p>Reference: Kingma and Ba 2015, algorithm 1, arXiv 1412.6980; with weight decay λ either
 * decoupled, Θ ← (1 − ηλ)Θ before the step, as in Loshchilov and Hutter 2019, arXiv 1711.05101, or as L2, g ← g + λΘ.
 */
public final class Adam {
    /** What a weight decay does. */
    public enum Decay {
        /** It shrinks the weights beside the step. */
        DECOUPLED,
        /** It is part of the gradient, and of its moments. */
        L2
    }

    /**
     * The hyper-parameters.
     *
     * @param learningRate η > 0
     * @param beta1 decay of the mean, in [0, 1)
     * @param beta2 decay of the square, in [0, 1)
     * @param epsilon > 0
     * @param weightDecay λ ≥ 0
     * @param decay what λ does
     */
    public record Options(
            double learningRate, double beta1, double beta2, double epsilon, double weightDecay, Decay decay) {
        /** Checks the numbers. */
        public Options {
            if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
                throw new IllegalArgumentException("Adam: need finite learning rate > 0, got " + learningRate);
            }
            if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
                throw new IllegalArgumentException("Adam: need betas in [0, 1), got " + beta1 + " and " + beta2);
            }
            if (!(epsilon > 0) || !(weightDecay >= 0) || Double.isInfinite(epsilon + weightDecay)) {
                throw new IllegalArgumentException(
                        "Adam: need finite epsilon > 0 and weight decay >= 0, got " + epsilon + " and " + weightDecay);
            }
        }

        /** Decoupled decay. */
        public Options(double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
            this(learningRate, beta1, beta2, epsilon, weightDecay, Decay.DECOUPLED);
        }

        /** PyTorch's defaults: betas 0.9 and 0.999, epsilon 1e-8, no decay. */
        public static Options of(double learningRate) {
            return new Options(learningRate, 0.9, 0.999, 1e-8, 0);
        }

        /** The same with another decoupled weight decay. */
        public Options withWeightDecay(double weightDecay) {
            return new Options(learningRate, beta1, beta2, epsilon, weightDecay, Decay.DECOUPLED);
        }

        /** The same with the gradient of λ/2·‖Θ‖² added to the loss's: what PyTorch's Adam calls weight decay. */
        public Options withL2(double weightDecay) {
            return new Options(learningRate, beta1, beta2, epsilon, weightDecay, Decay.L2);
        }

        /** The same with another decay of the squared gradient. */
        public Options withBeta2(double beta2) {
            return new Options(learningRate, beta1, beta2, epsilon, weightDecay, decay);
        }
    }

    private final Map<String, Tensor> parameters;
    private final Options options;
    private final Map<String, Tensor> mean = new LinkedHashMap<>();
    private final Map<String, Tensor> square = new LinkedHashMap<>();
    private double learningRate;
    private int steps;

    /**
     * An optimiser of these parameters, by name; they are updated in place.
     *
     * @throws IllegalArgumentException if one does not require a gradient: it would silently stay as it is
     */
    public Adam(Map<String, Tensor> parameters, Options options) {
        this.parameters = parameters;
        this.options = options;
        this.learningRate = options.learningRate();
        try (TensorScope scope = TensorScope.open()) {
            parameters.forEach((name, p) -> {
                if (!p.requires_grad()) {
                    throw new IllegalArgumentException(
                            "Adam: need parameters that require a gradient, got '" + name + "', which does not");
                }
                mean.put(name, TensorScope.persist(torch.zeros_like(p.detach())));
                square.put(name, TensorScope.persist(torch.zeros_like(p.detach())));
            });
        }
    }

    /** The present η. */
    public double learningRate() {
        return learningRate;
    }

    /** Changes η from the next step on. */
    public void learningRate(double value) {
        learningRate = value;
    }

    /** Clears the parameters' gradients. */
    public void zeroGrad() {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (Tensor p : parameters.values()) {
                Tensor gradient = p.grad();
                if (gradient.defined()) {
                    gradient.zero_();
                }
            }
        }
    }

    /** Whether every gradient is finite: a step with one that is not would ruin the weights for good. */
    public boolean gradientsFinite() {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (Tensor p : parameters.values()) {
                Tensor gradient = p.grad();
                if (gradient.defined() && !gradient.isfinite().all().item_bool()) {
                    return false;
                }
            }
            return true;
        }
    }

    /** One step down the parameters' gradients; parameters without one stay. */
    public void step() {
        steps++;
        double correction1 = 1 - Math.pow(options.beta1(), steps);
        double correction2 = Math.sqrt(1 - Math.pow(options.beta2(), steps));
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            parameters.forEach((name, p) -> {
                Tensor gradient = p.grad();
                if (!gradient.defined()) {
                    return;
                }
                if (options.weightDecay() > 0 && options.decay() == Decay.L2) {
                    gradient = gradient.add(p, new Scalar(options.weightDecay()));
                } else if (options.weightDecay() > 0) {
                    p.mul_(new Scalar(1 - learningRate * options.weightDecay()));
                }
                Tensor m = moment(mean, name);
                Tensor v = moment(square, name);
                m.mul_(new Scalar(options.beta1())).add_(gradient, new Scalar(1 - options.beta1()));
                v.mul_(new Scalar(options.beta2())).addcmul_(gradient, gradient, new Scalar(1 - options.beta2()));
                Tensor scale = v.sqrt().div_(new Scalar(correction2)).add_(new Scalar(options.epsilon()));
                p.addcdiv_(m, scale, new Scalar(-learningRate / correction1));
            });
        }
    }

    private static Tensor moment(Map<String, Tensor> moments, String name) {
        Tensor moment = moments.get(name);
        if (moment == null) {
            throw new AssertionError("every parameter has its moments");
        }
        return moment;
    }

    void save(Checkpoint checkpoint) {
        checkpoint.put("adam.mean.", mean);
        checkpoint.put("adam.square.", square);
        checkpoint.numbers().put("adam.steps", steps).put("adam.learningRate", learningRate);
    }

    void restore(Checkpoint checkpoint) {
        checkpoint.copyInto("adam.mean.", mean);
        checkpoint.copyInto("adam.square.", square);
        steps = checkpoint.number("adam.steps").asInt();
        learningRate = checkpoint.number("adam.learningRate").asDouble();
    }
}
