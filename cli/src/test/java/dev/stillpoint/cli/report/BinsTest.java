package dev.stillpoint.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BinsTest {
    @Test
    void centresWholeNumbersInTheirBins() {
        Bins bins = Bins.ofWhole(new int[] {3, 5, 5, 4, 3, 3});
        assertThat(bins.start()).isEqualTo(2.5);
        assertThat(bins.width()).isEqualTo(1);
        assertThat(bins.counts()).containsExactly(3, 1, 2);
    }

    @Test
    void losesNoValueWhateverTheSpread() {
        for (int spread : new int[] {0, 1, 22, 23, 24, 25, 47, 48, 997, Integer.MAX_VALUE}) {
            int[] values = {0, spread / 2, spread};
            Bins bins = Bins.ofWhole(values);
            assertThat(bins.counts().length).isBetween(1, 25);
            assertThat(Arrays.stream(bins.counts()).sum()).isEqualTo(3);
            assertThat(bins.end()).isGreaterThan(spread);
        }
        double[] numbers = new Random(5).doubles(997, -7, -3).toArray();
        assertThat(Arrays.stream(Bins.of(numbers).counts()).sum()).isEqualTo(997);
    }

    @Test
    void putsEqualNumbersInOneBin() {
        for (double value : new double[] {0, -4, 1e12, 1e-300}) {
            Bins bins = Bins.of(new double[] {value, value});
            assertThat(bins.counts()).containsExactly(2);
            assertThat(bins.width()).isPositive();
        }
    }

    @Test
    void axesHoldTheirDataBetweenRoundNumbers() {
        Random random = new Random(11);
        IntStream.range(0, 500).forEach(i -> {
            double least = Math.pow(10, 8 * random.nextDouble() - 4) * (random.nextBoolean() ? 1 : -1);
            double most = least + Math.pow(10, 8 * random.nextDouble() - 4);
            Axis axis = Axis.around(least, most, 4, 0);
            double slack = 1e-6 * axis.step();
            assertThat(axis.low()).isLessThanOrEqualTo(least + slack);
            assertThat(axis.high()).isGreaterThanOrEqualTo(most - slack);
            assertThat((axis.high() - axis.low()) / axis.step()).isBetween(0.99, 6.01);
        });
        assertThat(Axis.around(0, 1, 4, 1)).isEqualTo(new Axis(0, 1, 1));
        assertThat(Axis.around(0.05, 0.05, 4, 0).low()).isLessThan(0.05);
        assertThat(Axis.around(0, 0, 4, 0).high()).isPositive();
        assertThat(Axis.around(3, 3, 4, 1).decimals()).isZero();
        assertThat(Axis.around(0.011, 0.019, 4, 0).decimals()).isEqualTo(3);
    }
}
