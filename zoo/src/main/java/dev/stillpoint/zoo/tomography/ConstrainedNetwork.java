package dev.stillpoint.zoo.tomography;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
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
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * x(d) = argmin f(Kx) over images x in [0, 1] with ‖Ax − d‖ ≤ δ: K a learned convolution, f known by its learned resolvent
 * R = ½(I + N), N layers of {@link ConvexPotential}; by linearised ADMM in float32. The constraints hold whatever is learned.
 *
 * <p>With one layer R is the prox of a convex function, which f then is; with more of them it is the resolvent of a monotone map.
 * K starts from differences and weak waves, R from the soft threshold, so that training starts near total variation. x(d) does
 * not change where f is multiplied by a number, so the thresholds of R keep their geometric mean: JFB's gradient would lower it.
 * With local weights f follows the data, f(Kx; d): {@link LocalWeights} of the back-projection multiply R's thresholds, once a solve.
 *
 * <p>Reference: Heaton and Wu Fung 2023, section 3.4, arXiv 2204.14174. Differences: R is firmly nonexpansive, the duals are
 * part of the state, and δ is set from the noise.
 */
public final class ConstrainedNetwork {
    private final Options options;
    private final Scanner scanner;
    private final Reconstruction startImage;
    private final Tensor filters;
    private final List<ConvexPotential> potentials;
    private final Optional<LocalWeights> localWeights;
    private final Encoder<Tensor, ScanContext> encoder;
    private final LinearizedAdmm<ScanContext> operator;

    /** How strong the regulariser is where. */
    public enum Strength {
        /** Alike in all images and everywhere. */
        EVEN,
        /** As a network of the back-projection has it, pixel by pixel. */
        LOCAL
    }

    /**
     * Sizes and constants.
     *
     * @param channels of Kx
     * @param filter side of K's kernels, odd
     * @param hidden channels inside R
     * @param layers of R, odd, so that R starts from a soft threshold
     * @param kernel side of R's kernels, odd
     * @param threshold of R, the geometric mean, in the unit of Kx
     * @param noise the relative error of a beam that δ allows for
     * @param slack δ = slack·noise·‖d‖
     * @param measured ‖A‖ beside ‖K‖ ≤ 1: how the algorithm weighs the data against the regulariser
     * @param alpha the duals' step
     * @param strength how strong the regulariser is where
     */
    public record Options(
            int channels,
            int filter,
            int hidden,
            int layers,
            int kernel,
            double threshold,
            double noise,
            double slack,
            double measured,
            double alpha,
            Strength strength) {
        /** Checks the numbers that nothing else checks. */
        public Options {
            if (channels < 1 || layers < 1 || layers % 2 == 0 || filter < 3 || filter % 2 == 0) {
                throw new IllegalArgumentException(
                        "ConstrainedNetwork: need channels >= 1, an odd number of layers and an odd filter >= 3, got "
                                + channels + ", " + layers + " and " + filter);
            }
            if (!(noise > 0 && slack > 0 && measured > 0) || Double.isInfinite(noise * slack * measured)) {
                throw new IllegalArgumentException("ConstrainedNetwork: need finite noise, slack and norm > 0, got "
                        + noise + ", " + slack + " and " + measured);
            }
        }

        /** The same with another slack. */
        Options withSlack(double other) {
            return new Options(
                    channels, filter, hidden, layers, kernel, threshold, noise, other, measured, alpha, strength);
        }

        /** 59,136 weights, for 1.5 % of noise. */
        public static Options full() {
            return new Options(28, 3, 28, 3, 5, 0.005, 0.015, 1.05, 1, 1, Strength.EVEN);
        }

        /** One layer of few channels, whose R is a prox: 2,464 weights. */
        public static Options small() {
            return new Options(16, 3, 16, 1, 3, 0.005, 0.015, 1.05, 1, 1, Strength.EVEN);
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
        this.scanner = scanner;
        this.startImage = scanner.start();
        int channels = options.channels();
        this.filters = InitialFilters.of(channels, options.filter(), random);
        this.potentials = new ArrayList<>();
        for (int i = 0; i < options.layers(); i++) {
            potentials.add(new ConvexPotential(
                    channels, options.hidden(), options.kernel(), options.threshold(), ScalarType.Float, random));
        }
        this.localWeights = options.strength() == Strength.LOCAL
                ? Optional.of(new LocalWeights(options.hidden(), random))
                : Optional.empty();
        this.operator = operator(scanner, options);
        this.encoder = newEncoder();
    }

    private ConstrainedNetwork(ConstrainedNetwork other, Options options) {
        this.options = options;
        this.scanner = other.scanner;
        this.startImage = other.startImage;
        this.filters = other.filters;
        this.potentials = other.potentials;
        this.localWeights = other.localWeights;
        this.operator = operator(other.scanner, options);
        this.encoder = newEncoder();
    }

    private static LinearizedAdmm<ScanContext> operator(Scanner scanner, Options options) {
        int side = scanner.beam().pixels();
        AdmmLayout layout =
                new AdmmLayout(options.channels() * side * side, scanner.beam().beams(), side * side);
        // The scanner's A has a norm of at most 1.
        double squared = 1 + options.measured() * options.measured() * Math.pow(norm(scanner), 2);
        return new LinearizedAdmm<>(
                Convolution.read(ScanContext::kernel, side, side, 1),
                new HalfAveraged<>((p, c) -> reflected(p, c, side)),
                new Scaled<>(Sparse.of(scanner.operator().matrix()), options.measured()),
                Ball.of(ScanContext::data, ScanContext::radius),
                Box.of(0, 1),
                layout,
                AdmmSteps.Fixed.of(options.alpha(), 0.99, squared));
    }

    private Encoder<Tensor, ScanContext> newEncoder() {
        return new Encoder<>() {
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
                localWeights.ifPresent(weights -> visitor.part("local", weights));
            }
        };
    }

    /** The network, [batch, beams] to images [batch, n²]. */
    public ImplicitNetwork<Tensor, ScanContext> network(StoppingRule stop, Adjoint adjoint) {
        return new ImplicitNetwork<>(encoder, operator, this::start, FixedPointSolver.of(stop), adjoint);
    }

    /** Q: data to context. */
    Encoder<Tensor, ScanContext> encoder() {
        return encoder;
    }

    /** T, whose parts the optimality of a state is measured by. */
    public LinearizedAdmm<ScanContext> operator() {
        return operator;
    }

    /**
     * The same network, whose weights it shares, with another δ.
     *
     * @param factor by which every δ is multiplied, &gt; 0
     */
    public ConstrainedNetwork withRadius(double factor) {
        return new ConstrainedNetwork(this, options.withSlack(factor * options.slack()));
    }

    /**
     * How far images are from what the regulariser would make of them: ‖Kx − R(Kx)‖ over the root of the number of its numbers,
     * in units of the thresholds' mean.
     *
     * @param x [batch, n²]
     * @param c of the trained network
     */
    public double[] regulariserResidual(Tensor x, ScanContext c) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Tensor p = operator.k().apply(x, c);
            Tensor off = p.sub(operator.f().prox(p, Tensors.scalar(1), c));
            double unit = options.threshold() * Math.sqrt((double) p.size(1));
            return Tensors.doubles(Tensors.rowNorm(off).div(new Scalar(unit)));
        }
    }

    /** The state without duals of the filtered back-projection, in the box. */
    private Tensor start(ScanContext c) {
        Tensor x = startImage(c.data().div(new Scalar(options.measured())));
        AdmmLayout layout = operator.layout();
        Tensor zeros = Tensors.zeros(ScalarType.Float, c.size(), 2L * layout.p() + 2L * layout.w());
        return torch.cat(new TensorVector(zeros, x), 1);
    }

    /** The image that a solve begins with, [batch, beams] to [batch, n²]. */
    Tensor startImage(Tensor d) {
        return startImage.of(d);
    }

    /** Q(d), of data in the scanner's unit, [batch, beams]; of the open scope. */
    ScanContext context(Tensor d) {
        Tensor data = d.mul(new Scalar(options.measured()));
        Tensor radius = Tensors.rowNorm(data).unsqueeze(1).mul(new Scalar(options.slack() * options.noise()));
        Tensor kernel = filters.div(SpectralBound.convolution(filters));
        List<ConvexPotential.Step> steps =
                potentials.stream().map(ConvexPotential::prepare).toList();
        Tensor logs = steps.get(0).threshold().log().mean();
        for (ConvexPotential.Step step : steps.subList(1, steps.size())) {
            logs = logs.add(step.threshold().log().mean());
        }
        Tensor factor = logs.div(new Scalar((double) -steps.size())).exp().mul(new Scalar(options.threshold()));
        long side = scanner.beam().pixels();
        Tensor factors = localWeights
                .map(weights -> weights.forward(startImage(d).reshape(-1, 1, side, side)))
                .orElseGet(() -> torch.ones(new long[] {d.size(0), 1, 1, 1}))
                .mul(factor);
        List<ConvexPotential.Step> scaled = new ArrayList<>();
        for (ConvexPotential.Step step : steps) {
            scaled.add(new ConvexPotential.Step(step.kernel(), step.threshold().mul(factors)));
        }
        return new ScanContext(data, radius, kernel, scaled);
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
}
