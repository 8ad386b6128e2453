package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The verdict over measurements; the measurements themselves are MemoryCommandTest's. */
class MemoryBenchTest {
    private static final List<Integer> DEPTHS = List.of(10, 110);

    @Test
    void onlyGrowthBeyondTheLimitIsGrowth() {
        MemoryBench.Line unrolled = line(DepthAdjoint.UNROLLED, 1_000, 101_000);
        MemoryBench.Line flat = line(DepthAdjoint.JFB, 500, 500);
        MemoryBench.Line shrinking = line(DepthAdjoint.IMPLICIT, 5_000, 400);
        MemoryBench.Line growing = line(DepthAdjoint.NEUMANN, 500, 1_600);
        MemoryBench.Result result = result(flat, shrinking, growing, unrolled);
        assertThat(unrolled.slope()).isCloseTo(1_000, within(1e-9));
        assertThat(result.ratio(growing))
                .hasValueSatisfying(ratio -> assertThat(ratio).isCloseTo(0.011, within(1e-9)));
        assertThat(result.growing()).containsExactly(growing);
        assertThat(result(growing).growing()).isEmpty();
        assertThat(result(flat, line(DepthAdjoint.UNROLLED, 7, 7)).growing()).hasSize(1);
    }

    @Test
    void oneOddRepetitionDoesNotCount() {
        MemoryBench.Line line =
                new MemoryBench.Line(DepthAdjoint.JFB, DEPTHS, List.of(List.of(5L, 900L, 7L), List.of(6L, 8L, 0L)));
        assertThat(line.medians()).containsExactly(7, 6);
    }

    @Test
    void twoDepthsAreNeeded() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new MemoryBench(List.of(5, 5), List.of(DepthAdjoint.JFB), DepthNetwork.paths(5), 1, 1))
                .withMessageContaining("need at least two different depths");
    }

    private static MemoryBench.Line line(DepthAdjoint adjoint, long... peaks) {
        return new MemoryBench.Line(adjoint, DEPTHS, List.of(List.of(peaks[0]), List.of(peaks[1])));
    }

    private static MemoryBench.Result result(MemoryBench.Line... lines) {
        return new MemoryBench.Result(
                new MemoryBench(DEPTHS, List.of(DepthAdjoint.values()), DepthNetwork.paths(5), 1, 1), List.of(lines));
    }
}
