/** Reproduced applications, found by {@link java.util.ServiceLoader}, and what they have in common: run, store, load, infer. */
@NullMarked
package dev.stillpoint.zoo;

import org.jspecify.annotations.NullMarked;
