package dev.stillpoint.adjoint;

import dev.stillpoint.solver.Solution;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * A fixed point on the tape.
 *
 * @param z [batch, ...], taped
 * @param solution how the solve went, off the tape; its z warm-starts a later solve
 * @param afterBackward what the backward pass cost and reached; throws {@link IllegalStateException} before it has run
 */
public record Attached(Tensor z, Solution solution, Supplier<AdjointStats> afterBackward) {}
