package dev.stillpoint.zoo.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextColumnsTest {
    private static final List<String> NAMES = List.of("rain", "day", "height", "line");
    private static final String GOOD = "day,rain,line,height\nMon,1,7,5\nSat,3,8,5\nMon,1,7,5\nSun,9,8,6\n";
    private static final int[] TRAINING = {0, 1, 2};

    @TempDir
    Path folder;

    private ContextColumns fit(String text) throws IOException {
        CsvText table = CsvText.read(Files.writeString(folder.resolve("contexts.csv"), text));
        return ContextColumns.fit(table, NAMES, Set.of("line"), TRAINING);
    }

    private static float[] encode(ContextColumns columns, Object rain, Object day, Object height, Object line) {
        return columns.encode(
                ContextRow.of(Map.of("rain", rain, "day", day, "height", height, "line", line), "context 0"));
    }

    /** rain: mean 5/3, deviation √(8/9); day: Mon, Sat; line: 7, 8; then the constant ones: day, height, line. */
    @Test
    void numbersAreStandardisedAndCategoriesSpread() throws IOException {
        ContextColumns columns = fit(GOOD);
        assertThat(columns.names()).isEqualTo(NAMES);
        assertThat(columns.learned()).isEqualTo(5);
        assertThat(columns.width()).isEqualTo(8);
        assertThat(columns.allNumbers()).isFalse();
        float dry = (float) ((1 - 5 / 3.0) / Math.sqrt(8 / 9.0));
        assertThat(encode(columns, 1, "Mon", 5, 7)).containsExactly(dry, 1, 0, 1, 0, 0, 0, 0);
        assertThat(encode(columns, "1.0", " Sat ", 5.0, "8")).containsExactly(dry, 0, 1, 0, 1, 0, 0, 0);
    }

    /** What no training row had moves a feature that never moved. */
    @Test
    void whatIsNewIsUnseen() throws IOException {
        ContextColumns columns = fit(GOOD);
        assertThat(encode(columns, 1, "Sun", 5, 7)).startsWith(encode(columns, 1, "Mon", 5, 7)[0], 0, 0, 1, 0, 1);
        assertThat(columns.unseen(encode(columns, 1, "Mon", 5, 7))).isFalse();
        assertThat(columns.unseen(encode(columns, 99, "Sat", "5.0", 8))).isFalse();
        assertThat(columns.unseen(encode(columns, 1, "Sun", 5, 7))).isTrue();
        assertThat(columns.unseen(encode(columns, 1, "Mon", 6, 7))).isTrue();
        assertThat(columns.unseen(encode(columns, 1, "Mon", 5, 9))).isTrue();
    }

    @Test
    void isTheSameAfterBeingStored() throws IOException {
        ContextColumns columns = fit(GOOD);
        ContextColumns stored = ContextColumns.fromJson(
                new ObjectMapper().readTree(columns.toJson().toString()));
        for (Object day : List.of("Mon", "Sat", "Sun")) {
            assertThat(encode(stored, 0.1, day, 7, 8)).isEqualTo(encode(columns, 0.1, day, 7, 8));
        }
        assertThat(stored.learned()).isEqualTo(columns.learned());
        assertThatThrownBy(() -> ContextColumns.fromJson(new ObjectMapper().readTree("[{\"name\": \"a\"}]")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Mon,1,7,5 | ,1,7,5     | line 2, column "day": need a value, got an empty cell
                    Sat,3,8,5 | Sat,,8,5   | line 3, column "rain": need a value, got an empty cell
                    Sun,9,8,6 | Sun,wet,8,6 | line 5, column "rain": need a finite number, as other rows have here, got "wet"
                    Sun,9,8,6 | Sun,NaN,8,6 | line 5, column "rain": need a finite number
                    Sun,9,8,6 | 5,9,8,6    | line 2, column "day": need a finite number, as other rows have here, got "Mon"
                    """)
    void badCellsAreRefusedAtTheirPlace(String good, String bad, String message) {
        assertThatThrownBy(() -> fit(GOOD.replaceFirst(good, bad)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }

    @Test
    void allMissingValuesAreCounted() {
        assertThatThrownBy(() -> fit(GOOD.replace(",1,7", ",,7")))
                .hasMessageEndingWith("line 2, column \"rain\": need a value, got an empty cell (and 1 more below it)");
    }

    @Test
    void aTextOfItsOwnInEveryRowIsNoCategory() {
        assertThatThrownBy(() -> fit(GOOD.replaceFirst("Mon", "Tue")))
                .hasMessageContaining("need categories that come more than once");
    }

    @Test
    void numbersAloneNeedNoNames() throws IOException {
        CsvText table = CsvText.read(Files.writeString(folder.resolve("numbers.csv"), "a,b\n1,5\n3,5\n5,5\n"));
        ContextColumns columns = ContextColumns.fit(table, List.of("b", "a"), Set.of(), TRAINING);
        assertThat(columns.allNumbers()).isTrue();
        assertThat(columns.encode(new float[] {5, 3})).containsExactly(0, 0);
        assertThat(columns.encode(new float[] {Float.NaN, 3})).containsExactly(0, Float.NaN);
        assertThatThrownBy(() -> columns.encode(new float[] {1})).hasMessageContaining("need 2 numbers [b, a], got 1");
    }
}
