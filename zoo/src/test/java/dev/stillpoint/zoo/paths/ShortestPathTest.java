package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.RandomState;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShortestPathTest {
    private static final int REPEATS = 40;
    /** Sums of at most eight floats in double, in another order. */
    private static final double ROUNDING = 1e-12;

    enum Costs {
        POSITIVE {
            @Override
            float draw(RandomState random) {
                return (float) random.uniform(0.1, 2);
            }
        },
        OF_ANY_SIGN {
            @Override
            float draw(RandomState random) {
                return (float) random.normal();
            }
        },
        NEGATIVE {
            @Override
            float draw(RandomState random) {
                return (float) random.uniform(-2, -0.1);
            }
        },
        TIED {
            @Override
            float draw(RandomState random) {
                return random.choice(-1, 2);
            }
        },
        ZERO {
            @Override
            float draw(RandomState random) {
                return random.coin() * 0f;
            }
        };

        abstract float draw(RandomState random);
    }

    @ParameterizedTest
    @EnumSource
    void equalsTheBestOfAllPaths(Costs costs) {
        RandomState random = new RandomState(11);
        for (int k = 2; k <= 5; k++) {
            ShortestPath solver = new ShortestPath(new Grid(k));
            List<float[]> all = AllPaths.of(k);
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                float[] cost = draw(costs, random, k);
                float[] path = solver.solve(cost);
                double best = all.stream()
                        .mapToDouble(p -> AllPaths.dot(cost, p))
                        .min()
                        .orElseThrow();
                assertThat(solver.grid().isPath(path)).isTrue();
                assertThat(AllPaths.dot(cost, path)).isCloseTo(best, within(ROUNDING));
                assertThat(solver.cost(cost, path)).isEqualTo(AllPaths.dot(cost, path));
            }
        }
    }

    /** Whole costs add without rounding, so ties are exact; the first of all paths, right before down, wins. */
    @Test
    void tiesGoRightFirst() {
        RandomState random = new RandomState(5);
        for (int k = 2; k <= 5; k++) {
            ShortestPath solver = new ShortestPath(new Grid(k));
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                float[] cost = draw(Costs.TIED, random, k);
                float[] first = new float[0];
                double best = Double.POSITIVE_INFINITY;
                for (float[] path : AllPaths.of(k)) {
                    if (AllPaths.dot(cost, path) < best) {
                        best = AllPaths.dot(cost, path);
                        first = path;
                    }
                }
                assertThat(solver.solve(cost)).containsExactly(first);
            }
        }
    }

    @Test
    void decodesToTheNearestPath() {
        RandomState random = new RandomState(3);
        for (int k = 2; k <= 5; k++) {
            ShortestPath solver = new ShortestPath(new Grid(k));
            List<float[]> all = AllPaths.of(k);
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                float[] flow = draw(Costs.POSITIVE, random, k);
                double nearest =
                        all.stream().mapToDouble(p -> distance(flow, p)).min().orElseThrow();
                assertThat(distance(flow, solver.decode(flow))).isCloseTo(nearest, within(ROUNDING));
            }
            for (float[] path : all) {
                assertThat(solver.decode(path)).containsExactly(path);
            }
        }
    }

    /** A unit flow on 3 x 3 whose larger branch at the source splits up: walking greedily takes the wrong turn. */
    @Test
    void decodingSeesPastTheFirstArc() {
        Grid grid = new Grid(3);
        ShortestPath solver = new ShortestPath(grid);
        float[] flow = new float[grid.arcs()];
        flow[grid.rightArc(0, 0)] = 0.52f;
        flow[grid.rightArc(0, 1)] = 0.26f;
        flow[grid.downArc(0, 1)] = 0.26f;
        flow[grid.downArc(0, 2)] = 0.26f;
        flow[grid.rightArc(1, 1)] = 0.26f;
        flow[grid.downArc(1, 2)] = 0.52f;
        flow[grid.downArc(0, 0)] = 0.48f;
        flow[grid.downArc(1, 0)] = 0.48f;
        flow[grid.rightArc(2, 0)] = 0.48f;
        flow[grid.rightArc(2, 1)] = 0.48f;
        assertThat(grid.nodes(solver.decode(flow))).containsExactly(0, 3, 6, 7, 8);
    }

    @Test
    void aLargeGridIsSolved() {
        Grid grid = new Grid(300);
        float[] cost = new float[grid.arcs()];
        Arrays.fill(cost, 2f);
        for (int i = 0; i < 299; i++) {
            cost[grid.downArc(i, i)] = 1f;
            cost[grid.rightArc(i + 1, i)] = 1f;
        }
        float[] path = new ShortestPath(grid).solve(cost);
        assertThat(new ShortestPath(grid).cost(cost, path)).isEqualTo(598);
        assertThat(grid.isPath(path)).isTrue();
    }

    @Test
    void inputsStayUntouchedAndMistakesAreNamed() {
        ShortestPath solver = new ShortestPath(new Grid(2));
        float[] cost = {1, 2, 3, 4};
        solver.solve(cost);
        assertThat(cost).containsExactly(1, 2, 3, 4);
        assertThatThrownBy(() -> solver.solve(new float[3])).hasMessage("ShortestPath: need [4] arcs, got [3]");
        assertThatThrownBy(() -> solver.solve(new float[] {1, 2, Float.NaN, 4}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ShortestPath: need finite numbers, got NaN at arc 2");
        assertThatThrownBy(() -> solver.decode(new float[] {1, 2, 3, Float.POSITIVE_INFINITY}))
                .hasMessage("decode: need finite numbers, got Infinity at arc 3");
        assertThatThrownBy(() -> solver.cost(cost, new float[5])).hasMessage("cost: need [4] arcs, got [5]");
    }

    private static float[] draw(Costs costs, RandomState random, int k) {
        float[] cost = new float[new Grid(k).arcs()];
        for (int e = 0; e < cost.length; e++) {
            cost[e] = costs.draw(random);
        }
        return cost;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return sum;
    }
}
