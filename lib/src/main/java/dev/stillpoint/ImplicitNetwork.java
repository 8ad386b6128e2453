package dev.stillpoint;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.set.Constraint;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.function.Supplier;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * x(d) = H(S(z*)), z* = T(z*; Q(d)): an encoder Q, an operator T with its solution map S, a head H, and how to solve and
 * differentiate.
 *
 * <p>Both calls need an open {@link TensorScope}, which owns what they return.
 *
 * @param encoder Q
 * @param operator T and S
 * @param start z₀
 * @param head H, the identity where the solution itself is asked for
 * @param solver how the fixed point is found
 * @param adjoint how it is differentiated
 * @param <I> what the network is given
 * @param <C> the context
 */
public record ImplicitNetwork<I, C extends Batch<C>>(
        Encoder<I, C> encoder,
        Operator<C> operator,
        Start<C> start,
        Head<C> head,
        FixedPointSolver solver,
        Adjoint adjoint)
        implements Learnable {
    private static final Supplier<AdjointStats> NO_BACKWARD = () -> {
        throw new IllegalStateException("AdjointStats: need forward() and backward(), got infer()");
    };

    /** A network whose output is the solution itself. */
    public ImplicitNetwork(
            Encoder<I, C> encoder, Operator<C> operator, Start<C> start, FixedPointSolver solver, Adjoint adjoint) {
        this(encoder, operator, start, Head.identity(), solver, adjoint);
    }

    /** The same network, solved in another way. */
    public ImplicitNetwork<I, C> withSolver(FixedPointSolver solver) {
        return new ImplicitNetwork<>(encoder, operator, start, head, solver, adjoint);
    }

    /** The same network, differentiated in another way. */
    public ImplicitNetwork<I, C> withAdjoint(Adjoint adjoint) {
        return new ImplicitNetwork<>(encoder, operator, start, head, solver, adjoint);
    }

    /** The same network with another head. */
    public ImplicitNetwork<I, C> withHead(Head<C> head) {
        return new ImplicitNetwork<>(encoder, operator, start, head, solver, adjoint);
    }

    /** x(d) without a gradient. */
    public Inference<C> infer(I input) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            C c = encoder.encode(input);
            return infer(c, start.at(c));
        }
    }

    /** The same from a warm start, [batch, ...]. */
    public Inference<C> infer(I input, Tensor z0) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            return infer(encoder.encode(input), z0);
        }
    }

    private Inference<C> infer(C c, Tensor z0) {
        TensorScope.current();
        try (NoGradGuard offTape = new NoGradGuard()) {
            Solution solution = solver.solve(operator, z0, c);
            Tensor x = operator.solution(solution.z(), c);
            return new Inference<>(head.apply(x, c), c, solution, violation(x, c), NO_BACKWARD);
        }
    }

    /** x(d) on the tape, as the adjoint attaches it. */
    public Inference<C> forward(I input) {
        C c = encoder.encode(input);
        return forward(c, start.at(c));
    }

    /** The same from a warm start, [batch, ...]. */
    public Inference<C> forward(I input, Tensor z0) {
        return forward(encoder.encode(input), z0);
    }

    private Inference<C> forward(C c, Tensor z0) {
        TensorScope.current();
        Attached attached = adjoint.solve(solver, operator, z0, c);
        Tensor x = operator.solution(attached.z(), c);
        return new Inference<>(head.apply(x, c), c, attached.solution(), violation(x, c), attached.afterBackward());
    }

    private double[] violation(Tensor x, C c) {
        double[] worst = new double[c.size()];
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            for (Constraint<C> set : operator.constraints()) {
                double[] violation = Tensors.doubles(set.violation(x.detach(), c));
                for (int i = 0; i < worst.length; i++) {
                    worst[i] = Math.max(worst[i], violation[i]);
                }
            }
        }
        return worst;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.part("encoder", encoder);
        visitor.part("operator", operator);
        visitor.part("head", head);
    }
}
