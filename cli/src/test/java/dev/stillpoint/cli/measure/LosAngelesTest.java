package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The study on a small city whose answers are known, and the pairs of the real one. */
class LosAngelesTest {
    private static final int ROWS = 100;
    /** Ridge regression sees the switch exactly, up to its penalty. */
    private static final double SOLVED = 0.02;

    @TempDir
    private Path data;

    /**
     * Two ways from 1 to 4, over 2 or 3, that take 100 or 140 seconds together; which one is quick is a context's own number, and
     * another row's a week before. 4 to 5 has no alternative.
     */
    private void write(String lastColumn) throws IOException {
        Path folder = Files.createDirectories(data.resolve(LosAngeles.FOLDER));
        List<String> edges =
                List.of("1_destination2", "1_destination3", "2_destination4", "3_destination4", lastColumn);
        StringBuilder x = new StringBuilder("Period,weekday,month,north");
        StringBuilder y = new StringBuilder();
        for (String edge : edges) {
            x.append(",lag7_origin").append(edge);
            y.append(y.isEmpty() ? "" : ",").append("Y_origin").append(edge);
        }
        Random random = new Random(3);
        boolean before = false;
        for (int i = 0; i < ROWS; i++) {
            boolean north = random.nextBoolean();
            x.append("\nAM,")
                    .append(i % 7)
                    .append(',')
                    .append(1 + i / 30)
                    .append(',')
                    .append(north ? 1 : 0);
            y.append('\n');
            for (int e = 0; e < edges.size(); e++) {
                x.append(',').append(time(e, before));
                y.append(e == 0 ? "" : ",").append(time(e, north));
            }
            before = north;
        }
        Files.writeString(folder.resolve("X.csv"), x.append('\n'));
        Files.writeString(folder.resolve("Y.csv"), y.append('\n'));
    }

    private static int time(int edge, boolean north) {
        boolean quick = edge == 4 || (edge % 2 == 0) == north;
        return quick ? 50 : 70;
    }

    @Test
    void regretsAreThoseOfTheAnswersThatAreKnown() throws IOException {
        write("4_destination5");
        LosAngeles city = LosAngeles.read(data);
        assertThat(city.graph().nodes()).hasSize(5);
        assertThat(city.validateFrom()).isEqualTo(60);
        assertThat(city.testFrom()).isEqualTo(80);
        List<LosAngeles.Pair> pairs = city.pairs(8);
        assertThat(pairs).singleElement().satisfies(pair -> {
            assertThat(pair.title()).isEqualTo("1 to 4");
            assertThat(pair.paths()).isEqualTo(2);
            assertThat(pair.commonest()).isBetween(0.5, 0.75);
            // Wrong on the rarer rows: 140 seconds in place of 100.
            assertThat(pair.meanRegret()).isCloseTo(0.4 * (1 - pair.commonest()), within(1e-6));
        });
        assertThat(city.regret(pairs.get(0).query(), 80, ROWS, i -> city.times()[i]))
                .isZero();
        float[][] week = city.lastWeek();
        double last = city.regret(pairs.get(0).query(), 80, ROWS, i -> week[i]);
        assertThat(last).isBetween(0.1, 0.3);

        LosAngelesBench.Result result = new LosAngelesBench(
                        data, 8, List.of("jfb", "implicit"), List.of(0L, 1L), Map.of("epochs", "30"))
                .run(line -> {});
        assertThat(result.lines()).singleElement().satisfies(line -> {
            assertThat(line.floors()[0]).as("ridge").isLessThan(SOLVED);
            assertThat(line.floors()[1]).as("last week").isEqualTo(last);
            assertThat(line.floors()[2]).as("mean path").isBetween(0.05, 0.4);
            assertThat(line.seconds()).isCloseTo(100, within(1e-4));
            assertThat(line.trained().get("jfb")).hasSize(2);
            assertThat(line.mean("jfb")).isLessThan(SOLVED);
            assertThat(line.mean("implicit")).isLessThan(SOLVED);
        });
        assertThat(result.toJson().path("pairs").path(0).path("regret").path("implicit"))
                .hasSize(2);
    }

    @Test
    void columnsThatNameNoEdgeAndMissingFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> LosAngeles.read(data))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Y.csv: need this file");
        write("4_somewhere5");
        assertThatThrownBy(() -> LosAngeles.read(data))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("need columns Y_originA_destinationB, got \"Y_origin4_somewhere5\"");
    }

    @Test
    @Tag("slow")
    void theRealCityHasPairsWithAlternatives() {
        String folder = System.getenv("STILLPOINT_DATA");
        Assumptions.assumeTrue(folder != null, "skipped: set STILLPOINT_DATA to the data folder to read travel times");
        LosAngeles city = LosAngeles.read(Path.of(folder));
        assertThat(city.rows()).isEqualTo(1_825);
        assertThat(city.graph().nodes()).hasSize(45);
        assertThat(city.times()[0]).hasSize(93);
        List<LosAngeles.Pair> pairs = city.pairs(8);
        assertThat(pairs).hasSize(8).allSatisfy(pair -> {
            assertThat(pair.paths()).isGreaterThan(1);
            assertThat(pair.commonest()).isLessThanOrEqualTo(0.75);
            assertThat(pair.meanRegret()).isGreaterThan(0.02);
        });
        // The week before is the week before: the same period, seven days and 35 rows back.
        float[][] week = city.lastWeek();
        Map<String, Integer> row = new java.util.HashMap<>();
        for (int i = 0; i < city.rows(); i++) {
            row.put(i / 5 + city.contexts().cell(i, "Period"), i);
        }
        for (int i = 40; i < city.rows(); i++) {
            int before =
                    Objects.requireNonNull(row.get(i / 5 - 7 + city.contexts().cell(i, "Period")));
            assertThat(week[i]).isEqualTo(city.times()[before]);
        }
    }
}
