/**
 * Plain Java on arrays: sparse matrices, fill-reducing orders and the sparse Cholesky factor of A·Aᵀ. No tensors, and
 * nothing else of this library.
 */
@NullMarked
package dev.stillpoint.kernel;

import org.jspecify.annotations.NullMarked;
