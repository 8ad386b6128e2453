package dev.stillpoint.zoo.tomography;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Start;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.network.ConvexPotential;
import dev.stillpoint.operator.AdmmLayout;
import dev.stillpoint.operator.AdmmSteps;
import dev.stillpoint.operator.Convolution;
import dev.stillpoint.operator.LinearizedAdmm;
import dev.stillpoint.operator.Scaled;
import dev.stillpoint.operator.Sparse;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.HalfAveraged;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.SpectralBound;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * x(d) = argmin f(Kx) over images x in [0, 1] with ‖Ax − d‖ ≤ δ: K a learned convolution, f known by its learned resolvent
 * R = ½(I + N), N layers of {@link ConvexPotential}; by linearised ADMM in float32. The constraints hold whatever is learned.
 *
 * <p>With one layer R is the prox of a convex function, which f then is; with more of them it is the resolvent of a monotone map.
 * K starts from filters that see no constant, R from the soft threshold, so that training starts near an ℓ₁ norm of filtered
 * images.
 *
 * <p>Reference: Heaton and Wu Fung 2023, section 3.4, arXiv 2204.14174. Differences: R is firmly nonexpansive, the duals are
 * part of the state, and δ is set from the noise.
 */
public final class ConstrainedNetwork {
    private static final int KERNEL = 3;

    private final Options options;
    private final Tensor filters;
    private final List<ConvexPotential> potentials = new ArrayList<>();
    private final Encoder<Tensor, ScanContext> encoder;
    private final LinearizedAdmm<ScanContext> operator;

    /**
     * Sizes and constants.
     *
     * @param channels of Kx
     * @param hidden channels inside R
     * @param layers of R
     * @param kernel side of R's kernels, odd
     * @param threshold of R to start from, in the unit of Kx
     * @param noise the relative error of a beam that δ allows for
     * @param slack δ = slack·noise·‖d‖
     * @param measured ‖A‖ beside ‖K‖ ≤ 1: how the algorithm weighs the data against the regulariser
     * @param alpha the duals' step
     */
    public record Options(
            int channels,
            int hidden,
            int layers,
            int kernel,
            double threshold,
            double noise,
            double slack,
            double measured,
            double alpha) {
        /** Checks the numbers that nothing else checks. */
        public Options {
            if (channels < 1 || layers < 1) {
                throw new IllegalArgumentException(
                        "ConstrainedNetwork: need channels and layers >= 1, got " + channels + " and " + layers);
            }
            if (!(noise > 0 && slack > 0 && measured > 0) || Double.isInfinite(noise * slack * measured)) {
                throw new IllegalArgumentException("ConstrainedNetwork: need finite noise, slack and norm > 0, got "
                        + noise + ", " + slack + " and " + measured);
            }
        }

        /** 59,136 weights, for 1.5 % of noise. */
        public static Options full() {
            return new Options(28, 28, 3, 5, 0.005, 0.015, 1.05, 1, 1);
        }

        /** One layer of few channels, whose R is a prox: 2,464 weights. */
        public static Options small() {
            return new Options(16, 16, 1, 3, 0.005, 0.015, 1.05, 1, 1);
        }
    }

    /**
     * An untrained network of float32 weights.
     *
     * @param scanner A
     * @param options sizes and constants
     * @param random draws the weights
     */
    public ConstrainedNetwork(Scanner scanner, Options options, RandomGenerator random) {
        this.options = options;
        int side = scanner.beam().pixels();
        int channels = options.channels();
        this.filters = filters(channels, random);
        for (int i = 0; i < options.layers(); i++) {
            potentials.add(new ConvexPotential(
                    channels, options.hidden(), options.kernel(), options.threshold(), ScalarType.Float, random));
        }
        AdmmLayout layout =
                new AdmmLayout(channels * side * side, scanner.beam().beams(), side * side);
        // The scanner's A has a norm of at most 1.
        double squared = 1 + options.measured() * options.measured() * Math.pow(norm(scanner), 2);
        this.operator = new LinearizedAdmm<>(
                Convolution.read(ScanContext::kernel, side, side, 1),
                new HalfAveraged<>((p, c) -> reflected(p, c, side)),
                new Scaled<>(Sparse.of(scanner.operator().matrix()), options.measured()),
                Ball.of(ScanContext::data, ScanContext::radius),
                Box.of(0, 1),
                layout,
                AdmmSteps.Fixed.of(options.alpha(), 0.99, squared));
        this.encoder = new Encoder<>() {
            @Override
            public ScanContext encode(Tensor d) {
                return context(d);
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.parameter("filters", filters);
                for (int i = 0; i < potentials.size(); i++) {
                    visitor.part("potential" + i, potentials.get(i));
                }
            }
        };
    }

    /** The network, [batch, beams] to images [batch, n²]. */
    public ImplicitNetwork<Tensor, ScanContext> network(StoppingRule stop, Adjoint adjoint) {
        Start<ScanContext> zero = c -> operator.layout().zeros(ScalarType.Float, c.size());
        return new ImplicitNetwork<>(encoder, operator, zero, FixedPointSolver.of(stop), adjoint);
    }

    /** T, whose parts the optimality of a state is measured by. */
    public LinearizedAdmm<ScanContext> operator() {
        return operator;
    }

    private ScanContext context(Tensor d) {
        Tensor data = d.mul(new Scalar(options.measured()));
        Tensor radius = Tensors.rowNorm(data).unsqueeze(1).mul(new Scalar(options.slack() * options.noise()));
        Tensor kernel = filters.div(SpectralBound.convolution(filters));
        return new ScanContext(
                data,
                radius,
                kernel,
                potentials.stream().map(ConvexPotential::prepare).toList());
    }

    private static Tensor reflected(Tensor p, ScanContext c, int side) {
        Tensor images = p.reshape(p.size(0), -1, side, side);
        for (ConvexPotential.Step step : c.potentials()) {
            images = step.apply(images);
        }
        return images.flatten(1, -1);
    }

    private static double norm(Scanner scanner) {
        return scanner.operator().norm().orElseThrow();
    }

    /** Differences along rows and columns, then random filters without a mean. */
    private static Tensor filters(int channels, RandomGenerator random) {
        int taps = KERNEL * KERNEL;
        double[] values = new double[channels * taps];
        for (int i = 0; i < channels; i++) {
            double mean = 0;
            for (int j = 0; j < taps; j++) {
                values[i * taps + j] = random.nextGaussian() / 3;
                mean += values[i * taps + j] / taps;
            }
            for (int j = 0; j < taps; j++) {
                values[i * taps + j] -= mean;
            }
            if (i < 2) {
                java.util.Arrays.fill(values, i * taps, (i + 1) * taps, 0);
                values[i * taps + taps / 2] = -1;
                values[i * taps + taps / 2 + (i == 0 ? 1 : KERNEL)] = 1;
            }
        }
        try (TensorScope scope = TensorScope.open()) {
            return TensorScope.persist(Tensors.of(values, channels, 1, KERNEL, KERNEL)
                    .to(ScalarType.Float)
                    .clone()
                    .requires_grad_(true));
        }
    }
}
