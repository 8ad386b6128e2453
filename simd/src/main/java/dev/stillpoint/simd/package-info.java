/** The SIMD twin of the kernels' plain Java, by Java's incubating Vector API. */
@NullMarked
package dev.stillpoint.simd;

import org.jspecify.annotations.NullMarked;
