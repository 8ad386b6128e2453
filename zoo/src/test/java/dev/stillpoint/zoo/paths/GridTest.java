package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.SparseMatrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridTest {
    @Test
    void theSmallestGridByHand() {
        Grid grid = new Grid(2);
        // 0 -> 1, 0 -> 2, 1 -> 3, 2 -> 3
        SparseMatrix a = grid.incidence();
        SparseMatrix byHand =
                SparseMatrix.of(new double[][] {{-1, -1, 0, 0}, {1, 0, -1, 0}, {0, 1, 0, -1}, {0, 0, 1, 1}});
        assertThat(a.rows()).isEqualTo(4);
        assertThat(a.columns()).isEqualTo(4);
        assertThat(a.pointers()).containsExactly(byHand.pointers());
        assertThat(a.indices()).containsExactly(byHand.indices());
        assertThat(a.values()).containsExactly(byHand.values());
        assertThat(grid.supply()).containsExactly(-1, 0, 0, 1);
        assertThat(grid.rightArc(0, 0)).isEqualTo(0);
        assertThat(grid.downArc(0, 0)).isEqualTo(1);
        assertThat(grid.downArc(0, 1)).isEqualTo(2);
        assertThat(grid.rightArc(1, 0)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 7})
    void arcsAreInPyEposOrder(int k) {
        Grid grid = new Grid(k);
        List<int[]> arcs = AllPaths.arcs(k);
        assertThat(grid.arcs()).isEqualTo(arcs.size());
        for (int e = 0; e < grid.arcs(); e++) {
            assertThat(new int[] {grid.tail(e), grid.head(e)}).containsExactly(arcs.get(e));
            int row = grid.tail(e) / k;
            int column = grid.tail(e) % k;
            boolean right = grid.head(e) == grid.tail(e) + 1;
            assertThat(right ? grid.rightArc(row, column) : grid.downArc(row, column))
                    .isEqualTo(e);
        }
    }

    @Test
    void publishedArcCounts() {
        int[][] counts = {{5, 40}, {10, 180}, {15, 420}, {20, 760}, {25, 1200}, {30, 1740}};
        for (int[] count : counts) {
            assertThat(new Grid(count[0]).arcs()).isEqualTo(count[1]);
        }
        assertThat(new Grid(32_768).arcs()).isEqualTo(2_147_418_112);
        assertThat(new Grid(32_768).tail(2_147_418_111)).isEqualTo(32_768 * 32_768 - 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void everyPathIsAUnitFlowAndReadsBackAsNodes(int k) {
        Grid grid = new Grid(k);
        SparseMatrix a = grid.incidence();
        assertThat(a.nonZeros()).isEqualTo(2 * grid.arcs());
        for (float[] path : AllPaths.of(k)) {
            assertThat(grid.isPath(path)).isTrue();
            double[] flow = new double[path.length];
            Arrays.setAll(flow, e -> path[e]);
            assertThat(a.multiply(flow)).containsExactly(grid.supply());
            int[] nodes = grid.nodes(path);
            assertThat(nodes).hasSize(2 * k - 1).startsWith(0).endsWith(k * k - 1);
            float[] again = new float[grid.arcs()];
            for (int i = 1; i < nodes.length; i++) {
                for (int e = 0; e < grid.arcs(); e++) {
                    if (grid.tail(e) == nodes[i - 1] && grid.head(e) == nodes[i]) {
                        again[e] = 1;
                    }
                }
            }
            assertThat(again).containsExactly(path);
        }
    }

    @Test
    void otherVectorsAreNoPaths() {
        Grid grid = new Grid(3);
        float[] path = AllPaths.of(3).get(0);
        for (int e = 0; e < grid.arcs(); e++) {
            float[] flipped = path.clone();
            flipped[e] = 1 - flipped[e];
            assertThat(grid.isPath(flipped)).isFalse();
            float[] fractional = path.clone();
            fractional[e] = 0.5f;
            assertThat(grid.isPath(fractional)).isFalse();
            for (int other = 0; other < grid.arcs(); other++) {
                float[] swapped = path.clone();
                swapped[e] = path[other];
                swapped[other] = path[e];
                // The right number of arcs, but a path only where nothing changed.
                assertThat(grid.isPath(swapped)).isEqualTo(path[e] == path[other]);
            }
        }
        assertThat(grid.isPath(new float[grid.arcs()])).isFalse();
        float[] poisoned = path.clone();
        poisoned[0] = Float.NaN;
        assertThat(grid.isPath(poisoned)).isFalse();
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> new Grid(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Grid: need k >= 2, got 1");
        assertThatThrownBy(() -> new Grid(32_769)).hasMessage("Grid: need k <= 32768, got 32769");
        Grid grid = new Grid(3);
        assertThatThrownBy(() -> grid.tail(12)).hasMessage("tail arc: need 0 to 11, got 12");
        assertThatThrownBy(() -> grid.head(-1)).hasMessage("tail arc: need 0 to 11, got -1");
        assertThatThrownBy(() -> grid.rightArc(0, 2)).hasMessage("rightArc column: need 0 to 1, got 2");
        assertThatThrownBy(() -> grid.downArc(2, 0)).hasMessage("downArc row: need 0 to 1, got 2");
        assertThatThrownBy(() -> grid.isPath(new float[11])).hasMessage("isPath: need [12] arcs, got [11]");
        assertThatThrownBy(() -> grid.nodes(new float[12])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> grid.arcs(new float[12]))
                .hasMessage("arcs: need the 0/1 indicator of one path, got something else");
    }
}
