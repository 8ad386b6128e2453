/**
 * Plain Java on arrays: sparse matrices, their Cholesky factors, and loops over tiles of samples. No tensors.
 *
 * <p>{@link dev.stillpoint.kernel.Lanes} is the arithmetic that a SIMD twin may stand in for.
 */
@NullMarked
package dev.stillpoint.kernel;

import org.jspecify.annotations.NullMarked;
