package dev.stillpoint.zoo.polytope;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.Optimum;
import dev.stillpoint.zoo.problem.Problem;
import dev.stillpoint.zoo.table.ContextRow;
import java.util.List;
import java.util.Optional;

/**
 * How a user's rows pose a {@link Problem}, and how its decisions are read and written.
 *
 * @param <Q> what differs from row to row beside the costs
 */
public interface Posing<Q> {
    /** The problem. */
    Problem<Q> problem();

    /** What one variable is called in messages: "an edge". */
    String variable();

    /**
     * The variables that cost something, in order: the first of the problem's, all of them unless it has slack variables behind
     * the user's own.
     */
    List<String> variables();

    /** The columns of a context that say what is asked, which are no features: for paths origin, destination and closed edges. */
    List<String> columns();

    /**
     * What a row asks.
     *
     * @throws RuntimeException as the row throws it, if one of {@link #columns} is missing or unknown
     */
    Q query(ContextRow row);

    /**
     * Refuses a query for which there is no decision, whatever the costs.
     *
     * @throws InfeasibleException that says why
     */
    void requireFeasible(Q query);

    /** Whether b is a row's own. */
    boolean ownRightHandSide();

    /** b of all rows, [m], where it is not a row's own. */
    double[] rightHandSide();

    /** Whether l or u is a row's own. The kernels need bounds that all rows share; otherwise the general loop runs. */
    boolean ownBounds();

    /** l of all rows, [n], where it is not a row's own. */
    double[] lower();

    /** u of all rows, [n], where it is not a row's own. */
    double[] upper();

    /** Whether the oracle is fast enough to be asked for every validation row after every epoch. */
    boolean quickOracle();

    /** The columns that a decisions' file may have, given those that it has. */
    List<String> decisionColumns(List<String> found);

    /**
     * The decision that a row of the decisions' file holds, [n].
     *
     * @throws RuntimeException as the row throws it, if it is none
     */
    double[] decision(ContextRow row, Q query);

    /** Why x is no decision for this query: "need X, got Y"; empty for one that is. */
    Optional<String> refusal(double[] x, Q query);

    /**
     * The unit in which a network sees decisions: it must make them numbers of about 1.
     *
     * @param decisions those to train on
     */
    double unit(float[][] decisions);

    /** A decision in the application's notation. */
    String text(double[] x, Q query);

    /** The names of the columns that {@link #details} fills. */
    List<String> detailColumns();

    /** Further columns of a decision. */
    List<String> details(double[] x, Q query);

    /**
     * Refuses a number of next best decisions.
     *
     * @throws IllegalArgumentException if this kind of problem cannot list so many
     */
    void requireBest(int count);

    /**
     * The decisions of least cost, the best first; fewer where there are no more.
     *
     * @throws InfeasibleException if there is none
     */
    List<Optimum> best(int count, double[] costs, Q query);

    /** All of it, as stored with a model. */
    JsonNode toJson();
}
