package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.cli.measure.PathsLine.Column;
import dev.stillpoint.cli.measure.PathsLine.Run;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.zoo.paths.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PathsBenchTest {
    /** Of doubles of the order of one. */
    private static final double ROUNDING = 1e-12;

    /** 2 s for 10 samples of 100 steps on one core, 8 in a second on four. */
    private static final KernelLine KERNEL = new KernelLine(
            new Grid(3),
            "plain Java",
            PathsLine.Spread.of(1),
            24,
            8,
            13,
            100,
            200,
            10,
            100,
            PathsLine.Spread.of(2, 3, 1),
            1e6,
            4,
            PathsLine.Spread.of(3));

    private static final PathsBench SMALL = new PathsBench(List.of(3), 1, 8, 4, 0, 1, 50);

    @Test
    void kernelFiguresFollowFromCounts() {
        assertThat(KERNEL.microseconds()).isCloseTo(2_000, within(ROUNDING * 2_000));
        // 4 nnz(L) + rank + 4 nnz(A) + 10 n with 13, 8, 24 and 12.
        assertThat(KERNEL.flops()).isEqualTo(52 + 8 + 96 + 120);
        assertThat(KERNEL.rate()).isCloseTo(276 / 2e-3, within(1e-6));
        assertThat(KERNEL.share()).isCloseTo(0.138, within(ROUNDING));
        assertThat(KERNEL.efficiency()).isEqualTo(0.75);
    }

    @Test
    void ratiosAreTakenRepetitionByRepetition() {
        PathsLine line = line(
                3,
                Map.of(
                        Run.PUBLISHED, List.of(epoch(10), epoch(40), epoch(9)),
                        Run.STILLPOINT, List.of(epoch(1), epoch(2), epoch(3))));
        assertThat(line.ratio(Column.SAME)).contains(new PathsLine.Spread(10, 3, 20));
        assertThat(line.ratio(Column.WARM)).isEmpty();
        assertThat(line.figures().get(0).value()).isEqualTo(2);
        // 2 s for 8 samples of 5 steps.
        assertThat(line.figures().get(3).name()).isEqualTo("microsecondsPerSampleAndStep");
        assertThat(line.figures().get(3).value()).isCloseTo(2e6 / 40, within(1e-6));
    }

    @Test
    void growthIsTheExponentOfTheGridsThatHaveTheFigure() {
        List<PathsLine> lines = new ArrayList<>();
        for (int k : new int[] {3, 5, 9}) {
            double n = new Grid(k).arcs();
            lines.add(line(
                    k,
                    k == 9
                            ? Map.of(Run.STILLPOINT, List.of(epoch(Math.pow(n, 1.5))))
                            : Map.of(
                                    Run.STILLPOINT, List.of(epoch(Math.pow(n, 1.5))),
                                    Run.PUBLISHED, List.of(epoch(7 * n * n)))));
        }
        PathsBench.Result result = new PathsBench.Result(SMALL, lines);
        assertThat(result.exponent(0)).isCloseTo(1.5, within(ROUNDING));
        assertThat(lines.get(0).figures().get(4).name()).isEqualTo("publishedEpochSeconds");
        assertThat(result.exponent(4)).isCloseTo(2, within(ROUNDING));
        JsonNode json = result.toJson();
        assertThat(json.path("exponents").path("epochSeconds").asDouble()).isCloseTo(1.5, within(ROUNDING));
        assertThat(json.path("grids").get(2).path("ratios").path("same").isNull())
                .isTrue();
    }

    @Test
    void whatDoesNotFitIsSaidAndTheRestMeasured() {
        try (TensorScope scope = TensorScope.open()) {
            List<String> progress = new ArrayList<>();
            PathsLine line = new PathsMeasurement(SMALL, 3, 1_000, progress::add).measure();
            assertThat(line.skipped()).isEqualTo("does not fit: needs 0.0 GB, 0.0 GB are free");
            assertThat(progress).hasSize(3).first().asString().contains("published does not fit");
            assertThat(line.ratio(Column.SAME)).isEmpty();
            assertThat(line.agreement()).isEmpty();
            assertThat(line.epochs()).containsOnlyKeys(Run.STILLPOINT, Run.STILLPOINT_WARM, Run.STILLPOINT_TUNED);
            assertThat(line.toJson().path("agreement").isNull()).isTrue();
        }
    }

    /** The published factors of the largest default grid fit beside a heap of 2 GB, with the binding's limit of 8 GB. */
    @Test
    void theLargestDefaultGridNeedsSomeTwoGigabytes() {
        assertThat(PathsMeasurement.bytes(new Grid(100), 256)).isBetween(2_000_000_000L, 2_500_000_000L);
    }

    @Test
    void theMachineTellsWhatIsFree() {
        assertThat(PathsMeasurement.free()).isPositive();
    }

    private static PathsLine line(int k, Map<Run, List<PathEpoch>> epochs) {
        return new PathsLine(new Grid(k), 1, 1, "", Optional.empty(), epochs, KERNEL);
    }

    /** 8 samples of 5 steps. */
    private static PathEpoch epoch(double seconds) {
        return new PathEpoch(seconds, new int[] {5}, 40, 8, 0, 0, new double[0], false);
    }
}
