/**
 * Learning to optimise with implicit networks: x(d) = argmin over x in C of f(x; d, Θ), computed as a fixed point
 * z* = T(z*; Q(d)) of a splitting algorithm.
 *
 * <p>{@link dev.stillpoint.ImplicitNetwork} puts the parts together; the packages below are the parts.
 */
@NullMarked
package dev.stillpoint;

import org.jspecify.annotations.NullMarked;
