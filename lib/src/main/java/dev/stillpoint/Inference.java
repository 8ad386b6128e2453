package dev.stillpoint;

import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.solver.Solution;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * What a network answers, a sample: the solution with what is needed to trust it.
 *
 * @param x [batch, ...], what the head makes of the solution; taped if it came from {@link ImplicitNetwork#forward}
 * @param context what the encoder made
 * @param solution fixed point, status, steps and residual
 * @param violation the largest absolute constraint residual of x
 * @param afterBackward the backward pass's statistics
 * @param <C> the context
 */
public record Inference<C>(
        Tensor x, C context, Solution solution, double[] violation, Supplier<AdjointStats> afterBackward) {}
