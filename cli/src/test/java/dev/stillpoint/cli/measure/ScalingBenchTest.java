package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.cli.measure.PathsLine.Spread;
import dev.stillpoint.zoo.paths.Grid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingBenchTest {
    /** Of doubles of the order of one. */
    private static final double ROUNDING = 1e-9;

    private static final int EPOCH = 3;

    @Test
    void exponentsAreThoseOfTheGridsThatHaveTheFigure() {
        List<ScalingLine> lines = new ArrayList<>();
        for (int k : new int[] {3, 5, 9, 17, 33}) {
            double n = new Grid(k).arcs();
            // Grows otherwise from 5 x 5 on; the largest does not fit.
            double seconds = k == 3 ? 1000 : Math.pow(n, 1.5);
            lines.add(
                    k == 33
                            ? new ScalingLine(kernel(k), Double.NaN, Double.NaN, "does not fit: a reason")
                            : new ScalingLine(kernel(k), seconds, 1e6 * n, ""));
        }
        ScalingBench.Result result = new ScalingBench.Result(new ScalingBench(List.of(3), 1, 8, 1), lines);
        assertThat(lines.get(0).figures().get(EPOCH).name()).isEqualTo("epochSeconds");
        assertThat(result.exponentOfLargest(EPOCH)).isCloseTo(1.5, within(ROUNDING));
        assertThat(result.exponent(EPOCH)).isLessThan(1.4);
        assertThat(result.toJson().path("exponents").path("peakMegabytes").asDouble())
                .isCloseTo(1, within(ROUNDING));
        assertThat(result.toJson()
                        .path("grids")
                        .get(4)
                        .path("figures")
                        .path("epochSeconds")
                        .isNull())
                .isTrue();
    }

    @Test
    void onlyMemoryIsNoFailure() {
        for (String message : List.of(
                "need a result, got a process that ended with code 1: java.lang.OutOfMemoryError: Physical memory",
                "need a result, got a process that ended with code 137 (signal 9)")) {
            assertThat(ScalingBench.outOfMemory(new MeasurementException(message)))
                    .isEqualTo("does not fit: " + message);
        }
        MeasurementException other = new MeasurementException("setting grid: need a whole number");
        assertThatThrownBy(() -> ScalingBench.outOfMemory(other)).isSameAs(other);
    }

    private static KernelLine kernel(int k) {
        return new KernelLine(new Grid(k), "", Spread.of(1), 1, 1, 1, 1, 1, 1, 1, Spread.of(1), 1, 1, Spread.of(1));
    }
}
