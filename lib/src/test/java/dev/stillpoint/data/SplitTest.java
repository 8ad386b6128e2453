package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void followsNumpysPermutation() {
        Split split = Split.of(1400, 1000, 200, 200, 42);
        // RandomState(42).permutation(1400)[[0, 1, 2, 1199, 1399]] in numpy 2.4.6
        assertThat(Arrays.copyOf(split.train(), 3)).containsExactly(665, 624, 115);
        assertThat(split.validate()[199]).isEqualTo(954);
        assertThat(split.test()[199]).isEqualTo(1126);
    }

    @Test
    void partsAreDisjointAndCoverAllRows() {
        Split split = Split.of(23, 11, 5, 7, 0);
        int[] seen = new int[23];
        for (int[] part : new int[][] {split.train(), split.validate(), split.test()}) {
            for (int row : part) {
                seen[row]++;
            }
        }
        assertThat(seen).containsOnly(1);
        assertThat(split.train()).hasSize(11);
        assertThat(split.validate()).hasSize(5);
        assertThat(split.test()).hasSize(7);
    }

    @Test
    void theTestRowsAreTheLastOnes() {
        int[] order = new RandomState(3).permutation(10);
        Split split = Split.of(10, 2, 3, 1, 3);
        assertThat(split.train()).containsExactly(order[0], order[1]);
        assertThat(split.validate()).containsExactly(order[2], order[3], order[4]);
        assertThat(split.test()).containsExactly(order[9]);
    }

    @Test
    void selectsRowsInOrder() {
        float[][] table = {{1}, {2}, {3}};
        assertThat(Split.select(table, new int[] {2, 0})).isDeepEqualTo(new float[][] {{3}, {1}});
        assertThatThrownBy(() -> Split.select(table, new int[] {3})).hasMessage("select: need rows 0 to 2, got 3");
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> Split.of(10, 8, 2, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Split: need counts >= 0 of at most 10 rows in all, got 8 + 2 + 1");
        assertThatThrownBy(() -> Split.of(10, -1, 2, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Split.of(10, Integer.MAX_VALUE, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
