package dev.stillpoint.zoo.polytope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.zoo.problem.PolytopeProblem;
import dev.stillpoint.zoo.problem.PolytopeQuery;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** x + y = 1 and u = v, all of them at least 0: one has to be taken, and u and v may grow without end. */
class CostDataTest {
    private static final PolytopeProblem PROBLEM =
            PolytopeProblem.of(List.of("x", "y", "u", "v"), List.of("one", "both"), SparseMatrix.of(new double[][] {
                {1, 1, 0, 0}, {0, 0, 1, -1}
            }));

    private static CostData<PolytopeQuery> rows(int count) {
        double[] unbounded = new double[4];
        Arrays.fill(unbounded, Double.POSITIVE_INFINITY);
        PolytopeQuery query = new PolytopeQuery(new double[] {1, 0}, new double[4], unbounded);
        float[][] costs = new float[count][];
        Arrays.fill(costs, new float[] {2, 3, 1, 1});
        float[][] decisions = new float[count][];
        Arrays.fill(decisions, new float[] {1, 0, 0, 0});
        double[] optimal = new double[count];
        Arrays.fill(optimal, 2);
        return new CostData<>(
                new float[count][1],
                Collections.nCopies(count, query),
                decisions,
                Optional.of(new CostData.Truth(costs, optimal)));
    }

    @Test
    void rowsWithoutADecisionAreCountedAndLeftOut() {
        float[] right = {1, 2, 0, 0};
        float[] wrong = {2, 1, 0, 0};
        float[] endless = {1, 2, -1, 0};
        float[] overflown = {1, Float.NaN, 0, 0};
        assertThat(rows(2).regretOf(PROBLEM, new float[][] {right, wrong})).isEqualTo(new CostData.Regret(0.25, 0));
        assertThat(rows(4).regretOf(PROBLEM, new float[][] {right, endless, wrong, overflown}))
                .isEqualTo(new CostData.Regret(0.25, 0.5));
        CostData.Regret none = rows(1).regretOf(PROBLEM, new float[][] {endless});
        assertThat(none.normalised()).isNaN();
        assertThat(none.undecided()).isEqualTo(1);
    }
}
