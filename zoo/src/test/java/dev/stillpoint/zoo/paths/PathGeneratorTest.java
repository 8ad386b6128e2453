package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.CsvTable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathGeneratorTest {
    /** The fixture holds nine digits. */
    private static final double NINE_DIGITS = 5e-9;

    @Tag("data")
    @ParameterizedTest
    @ValueSource(ints = {5, 10})
    void equalsPyEpoDrawForDraw(int k) {
        PathData data = PathGenerator.published(k).generate();
        CsvTable table = CsvTable.read(Fixtures.fixture("pyepo_shortest_path_" + k + "x" + k + "_first20.csv"));
        // The fixture's contexts were cut to nine digits before they were rounded to float, its costs after.
        double[][] contexts = table.rows(CsvTable.numbered("x", 5));
        float[][] costs = table.floatRows(CsvTable.numbered("c", new Grid(k).arcs()));
        double[] optimal = table.column("optimal_cost");
        assertThat(contexts).hasDimensions(20, 5);
        for (int i = 0; i < contexts.length; i++) {
            for (int j = 0; j < 5; j++) {
                float context = data.contexts()[i][j];
                assertThat((double) context).isCloseTo(contexts[i][j], within(Math.ulp(context) / 2 + NINE_DIGITS));
            }
            assertThat(data.costs()[i]).containsExactly(costs[i]);
            assertThat(data.optimalCosts()[i]).isCloseTo(optimal[i], within(NINE_DIGITS * 10));
        }
    }

    /** The same check without the data folder: PyEPO's first context and costs at 5 x 5. */
    @Test
    void firstNumbersOfThePublishedData() {
        PathData data = PathGenerator.published(5).generate();
        assertThat(data.contexts()[0]).containsExactly(0.18978013f, 0.2813124f, 0.8040746f, 0.34358466f, 0.79699534f);
        assertThat(data.costs()[0]).startsWith(1.4804296f, 1.1615883f, 0.51442844f, 1.6019049f);
        assertThat(data.optimalCosts()[0]).isCloseTo(6.69502458, within(NINE_DIGITS * 10));
    }

    @Test
    void shapesAndPaths() {
        PathGenerator generator = new PathGenerator(4, 7, 3, 2, 0.25, 9);
        PathData data = generator.generate();
        assertThat(data.size()).isEqualTo(7);
        assertThat(data.contexts()).hasDimensions(7, 3);
        assertThat(data.costs()).hasDimensions(7, 24);
        assertThat(generator.noiseFreeCosts(AllPaths.range(0, 7))).hasDimensions(7, 24);
        for (int i = 0; i < 7; i++) {
            assertThat(data.grid().isPath(data.path(i))).isTrue();
            assertThat(data.grid().arcs(data.path(i))).containsExactly(data.arcs()[i]);
            assertThat(data.optimalCosts()[i]).isEqualTo(AllPaths.dot(data.costs()[i], data.path(i)));
        }
    }

    @Test
    void noiseIsAFactorWithinItsWidth() {
        PathGenerator noisy = new PathGenerator(5, 50, 5, 4, 0.5, 1);
        float[][] costs = noisy.generate().costs();
        float[][] clean = noisy.noiseFreeCosts(AllPaths.range(0, 50));
        double sum = 0;
        for (int i = 0; i < 50; i++) {
            for (int e = 0; e < 40; e++) {
                double factor = (double) costs[i][e] / clean[i][e];
                assertThat(factor).isBetween(0.5 - 1e-6, 1.5 + 1e-6);
                sum += factor;
            }
        }
        // Mean of 2,000 uniform factors: standard error 0.0065.
        assertThat(sum / 2000).isCloseTo(1, within(0.03));
        PathGenerator quiet = new PathGenerator(5, 50, 5, 4, 0, 1);
        assertThat(quiet.generate().costs()).isDeepEqualTo(quiet.noiseFreeCosts(AllPaths.range(0, 50)));
        assertThat(noisy.noiseFreeCosts(new int[] {31, 4})).isDeepEqualTo(new float[][] {clean[31], clean[4]});
        assertThatThrownBy(() -> noisy.noiseFreeCosts(new int[] {50}))
                .hasMessage("noiseFreeCosts: need rows 0 to 49, got 50");
    }

    @Test
    void copiesChangeOneValue() {
        PathGenerator generator = PathGenerator.published(5);
        assertThat(generator).isEqualTo(new PathGenerator(5, 1400, 5, 4, 0.5, 135));
        assertThat(generator.withRows(20)).isEqualTo(new PathGenerator(5, 20, 5, 4, 0.5, 135));
        assertThat(generator.withSeed(1)).isEqualTo(new PathGenerator(5, 1400, 5, 4, 0.5, 1));
        assertThat(generator.withRows(20).generate().contexts()[19])
                .containsExactly(generator.generate().contexts()[19]);
    }

    @Test
    void dataIsSelectedRowByRow() {
        PathData data = PathGenerator.published(5).withRows(4).generate();
        PathData part = data.select(new int[] {3, 1});
        assertThat(part.size()).isEqualTo(2);
        assertThat(part.contexts()[0]).isSameAs(data.contexts()[3]);
        assertThat(part.costs()[1]).isSameAs(data.costs()[1]);
        assertThat(part.arcs()[0]).isSameAs(data.arcs()[3]);
        assertThat(part.optimalCosts()).containsExactly(data.optimalCosts()[3], data.optimalCosts()[1]);
        assertThatThrownBy(() -> data.select(new int[] {4})).hasMessage("select: need rows 0 to 3, got 4");
        assertThatThrownBy(() -> data.select(new int[0])).hasMessage("select: need at least one row, got none");
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> PathGenerator.published(1)).hasMessage("Grid: need k >= 2, got 1");
        assertThatThrownBy(() -> new PathGenerator(5, 0, 5, 4, 0.5, 1))
                .hasMessage("PathGenerator: need rows >= 1, got 0");
        assertThatThrownBy(() -> new PathGenerator(5, 1, 0, 4, 0.5, 1))
                .hasMessage("PathGenerator: need features >= 1, got 0");
        assertThatThrownBy(() -> new PathGenerator(5, 1, 5, 0, 0.5, 1))
                .hasMessage("PathGenerator: need degree >= 1, got 0");
        assertThatThrownBy(() -> new PathGenerator(5, 1, 5, 4, Double.NaN, 1))
                .hasMessage("PathGenerator: need 0 <= noiseWidth <= 1, got NaN");
        assertThatThrownBy(() -> new PathGenerator(5, 1, 5, 4, 0.5, -1))
                .hasMessage("PathGenerator: need 0 <= seed <= 4294967295, got -1");
        assertThatThrownBy(() -> new PathGenerator(30_000, 1, 5, 4, 0.5, 1))
                .isInstanceOf(IllegalArgumentException.class);
        Grid grid = new Grid(2);
        assertThatThrownBy(() -> PathData.of(grid, new float[2][1], new float[1][4]))
                .hasMessage("PathData: need as many contexts as costs and at least one, got 2 and 1");
        assertThatThrownBy(() -> PathData.of(grid, new float[][] {{1}, {1, 2}}, new float[2][4]))
                .hasMessage("PathData: need [1] features in row 1, got [2]");
        assertThatThrownBy(() -> PathData.of(grid, new float[][] {{Float.NaN}}, new float[1][4]))
                .hasMessage("PathData: need finite features, got NaN in row 0");
        assertThatThrownBy(() -> PathData.of(grid, new float[1][1], new float[1][5]))
                .hasMessage("ShortestPath: need [4] arcs, got [5]");
    }
}
