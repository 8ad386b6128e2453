/** Convex sets and proximal maps, batched: every tensor is [batch, n], every result a sample of its own. */
@NullMarked
package dev.stillpoint.set;

import org.jspecify.annotations.NullMarked;
