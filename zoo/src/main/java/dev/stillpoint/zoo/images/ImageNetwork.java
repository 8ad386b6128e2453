package dev.stillpoint.zoo.images;

import dev.stillpoint.Encoder;
import dev.stillpoint.Head;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Start;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.Mode;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A classifier of images d [batch, c, h, w] by the fixed point u* = R(u*, Q(d)) [batch, C, h′, w′], with scores S(u*) [batch, 10].
 *
 * <p>Its parameters have the names of the paper's PyTorch code, so that stored weights load by name.
 */
public abstract class ImageNetwork implements Learnable {
    /** The number of classes of each data set here. */
    static final int CLASSES = 10;

    private final double gamma;
    private final LatentNorm norm;
    private final List<LatentBlock> blocks;

    ImageNetwork(double gamma, LatentNorm norm, List<LatentBlock> blocks) {
        if (!(gamma > 0 && gamma < 1)) {
            throw new IllegalArgumentException("ImageNetwork: need gamma in (0, 1), got " + gamma);
        }
        this.gamma = gamma;
        this.norm = norm;
        this.blocks = List.copyOf(blocks);
    }

    /** γ, the paper's contraction factor: a factor within R. */
    public final double gamma() {
        return gamma;
    }

    /** Whether R normalises over the batch. */
    public final LatentNorm norm() {
        return norm;
    }

    /** The residual blocks of R, in order. */
    final List<LatentBlock> blocks() {
        return blocks;
    }

    /** The convolutions of R. */
    final List<Conv2d> latentConvolutions() {
        List<Conv2d> convolutions = new ArrayList<>();
        for (LatentBlock block : blocks) {
            convolutions.add(block.first());
            convolutions.add(block.second());
        }
        return convolutions;
    }

    /** h′ = w′ of u. */
    abstract int side();

    /** C of u. */
    final int channels() {
        return blocks.get(0).first().options().out();
    }

    /** Multiplications of one image's convolutions in Q. */
    abstract long encoderProducts();

    /** The same in S. */
    abstract long headProducts();

    /** The same in one application of R. */
    final long stepProducts() {
        return latentConvolutions().stream().mapToLong(c -> products(c, side())).sum();
    }

    /** The same in one convolution. */
    static long products(Conv2d convolution, int outputSide) {
        Conv2d.Options o = convolution.options();
        return (long) outputSide * outputSide * o.in() * o.out() * o.kernel() * o.kernel();
    }

    /** Q. */
    abstract Layer encoder();

    /** S. */
    abstract Layer head();

    /** R(u, v): γ·B(u + v), with B the blocks one after the other, unless a network has it otherwise. */
    Tensor step(Tensor u, Tensor v, Mode mode) {
        Tensor x = blocks(u.add(v), mode);
        x.mul_(new Scalar(gamma));
        return x;
    }

    /** The blocks one after the other. */
    final Tensor blocks(Tensor x, Mode mode) {
        for (LatentBlock block : blocks) {
            x = block.forward(x, mode);
        }
        return x;
    }

    /** T(u; c) = R(u, Q(d)) with c = Q(d). */
    public final Operator<Rows> operator(Mode mode) {
        return new Step(mode);
    }

    /** The network with its weights shared: solved and differentiated like this, in this mode. */
    public final ImplicitNetwork<Tensor, Rows> network(Mode mode, FixedPointSolver solver, Adjoint adjoint) {
        return network(mode, operator(mode), solver, adjoint);
    }

    /** The same with the operator wrapped. */
    final ImplicitNetwork<Tensor, Rows> network(
            Mode mode, Operator<Rows> operator, FixedPointSolver solver, Adjoint adjoint) {
        return new ImplicitNetwork<>(
                Encoder.of(encoder(), mode),
                operator,
                Start.zerosLike(Rows::values),
                Head.of(head(), mode),
                solver,
                adjoint);
    }

    /** Shows the blocks under the names of the paper. */
    final void visitBlocks(ParameterVisitor visitor) {
        for (int i = 0; i < blocks.size(); i++) {
            visitor.part("latent_convs." + i, blocks.get(i));
        }
        for (int i = 0; i < blocks.size(); i++) {
            Learnable latent = blocks.get(i).norm();
            if (latent != null) {
                visitor.part("lat_batch_norm." + i, latent);
            }
        }
    }

    /** The parameters of R. */
    private final class Step implements Operator<Rows> {
        private final Mode mode;

        Step(Mode mode) {
            this.mode = mode;
        }

        @Override
        public Tensor apply(Tensor z, Rows c) {
            return step(z, c.values(), mode);
        }

        @Override
        public Coupling coupling() {
            return mode == Mode.TRAIN && norm == LatentNorm.BATCH ? Coupling.BATCH : Coupling.PER_SAMPLE;
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitBlocks(visitor);
        }
    }
}
