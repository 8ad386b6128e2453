/** How T is iterated: the one loop, its stopping rule, acceleration and status. */
@NullMarked
package dev.stillpoint.solver;

import org.jspecify.annotations.NullMarked;
