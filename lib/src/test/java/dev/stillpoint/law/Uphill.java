package dev.stillpoint.law;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.Start;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.Tensors;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A regression on which the Jacobian-free gradient points uphill at every weight: T(z) = 0.9·Rz + DΘd, R a rotation of the
 * plane by acos 0.9, D = diag(1, spread), predicted number aᵀz with a = (1, ½).
 *
 * <p>(I − 0.9R)⁻¹ turns by ψ = asin 0.9, the most that a 0.9-contraction can. Along −DᵀA r the prediction moves by
 * −aᵀ(I − 0.9R)⁻¹DDᵀa·r, whose factor cos ψ·(1 + spread²/4) − sin ψ·(spread² − 1)/2, up to a positive one, is negative
 * from spread 2 on: gradient descent with it diverges from every start but the solution.
 */
final class Uphill {
    private static final double GAMMA = 0.9;
    private static final int FEATURES = 3;
    private static final int ROWS = 8;

    /** The spread of D, 1 for the well-conditioned problem; may be changed during training. */
    double spread;

    final ImplicitNetwork<Tensor, Rows> network;
    private final Tensor inputs;
    private final Tensor targets;

    /** A problem in float64 with its own data. */
    Uphill(double spread, long seed, Function<Learnable, Adjoint> adjoint) {
        this.spread = spread;
        double sin = GAMMA * Math.sqrt(1 - GAMMA * GAMMA);
        double cos = GAMMA * GAMMA;
        Tensor w = Tensors.of(new double[] {cos, sin, -sin, cos}, 2, 2);
        Operator<Rows> t = (z, c) -> z.matmul(w).add(c.values().mul(Tensors.of(new double[] {1, this.spread}, 2)));
        Encoder<Tensor, Rows> encoder = encoder(seed);
        this.network = new ImplicitNetwork<>(
                encoder,
                t,
                Start.zerosLike(Rows::values),
                FixedPointSolver.of(StoppingRule.tolerance(1e-9)),
                adjoint.apply(encoder));
        this.inputs = Tensors.of(Cases.normal(Cases.random(seed), ROWS * FEATURES, 1), ROWS, FEATURES);
        Tensor truth = Tensors.of(Cases.normal(Cases.random(seed + 1), FEATURES, 1), FEATURES, 1);
        this.targets = inputs.matmul(truth).squeeze(1);
    }

    /** A linear layer in float64. */
    private static Encoder<Tensor, Rows> encoder(long seed) {
        Tensor theta = Tensors.of(Cases.normal(Cases.random(seed + 2), 2 * FEATURES, 1), 2, FEATURES)
                .requires_grad_(true);
        return new Encoder<>() {
            @Override
            public Rows encode(Tensor d) {
                return new Rows(d.matmul(theta.t()));
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.parameter("theta", theta);
            }
        };
    }

    /** The mean of half the squared error, taped. */
    Tensor loss() {
        return loss(forward());
    }

    Inference<Rows> forward() {
        return network.forward(inputs);
    }

    Tensor loss(Inference<Rows> inference) {
        Tensor x = inference.x();
        Tensor error =
                x.matmul(Tensors.of(new double[] {1, 0.5}, 2, 1)).squeeze(1).sub(targets);
        return error.mul(error).mean().mul(new Scalar(0.5));
    }

    Tensor theta() {
        return network.parameters().values().iterator().next();
    }
}
