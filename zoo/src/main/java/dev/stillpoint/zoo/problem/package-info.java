/**
 * Problems whose decisions are vertices of a polytope {x : Ax = b, l ≤ x ≤ u}: paths in a graph, and any polytope from files.
 * Each knows its polytope and an exact oracle. Arrays only.
 */
@NullMarked
package dev.stillpoint.zoo.problem;

import org.jspecify.annotations.NullMarked;
