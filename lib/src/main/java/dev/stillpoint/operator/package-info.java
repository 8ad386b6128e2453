/** Fixed-point operators T(z; c): one step of a splitting algorithm. */
@NullMarked
package dev.stillpoint.operator;

import org.jspecify.annotations.NullMarked;
