package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Expected values are numpy's own, from numpy 2.4.6. */
class RandomStateTest {
    /** numpy takes its logarithm from the system, we from StrictMath: the last bits may differ. */
    private static final double LAST_BITS = 1e-15;

    @Test
    void uniformDrawsEqualNumpy() {
        RandomState zero = new RandomState(0);
        assertThat(draws(zero, 3)).containsExactly(0.5488135039273248, 0.7151893663724195, 0.6027633760716439);
        RandomState last = new RandomState(4294967295L);
        assertThat(draws(last, 3)).containsExactly(0.0976320289940138, 0.9123828453026218, 0.78903530185164);
    }

    @Test
    void theStreamStaysRightOverManyTwists() {
        RandomState random = new RandomState(135);
        double[] uniform = draws(random, 10_000);
        assertThat(uniform[9_999]).isEqualTo(0.9515607480903492);
        assertThat(random.normal(2.5, 0.5)).isCloseTo(3.100305948846783, within(LAST_BITS));
        int[] coins = new int[10];
        Arrays.setAll(coins, i -> random.coin());
        assertThat(coins).containsExactly(0, 0, 1, 0, 1, 1, 1, 0, 1, 1);
    }

    @Test
    void aKeptNormalSurvivesOtherDraws() {
        RandomState random = new RandomState(4294967295L);
        draws(random, 3);
        assertThat(random.normal()).isCloseTo(0.0813036681172692, within(LAST_BITS));
        assertThat(random.normal()).isCloseTo(0.4096851233481656, within(LAST_BITS));
        assertThat(random.normal()).isCloseTo(0.31595808265170017, within(LAST_BITS));
        assertThat(random.permutation(6)).containsExactly(2, 0, 3, 4, 1, 5);
        assertThat(random.normal()).isCloseTo(0.03503916479349264, within(LAST_BITS));
    }

    @Test
    void permutationsEqualNumpy() {
        assertThat(new RandomState(135).permutation(10)).containsExactly(7, 9, 0, 3, 1, 4, 2, 6, 8, 5);
        assertThat(new RandomState(0).permutation(5)).containsExactly(2, 0, 1, 3, 4);
        assertThat(new RandomState(4294967295L).permutation(17))
                .containsExactly(8, 1, 5, 14, 10, 15, 16, 13, 11, 9, 6, 0, 4, 7, 12, 2, 3);
        assertThat(new RandomState(7).permutation(1)).containsExactly(0);
        assertThat(new RandomState(7).permutation(0)).isEmpty();
        int[] large = new RandomState(42).permutation(2000);
        assertThat(Arrays.copyOf(large, 8)).containsExactly(1860, 353, 1333, 905, 1289, 1273, 938, 1731);
        assertThat(Arrays.copyOfRange(large, 1992, 2000))
                .containsExactly(1044, 1724, 1095, 1130, 1294, 860, 1459, 1126);
    }

    @Test
    void choicesEqualNumpy() {
        RandomState random = new RandomState(7);
        assertThat(choices(random, 300, 800, 6)).containsExactly(475, 496, 325, 367, 511, 707);
        assertThat(choices(random, 0, 5, 4)).containsExactly(4, 1, 0, 1);
        assertThat(choices(random, 3, 4, 2)).containsExactly(3, 3);
        assertThat(choices(random, 0, 7, 5)).containsExactly(6, 2, 2, 0, 6);
        assertThat(random.randomSample()).isEqualTo(0.6792299961209405);
        assertThat(choices(new RandomState(7), 0, Integer.MAX_VALUE, 4))
                .containsExactly(327741615, 976413892, 1202242073, 1369975286);
    }

    @Test
    void choiceCoversTheWholeIntegerRange() {
        RandomState random = new RandomState(1);
        int[] values = choices(random, Integer.MIN_VALUE, Integer.MAX_VALUE, 1000);
        assertThat(Arrays.stream(values).min().orElseThrow()).isLessThan(-2_000_000_000);
        assertThat(Arrays.stream(values).max().orElseThrow()).isGreaterThan(2_000_000_000);
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> new RandomState(-1)).hasMessage("RandomState: need 0 <= seed <= 4294967295, got -1");
        assertThatThrownBy(() -> new RandomState(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        RandomState random = new RandomState(0);
        assertThatThrownBy(() -> random.choice(3, 3)).hasMessage("choice: need low < high, got 3 and 3");
        assertThatThrownBy(() -> random.permutation(-1)).hasMessage("permutation: need n >= 0, got -1");
        assertThatThrownBy(() -> random.normal(0, Double.NaN)).hasMessage("normal: need deviation >= 0, got NaN");
        assertThatThrownBy(() -> random.uniform(0, Double.POSITIVE_INFINITY))
                .hasMessage("uniform: need a finite range, got 0.0 to Infinity");
    }

    @Tag("data")
    @Test
    void fixtureOfSeed135() throws IOException {
        List<String> lines = Files.readAllLines(Fixtures.fixture("numpy_randomstate_135.txt"));
        double[] sample = values(lines.get(0));
        assertThat(draws(new RandomState(135), sample.length)).containsExactly(sample);
        RandomState random = new RandomState(135);
        for (double coin : values(lines.get(1))) {
            assertThat((double) random.coin()).isEqualTo(coin);
        }
        for (double normal : values(lines.get(2))) {
            assertThat(random.normal()).isCloseTo(normal, within(LAST_BITS));
        }
        for (double uniform : values(lines.get(3))) {
            assertThat(random.uniform(0.5, 1.5)).isEqualTo(uniform);
        }
        for (double choice : values(lines.get(4))) {
            assertThat((double) random.choice(300, 800)).isEqualTo(choice);
        }
    }

    private static double[] values(String line) {
        String[] words = line.substring(line.indexOf(": ") + 2).trim().split(" ");
        double[] values = new double[words.length];
        Arrays.setAll(values, i -> Double.parseDouble(words[i]));
        return values;
    }

    private static double[] draws(RandomState random, int count) {
        double[] draws = new double[count];
        Arrays.setAll(draws, i -> random.randomSample());
        return draws;
    }

    private static int[] choices(RandomState random, int low, int high, int count) {
        int[] draws = new int[count];
        Arrays.setAll(draws, i -> random.choice(low, high));
        return draws;
    }
}
