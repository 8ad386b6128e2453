/**
 * Problems whose decisions are vertices of a polytope {x : Ax = b, l ≤ x ≤ u}: {@link
 * dev.stillpoint.zoo.problem.ShortestPathProblem paths in any directed graph}, and {@link
 * dev.stillpoint.zoo.problem.PolytopeProblem any polytope}. Each knows its polytope and an exact oracle, whose answers carry a
 * bound that proves them optimal, or shows how far from it they can be. Arrays only.
 */
@NullMarked
package dev.stillpoint.zoo.problem;

import org.jspecify.annotations.NullMarked;
