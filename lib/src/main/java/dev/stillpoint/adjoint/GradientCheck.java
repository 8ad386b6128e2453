package dev.stillpoint.adjoint;

import dev.stillpoint.adjoint.GradientReport.Comparison;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Holds the gradient from the tape against central differences (ℓ(Θ + hd) − ℓ(Θ − hd))/2h, a parameter tensor at a time: along
 * random unit directions d, and along coordinates.
 *
 * <pre>{@code
 * GradientCheck.standard().of(network, () -> mse_loss(network.forward(context).x(), target)).orThrow();
 * }</pre>
 *
 * <p>Each difference is taken at two steps, h and h/2, and from both sides. Where they do not agree among themselves they
 * prove nothing, and the verdict is {@link GradientReport.Verdict#UNRELIABLE}: the loss has a kink there, changes from
 * call to call, or comes from a solve whose tolerance is too loose. h = ∛ε·scale of the parameter, and where that does not
 * agree 16 times more or less, whichever does best.
 *
 * <p>Use float64 parameters and a tight solve: float32 leaves some three digits. {@link JacobianFree} is not meant to pass:
 * the cosine says how it points. Cost: four losses a comparison, twelve at most, each in a scope of its own.
 *
 * @param tolerance largest relative error that passes, &gt; 0; 10⁻² at least for float32
 * @param directions random directions a parameter tensor, ≥ 1
 * @param coordinates compared a parameter tensor, ≥ 0: all of one that has no more elements, so many random ones of others
 * @param seed of the random choices
 */
public record GradientCheck(double tolerance, int directions, int coordinates, long seed) {
    private static final double FLOAT32_TOLERANCE = 1e-2;

    /** Parameters nearer to zero than this are moved as if they had this size. */
    private static final double LEAST_SIZE = 0.1;

    /** Of h: the middle first, then more where a loose solve drowns small differences, and less near kinks. */
    private static final double[] STEPS = {1, 16, 1 / 16.0};

    /** Of a smooth loss the two one-sided slopes close up in proportion to h, by ½; at a kink they stay apart. */
    private static final double KINK = 0.75;

    /** Roundings of the loss that count as noise of a difference. */
    private static final double ROUNDINGS = 8;

    /** Checks the numbers. */
    public GradientCheck {
        if (!(tolerance > 0) || Double.isInfinite(tolerance) || directions < 1 || coordinates < 0) {
            throw new IllegalArgumentException("GradientCheck: need finite tolerance > 0, directions >= 1 and"
                    + " coordinates >= 0, got " + tolerance + ", " + directions + " and " + coordinates);
        }
    }

    /** Four digits, four directions and at most 32 coordinates a parameter. */
    public static GradientCheck standard() {
        return new GradientCheck(1e-4, 4, 32, 0);
    }

    /** The same check with another tolerance. */
    public GradientCheck withTolerance(double tolerance) {
        return new GradientCheck(tolerance, directions, coordinates, seed);
    }

    /**
     * Compares. The parameters are moved during the check and are the same bits after it, whatever {@code loss} throws;
     * their own gradients are untouched.
     *
     * @param model names the parameters, float32 or float64
     * @param loss a taped scalar that depends on the parameters alone: the same at every call
     * @throws IllegalArgumentException if there is no parameter to check, or the loss is no scalar
     */
    public GradientReport of(Learnable model, Supplier<Tensor> loss) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        double rounding = Math.ulp(1.0);
        for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
            ScalarType type = Tensors.type(entry.getValue());
            if (type != ScalarType.Double && type != ScalarType.Float) {
                throw new IllegalArgumentException("GradientCheck: need float32 or float64 parameters, got " + type
                        + " for '" + entry.getKey() + "'");
            }
            if (entry.getValue().requires_grad() && entry.getValue().numel() > 0) {
                parameters.put(entry.getKey(), entry.getValue());
                rounding = Math.max(rounding, Tensors.rounding(type));
            }
        }
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "GradientCheck: need a Learnable with parameters that require a gradient, got none");
        }
        try (TensorScope scope = TensorScope.open()) {
            return new Run(parameters, loss, rounding).report();
        }
    }

    /** One check's state. */
    private final class Run {
        private final Map<String, Tensor> parameters;
        private final Supplier<Tensor> loss;
        private final RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        private final double base;
        private final double rounding;

        Run(Map<String, Tensor> parameters, Supplier<Tensor> loss, double rounding) {
            this.parameters = parameters;
            this.loss = loss;
            try (TensorScope scope = TensorScope.open()) {
                Tensor value = scalar();
                this.base = value.item_double();
                this.rounding = Math.max(rounding, Tensors.rounding(Tensors.type(value)));
            }
        }

        GradientReport report() {
            List<double[]> gradients = new ArrayList<>();
            try (TensorScope scope = TensorScope.open()) {
                Tensor value = scalar();
                Autograd.vjp(value, List.copyOf(parameters.values()), torch.ones_like(value.detach()))
                        .forEach(gradient -> gradients.add(Tensors.doubles(gradient)));
            }
            List<GradientReport.Raw> raw = new ArrayList<>();
            int next = 0;
            for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
                double[] gradient = gradients.get(next++);
                raw.add(new GradientReport.Raw(
                        entry.getKey(), entry.getValue().shape(), compare(entry.getValue(), gradient)));
            }
            boolean single = rounding > Math.ulp(1.0);
            return GradientReport.judge(raw, single ? Math.max(tolerance, FLOAT32_TOLERANCE) : tolerance);
        }

        private List<Comparison> compare(Tensor parameter, double[] gradient) {
            int n = gradient.length;
            double[] start = Tensors.doubles(parameter);
            double size = LEAST_SIZE;
            double squares = 0;
            for (double v : start) {
                squares += v * v / n;
            }
            size = Math.max(size, Math.sqrt(squares));
            List<Comparison> comparisons = new ArrayList<>();
            try (TensorScope scope = TensorScope.open()) {
                Tensor saved = parameter.detach().clone();
                for (int k = 0; k < directions; k++) {
                    double[] d = new double[n];
                    double norm = 0;
                    while (norm == 0) {
                        norm = 0;
                        for (int j = 0; j < n; j++) {
                            d[j] = random.nextGaussian();
                            norm += d[j] * d[j];
                        }
                    }
                    double length = Math.sqrt(norm);
                    Arrays.setAll(d, j -> d[j] / length);
                    // Every coordinate moves by some ∛ε of its size.
                    comparisons.add(along("direction " + k, parameter, saved, d, gradient, size * Math.sqrt(n)));
                }
                for (int j : chosen(n)) {
                    double[] d = new double[n];
                    d[j] = 1;
                    String name = Arrays.toString(position(j, parameter.shape()));
                    comparisons.add(along(name, parameter, saved, d, gradient, Math.max(size, Math.abs(start[j]))));
                }
            }
            return comparisons;
        }

        private int[] chosen(int n) {
            int[] order = new int[n];
            for (int i = 0; i < n; i++) {
                int j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            int[] chosen = Arrays.copyOf(order, Math.min(n, coordinates));
            Arrays.sort(chosen);
            return chosen;
        }

        /** The slope by tape and by differences at the steps that agree best. */
        private Comparison along(
                String name, Tensor parameter, Tensor saved, double[] d, double[] gradient, double scale) {
            double slope = 0;
            for (int j = 0; j < d.length; j++) {
                slope += gradient[j] * d[j];
            }
            Comparison best = new Comparison(name, slope, Double.NaN, Double.POSITIVE_INFINITY, 0);
            try (TensorScope scope = TensorScope.open()) {
                Tensor direction = Tensors.of(d, saved.shape()).to(Tensors.type(saved));
                for (double factor : STEPS) {
                    Comparison c = at(name, parameter, saved, direction, slope, Math.cbrt(rounding) * scale * factor);
                    best = c.uncertainty() < best.uncertainty() || Double.isNaN(best.difference()) ? c : best;
                    if (best.uncertainty() <= 0.1 * tolerance * Math.abs(best.difference())) {
                        break;
                    }
                }
            }
            return best;
        }

        private Comparison at(String name, Tensor parameter, Tensor saved, Tensor direction, double slope, double h) {
            double up = moved(parameter, saved, direction, h);
            double down = moved(parameter, saved, direction, -h);
            double halfUp = moved(parameter, saved, direction, h / 2);
            double halfDown = moved(parameter, saved, direction, -h / 2);
            double wide = (up - down) / (2 * h);
            double narrow = (halfUp - halfDown) / h;
            double gap = Math.abs(up - 2 * base + down) / h;
            double halfGap = Math.abs(halfUp - 2 * base + halfDown) / (h / 2);
            double kink = halfGap > KINK * gap ? halfGap / 2 : 0;
            double noise = ROUNDINGS * rounding * Math.abs(base) / h;
            return new Comparison(name, slope, narrow, Math.abs(wide - narrow) + kink, noise);
        }

        /** The loss at Θ + hd; the parameter is back before this returns or throws. */
        private double moved(Tensor parameter, Tensor saved, Tensor direction, double h) {
            try (TensorScope scope = TensorScope.open()) {
                set(parameter, saved.add(direction, new Scalar(h)));
                return scalar().item_double();
            } finally {
                set(parameter, saved);
            }
        }

        private Tensor scalar() {
            Tensor value = loss.get();
            if (value.numel() != 1) {
                throw new IllegalArgumentException(
                        "GradientCheck: need a scalar loss, got shape " + Arrays.toString(value.shape()));
            }
            return value;
        }
    }

    private static void set(Tensor parameter, Tensor value) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            parameter.copy_(value);
        }
    }

    private static long[] position(int flat, long[] shape) {
        long[] position = new long[shape.length];
        long rest = flat;
        for (int i = shape.length - 1; i >= 0; i--) {
            position[i] = rest % shape[i];
            rest /= shape[i];
        }
        return position;
    }
}
