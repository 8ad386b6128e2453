/** How the fixed point is differentiated. */
@NullMarked
package dev.stillpoint.adjoint;

import org.jspecify.annotations.NullMarked;
