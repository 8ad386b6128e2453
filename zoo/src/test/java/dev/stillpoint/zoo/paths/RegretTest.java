package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RegretTest {
    /** On 2 x 2 the arcs are 0→1, 0→2, 1→3, 2→3: the upper path costs c0 + c2, the lower c1 + c3. */
    private static final float[] UPPER = {1, 0, 1, 0};

    private static final float[] LOWER = {0, 1, 0, 1};
    private static final double ROUNDING = 1e-12;

    private final PathData truth = PathData.of(new Grid(2), new float[3][1], new float[][] {
        {1, 2, 1, 2}, // upper 2, lower 4
        {4, 3, 4, 2}, // upper 8, lower 5
        {-3, 0, 0, 0} // upper −3, lower 0
    });

    @Test
    void byHand() {
        assertThat(truth.optimalCosts()).containsExactly(2, 5, -3);
        Regret regret = Regret.ofPaths(new float[][] {LOWER, LOWER, LOWER}, truth);
        assertThat(regret.normalised()).isCloseTo((2 + 0 + 3) / 10.0, within(ROUNDING));
        assertThat(regret.accuracy()).isCloseTo(1 / 3.0, within(ROUNDING));
        assertThat(Regret.ofPaths(AllPaths.optimal(truth), truth)).isEqualTo(new Regret(0, 1));
    }

    @Test
    void predictedCostsDecideByTheirCheapestPath() {
        float[][] predicted = {{1, 0, 1, 0}, {0, 1, 0, 1}, {9, 10, 9, 10}};
        assertThat(Regret.ofCosts(predicted, truth))
                .isEqualTo(Regret.ofPaths(new float[][] {LOWER, UPPER, UPPER}, truth));
        assertThat(Regret.ofCosts(truth.costs(), truth)).isEqualTo(new Regret(0, 1));
    }

    @Test
    void nearlyAsCheapCountsAsAccurate() {
        PathData close =
                PathData.of(new Grid(2), new float[2][1], new float[][] {{1, 1.0009f, 1, 1}, {1, 1.0011f, 1, 1}});
        Regret regret = Regret.ofPaths(new float[][] {LOWER, LOWER}, close);
        assertThat(regret.accuracy()).isEqualTo(0.5);
        assertThat(regret.normalised()).isCloseTo(0.002 / 4, within(1e-7));
    }

    @Test
    void relaxedCostOfAFractionalFlow() {
        float[] half = {0.5f, 0.5f, 0.5f, 0.5f};
        // Costs 3, 6.5 and −1.5 against 2, 5 and −3.
        assertThat(Regret.relaxed(new float[][] {half, half, half}, truth)).isCloseTo(8.0 / 4 - 1, within(ROUNDING));
        assertThat(Regret.relaxed(AllPaths.optimal(truth), truth)).isZero();
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> Regret.ofPaths(new float[2][4], truth))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ofPaths: need [3, E] rows, got [2, E]");
        assertThatThrownBy(() -> Regret.ofPaths(new float[][] {UPPER, {1, 1, 1, 1}, LOWER}, truth))
                .hasMessage("ofPaths: need a path in row 1, got another arc vector");
        float[][] nan = new float[3][4];
        Arrays.fill(nan[1], Float.NaN);
        assertThatThrownBy(() -> Regret.ofCosts(nan, truth))
                .hasMessage("ShortestPath: need finite numbers, got NaN at arc 0");
        PathData free = PathData.of(new Grid(2), new float[1][1], new float[1][4]);
        assertThatThrownBy(() -> Regret.relaxed(new float[][] {UPPER}, free))
                .hasMessage("relaxed: need optimal costs that do not sum to 0, got 0");
    }
}
