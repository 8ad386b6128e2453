package dev.stillpoint.zoo.problem;

import dev.stillpoint.kernel.SparseMatrix;
import java.util.List;

/**
 * What is known of a decision: it is a vertex of {x : Ax = b, l ≤ x ≤ u}, and which vertex costs least for given costs w can
 * be computed exactly. A network learns w; its relaxed solution minimises wᵀx + γ/2 ‖x‖² over the same polytope.
 *
 * <p>Immutable and safe for threads. Arrays handed out are new ones, but the matrix is shared.
 *
 * @param <Q> what differs from row to row beside the costs: for paths the two ends and the edges that are closed
 */
public interface Problem<Q> {
    /** The variables' names, in order, as the user's files have them. */
    List<String> variables();

    /** A, [m, n], which all rows share. */
    SparseMatrix matrix();

    /**
     * b of a row, [m].
     *
     * @throws IllegalArgumentException if the query names what the problem does not have
     * @throws InfeasibleException if it shows without a search for the optimum that the row has no decision
     */
    double[] rightHandSide(Q query);

    /**
     * l of a row, [n], −∞ where there is no bound.
     *
     * @throws IllegalArgumentException if the query names what the problem does not have
     * @throws InfeasibleException if it shows without a search for the optimum that the row has no decision
     */
    double[] lower(Q query);

    /**
     * u of a row, [n], infinite where there is no bound.
     *
     * @throws IllegalArgumentException if the query names what the problem does not have
     * @throws InfeasibleException if it shows without a search for the optimum that the row has no decision
     */
    double[] upper(Q query);

    /**
     * The decision of least cost wᵀx, exactly, or as {@link Optimum#warning} says.
     *
     * @param costs w, [n], finite
     * @throws IllegalArgumentException for another length, a cost that is not finite, or a query that names what the problem
     *     does not have
     * @throws InfeasibleException if the row has no decision
     */
    Optimum minimise(double[] costs, Q query);
}
