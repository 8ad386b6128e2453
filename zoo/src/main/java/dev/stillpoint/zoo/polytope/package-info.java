/**
 * Models that learn the costs w(d) of a linear problem over a polytope {Ax = b, l ≤ x ≤ u} from past contexts and decisions:
 * one network, one training task, one experiment and one predictor for every {@link dev.stillpoint.zoo.problem.Problem}, and
 * {@code train polytope}, whose problem comes from files.
 */
@NullMarked
package dev.stillpoint.zoo.polytope;

import org.jspecify.annotations.NullMarked;
