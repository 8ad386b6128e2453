package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTextTest {
    @TempDir
    Path folder;

    @Test
    void holdsWordsAndNumbers() throws IOException {
        Path file = Files.writeString(folder.resolve("days.csv"), "day, rain\n\"Mon, early\",7\n Tue , \n");
        CsvText table = CsvText.read(file);
        assertThat(table.file()).isEqualTo(file);
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.columns()).containsExactly("day", "rain");
        assertThat(table.has("rain")).isTrue();
        assertThat(table.has("snow")).isFalse();
        assertThat(table.cell(0, "day")).isEqualTo("Mon, early");
        assertThat(table.word(1, "day")).isEqualTo("Tue");
        assertThat(table.number(0, "rain")).isEqualTo(7);
        assertThat(table.cell(1, "rain")).isEmpty();
        assertThat(table.line(1)).isEqualTo(3);
    }

    @Test
    void refusesAtThePlace() throws IOException {
        Path file = Files.writeString(folder.resolve("days.csv"), "day,rain\nMon,7\nTue,\n");
        CsvText table = CsvText.read(file);
        assertThatThrownBy(() -> table.number(1, "rain"))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ", line 3, column \"rain\": need a finite number, got an empty cell");
        assertThatThrownBy(() -> table.word(1, "rain"))
                .hasMessage(file + ", line 3, column \"rain\": need a value, got an empty cell");
        assertThatThrownBy(() -> table.number(0, "day"))
                .hasMessage(file + ", line 2, column \"day\": need a finite number, got \"Mon\"");
        assertThatThrownBy(() -> table.cell(0, "snow"))
                .hasMessage(file + ", line 1, column \"snow\": need this column, got \"day\", \"rain\"");
        assertThat(table.refuse(1, "need x, got y")).hasMessage(file + ", line 3: need x, got y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1d", "0x1p3", "NaN", "Infinity", "1e999", "1,5", "one"})
    void whatIsNoDecimalNumberIsNone(String text) {
        assertThat(CsvText.number(text)).isEmpty();
        assertThat(CsvText.number("-1.5e1")).hasValue(-15);
    }
}
