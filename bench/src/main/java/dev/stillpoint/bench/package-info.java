/** Micro-benchmarks of the kernels. */
@NullMarked
package dev.stillpoint.bench;

import org.jspecify.annotations.NullMarked;
