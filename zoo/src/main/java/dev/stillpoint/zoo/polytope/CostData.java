package dev.stillpoint.zoo.polytope;

import dev.stillpoint.data.Split;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Past rows: contexts, what they asked, what was decided, and where it is known what everything cost.
 *
 * @param features encoded contexts, [rows, p]
 * @param queries a row each
 * @param decisions the optimal decisions, [rows, n]
 * @param truth costs of the variables and of the optimal decisions, where they are known
 * @param <Q> what a row asks
 */
record CostData<Q>(float[][] features, List<Q> queries, float[][] decisions, Optional<Truth> truth) {
    /**
     * True costs.
     *
     * @param costs [rows, n]
     * @param optimal the cost of the best decision, [rows]
     */
    record Truth(float[][] costs, double[] optimal) {}

    int size() {
        return features.length;
    }

    /** The rows at these places. */
    CostData<Q> select(int[] rows) {
        List<Q> asked = new ArrayList<>(rows.length);
        double[] optimal = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            asked.add(queries.get(rows[i]));
            optimal[i] = truth.isPresent() ? truth.get().optimal[rows[i]] : Double.NaN;
        }
        return new CostData<>(
                Split.select(features, rows),
                asked,
                Split.select(decisions, rows),
                truth.map(t -> new Truth(Split.select(t.costs, rows), optimal)));
    }

    /** The true costs, where a caller knows that they are there. */
    Truth costs() {
        return truth.orElseThrow(() -> new IllegalStateException("CostData: need true costs, got decisions alone"));
    }

    /**
     * What decisions cost beside the best ones.
     *
     * @param normalised Σ (cᵀx̂ − cᵀx*) / Σ |cᵀx*| over the rows that have a decision; NaN where none has
     * @param undecided the share of rows without one
     */
    record Regret(double normalised, double undecided) {}

    /** The regret for what was paid, NaN where a row has no decision. */
    Regret regret(double[] paid) {
        double[] optimal = costs().optimal();
        double excess = 0;
        double scale = 0;
        int decided = 0;
        for (int i = 0; i < paid.length; i++) {
            if (!Double.isNaN(paid[i])) {
                excess += paid[i] - optimal[i];
                scale += Math.abs(optimal[i]);
                decided++;
            }
        }
        // Optimal decisions that cost nothing: the excess itself, since there is nothing to compare it with.
        double normalised = decided == 0 ? Double.NaN : scale > 0 ? excess / scale : excess;
        return new Regret(normalised, 1 - decided / (double) paid.length);
    }

    /** The regret of the exact decisions for other costs, [rows, n]: none where some are not finite or have no least decision. */
    Regret regretOf(Problem<Q> problem, float[][] predicted) {
        double[] paid = new double[size()];
        for (int i = 0; i < paid.length; i++) {
            paid[i] = Double.NaN;
            if (CostNetwork.finite(predicted[i])) {
                try {
                    paid[i] = paid(
                            i,
                            problem.minimise(doubles(predicted[i]), queries.get(i))
                                    .x());
                } catch (InfeasibleException e) {
                    // Counted as undecided.
                }
            }
        }
        return regret(paid);
    }

    /** cᵀx in a row. */
    double paid(int row, double[] x) {
        float[] c = costs().costs()[row];
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            // An unused variable costs nothing, whatever it would cost.
            sum += x[j] == 0 ? 0 : c[j] * x[j];
        }
        return sum;
    }

    static double[] doubles(float[] v) {
        double[] wide = new double[v.length];
        for (int j = 0; j < v.length; j++) {
            wide[j] = v[j];
        }
        return wide;
    }

    static float[] floats(double[] v) {
        float[] narrow = new float[v.length];
        for (int j = 0; j < v.length; j++) {
            narrow[j] = (float) v[j];
        }
        return narrow;
    }
}
