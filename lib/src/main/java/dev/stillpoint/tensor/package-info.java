/**
 * The one place that owns native memory: scopes, copies in and out, custom gradients, threads.
 *
 * <p>A {@link org.bytedeco.pytorch.Tensor} is a tiny Java object with large native memory behind it, which the garbage
 * collector does not see. Every loop body therefore opens a {@link dev.stillpoint.tensor.TensorScope}.
 */
@NullMarked
package dev.stillpoint.tensor;

import org.jspecify.annotations.NullMarked;
