package dev.stillpoint.zoo.images;

import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.SpectralNormalisation;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How training keeps R a contraction in u, chosen by name. One with a state shows it as buffers. */
interface Contraction extends Learnable {
    /** What the help shows. */
    String KIND = "auto|none|rescale[:Q]|spectral:S|jacobian:W";

    /** The letters of {@link #KIND}. */
    String DETAIL =
            "auto is rescale where R has a batch norm, and elsewhere spectral with the bound by which R is proven"
                    + " to contract by (1 + gamma)/2; rescale shrinks the latent convolutions when a measured factor is above Q (default gamma), as the"
                    + " published code does; spectral keeps their norms at or below S; jacobian adds W times the squared norm"
                    + " of the Jacobian to the loss";

    /** Does what it does to the weights of R, off the tape. */
    default void adjust(Operator<Rows> t, Tensor u, Rows c) {}

    /** What is added to the training loss. */
    default Optional<Tensor> penalty(Operator<Rows> t, Tensor u, Rows c) {
        return Optional.empty();
    }

    /** A choice, for a network that is not there yet. */
    interface Choice {
        /** One of the network, with a state of its own. */
        Contraction of(ImageNetwork network);
    }

    Pattern WITH_NUMBER = Pattern.compile("(rescale|spectral|jacobian):([0-9]*\\.?[0-9]+)");

    /**
     * Reads {@link #KIND}.
     *
     * @throws IllegalArgumentException "need ..., got '...'"
     */
    static Choice parse(String text) {
        if (text.equals("none")) {
            return network -> new Contraction() {};
        }
        if (text.equals("auto")) {
            return network -> network.norm() == LatentNorm.BATCH
                    ? new Rescale(network, network.gamma())
                    : new Spectral(
                            network, proven(network.gamma(), network.blocks().size()));
        }
        if (text.equals("rescale")) {
            return network -> new Rescale(network, network.gamma());
        }
        Matcher m = WITH_NUMBER.matcher(text);
        if (m.matches() && Double.parseDouble(m.group(2)) > 0) {
            double number = Double.parseDouble(m.group(2));
            return switch (m.group(1)) {
                case "rescale" -> network -> new Rescale(network, number);
                case "spectral" -> network -> new Spectral(network, number);
                default -> network -> new JacobianPenalty(number);
            };
        }
        throw new IllegalArgumentException("need " + KIND + ", got '" + text + "'");
    }

    /**
     * s with γ(1 + s²)ᵏ = (1 + γ)/2: k residual blocks whose two convolutions have norms of at most s, and whose activations do
     * not expand, make an R that contracts by that.
     */
    static double proven(double gamma, int blocks) {
        return Math.sqrt(Math.pow((1 + gamma) / (2 * gamma), 1.0 / blocks) - 1);
    }

    /**
     * The factor that the published code measures: mean ‖R(u + n, v + m) − R(u, v + m)‖ / mean ‖n‖ with normal n and m, norms and
     * means as there, over a pixel's channels and over pixels and samples.
     */
    static double measured(Operator<Rows> t, Tensor u, Rows c) {
        Tensor n = torch.randn_like(u);
        Rows v = new Rows(c.values().add(torch.randn_like(c.values())));
        Tensor change = t.apply(u.add(n), v).sub_(t.apply(u, v));
        return pixelNorm(change) / pixelNorm(n);
    }

    private static double pixelNorm(Tensor x) {
        return x.norm(new ScalarOptional(new Scalar(2.0)), new long[] {1}, false)
                .mean()
                .item_double();
    }

    /**
     * The paper's {@code normalize_lip_const}: where the measured factor a/b is above q, weights and biases of the latent
     * convolutions are multiplied by (q·b/a)^(1/blocks).
     */
    final class Rescale implements Contraction {
        /** Images that the factor is measured on: a mean over their pixels, 810 of MNIST's, is known to a hundredth. */
        private static final int IMAGES = 10;

        private final ImageNetwork network;
        private final double target;

        Rescale(ImageNetwork network, double target) {
            this.network = network;
            this.target = target;
        }

        @Override
        public void adjust(Operator<Rows> t, Tensor u, Rows c) {
            long images = Math.min(IMAGES, u.size(0));
            double factor =
                    measured(t, u.narrow(0, 0, images), new Rows(c.values().narrow(0, 0, images)));
            if (factor > target) {
                Scalar shrink = new Scalar(
                        Math.pow(target / factor, 1.0 / network.blocks().size()));
                for (Conv2d convolution : network.latentConvolutions()) {
                    convolution.parameters().values().forEach(p -> p.mul_(shrink));
                }
            }
        }
    }

    /** Spectral norms of the latent convolutions at or below a bound. */
    final class Spectral implements Contraction {
        /** Of the power method, a training step: the weights move little from one to the next. */
        private static final int STEPS = 1;

        /** At the beginning, from a random direction. */
        private static final int FIRST = 30;

        private final List<SpectralNormalisation> bounds = new ArrayList<>();

        Spectral(ImageNetwork network, double bound) {
            int side = network.side();
            for (Conv2d convolution : network.latentConvolutions()) {
                SpectralNormalisation b = new SpectralNormalisation(
                        convolution,
                        bound,
                        side,
                        side,
                        RandomGeneratorFactory.of("L64X128MixRandom").create(bounds.size()));
                b.enforce(FIRST);
                bounds.add(b);
            }
        }

        @Override
        public void adjust(Operator<Rows> t, Tensor u, Rows c) {
            bounds.forEach(b -> b.enforce(STEPS));
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            for (int i = 0; i < bounds.size(); i++) {
                visitor.part("spectral." + i, bounds.get(i));
            }
        }
    }

    /**
     * W·‖Jᵀε‖²/(number of entries of u), J = ∂R/∂u at u*, ε normal: in the mean W/m·‖J‖² a sample of m numbers.
     *
     * <p>Reference: Bai, Koltun and Kolter 2021, equation 6, arXiv 2106.14342.
     */
    final class JacobianPenalty implements Contraction {
        private final double weight;

        JacobianPenalty(double weight) {
            this.weight = weight;
        }

        @Override
        public Optional<Tensor> penalty(Operator<Rows> t, Tensor u, Rows c) {
            Tensor at = u.detach().requires_grad_(true);
            Tensor product = Autograd.tapedVjp(t.apply(at, c), at, torch.randn_like(at.detach()));
            return Optional.of(product.square().sum().mul(new Scalar(weight / at.numel())));
        }
    }

    /** When a contraction is adjusted, within a training step. */
    enum Moment {
        /** At the starting point: the solve itself needs it. */
        BEFORE_THE_SOLVE,
        /** At the point that the solve found, before the taped step. */
        AFTER_THE_SOLVE;

        /** As the published code has it: a batch norm in R bounds the iterates, so that nothing is lost by waiting. */
        static Moment of(LatentNorm norm) {
            return norm == LatentNorm.BATCH ? AFTER_THE_SOLVE : BEFORE_THE_SOLVE;
        }
    }

    /** T with the adjustment before its first application, or before the first on the tape. */
    final class Adjusted implements Operator<Rows> {
        private final Operator<Rows> t;
        private final Contraction contraction;
        private final Moment moment;
        private boolean done;

        Adjusted(Operator<Rows> t, Contraction contraction, Moment moment) {
            this.t = t;
            this.contraction = contraction;
            this.moment = moment;
        }

        @Override
        public Tensor apply(Tensor z, Rows c) {
            if (!done && (moment == Moment.BEFORE_THE_SOLVE || GradMode.is_enabled())) {
                done = true;
                try (var offTape = new NoGradGuard();
                        var scope = TensorScope.open()) {
                    contraction.adjust(t, z, c);
                }
            }
            return t.apply(z, c);
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
}
