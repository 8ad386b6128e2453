package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathsCommandTest {
    private static final List<String> COLUMNS = List.of("same", "publishedStop", "warm", "tuned");

    @Test
    void jsonHasEveryRatioWithItsSpread() {
        Ran ran = done("bench paths --grids 3 --samples 16 --batch 8 --repetitions 2 --threads 1 --json");
        // A line before the first repetition, one after each, and one of the kernel.
        assertThat(ran.errors()).hasSize(4);
        JsonNode result = ran.json();
        assertThat(result.path("command").asText()).startsWith("stillpoint bench paths --grids 3 ");
        assertThat(result.path("seed").asLong()).isEqualTo(135);
        assertThat(result.path("provenance").path("commit").asText()).isNotEmpty();
        assertThat(result.path("grids")).hasSize(1);
        JsonNode grid = result.path("grids").get(0);
        assertThat(grid.path("variables").asInt()).isEqualTo(12);
        assertThat(grid.path("agreement").path("difference").asDouble())
                .isLessThanOrEqualTo(grid.path("agreement").path("tolerance").asDouble());
        for (String column : COLUMNS) {
            JsonNode ratio = grid.path("ratios").path(column);
            assertThat(ratio.path("min").asDouble()).as(column).isPositive();
            assertThat(ratio.path("median").asDouble())
                    .isBetween(ratio.path("min").asDouble(), ratio.path("max").asDouble());
        }
        assertThat(grid.path("runs")).hasSize(6);
        grid.path("runs").forEach(run -> {
            assertThat(run.path("seconds")).hasSize(2);
            assertThat(run.path("unfinished").asInt()).isZero();
            assertThat(run.path("meanSteps").asDouble())
                    .isBetween(1.0, run.path("maxSteps").asDouble());
        });
        JsonNode kernel = grid.path("kernel");
        assertThat(kernel.path("nonZeros").asInt()).isPositive();
        assertThat(kernel.path("rank").asInt()).isEqualTo(8);
        assertThat(kernel.path("shareOfPeak").asDouble()).isBetween(0.0, 1.0);
        assertThat(kernel.path("factorSeconds").path("median").asDouble()).isPositive();
        // One grid shows no growth.
        assertThat(result.path("exponents").path("epochSeconds").isNull()).isTrue();
    }

    @Test
    void tableMarksWhatIsExtrapolated() {
        Ran ran =
                done("bench paths --grids 3,4 --samples 4 --batch 4 --repetitions 1 --threads 1 --extrapolate-from 4");
        assertThat(ran.out())
                .containsPattern("(?m)^3x3 +12 ")
                .containsPattern("(?m)^4x4 +24 .*[0-9)]\\*")
                .containsPattern("(?m)^grows as n\\^ ")
                .contains("* published algorithm extrapolated: the time of a step", "from grid 4 on");
        assertThat(ran.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    private static Ran done(String words) {
        return Ran.done((Object[]) words.split(" "));
    }
}
