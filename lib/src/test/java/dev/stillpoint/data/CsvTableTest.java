package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTableTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("costs.csv");
    }

    @Test
    void columnsComeByNameInAnyOrder() throws IOException {
        CsvTable table = parse("a,b,c\n1,2,3\n-4.5,5e-1,+6\n");
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.columns()).containsExactly("a", "b", "c");
        assertThat(table.column("b")).containsExactly(2, 0.5);
        assertThat(table.rows(List.of("c", "a"))).isDeepEqualTo(new double[][] {{3, 1}, {6, -4.5}});
        assertThat(table.floatRows(List.of("c", "a"))).isDeepEqualTo(new float[][] {{3, 1}, {6, -4.5f}});
    }

    @ParameterizedTest
    @CsvSource({
        "'a,b\n1,2'", // no last line break
        "'a,b\r\n1,2\r\n'",
        "'a,b\n1,2\n\n\n'",
        "'\uFEFFa,b\n1,2\n'",
        "'\uFEFF\"a\",b\n1,2\n'",
        "' a , b \n 1 , 2 \n'",
        "'a,b\n\"1\",\"2\"\n'"
    })
    void harmlessVariantsAreAccepted(String text) throws IOException {
        assertThat(parse(text).rows(List.of("a", "b"))).isDeepEqualTo(new double[][] {{1, 2}});
    }

    @ParameterizedTest
    @CsvSource({
        "'', ': need a header line, got an empty file'",
        "'\n\n', ': need a header line, got an empty file'",
        "'a,b\n', ': need at least one row below the header, got none'",
        "'a,b,a\n1,2,3\n', ', line 1, column \"a\": need this name once, got it as column 1 and 3'",
        "'a,,c\n1,2,3\n', ', line 1: need a name for column 2, got an empty cell'",
        "'a,b\n1,2\n3\n', ', line 3: need 2 cells as in the header, got 1'",
        "'a,b\n1,2,3\n', ', line 2: need 2 cells as in the header, got 3'",
        "'a,b\n1,2\n\n3,4\n', ', line 3: need a row, got an empty line'",
        "'a,b\n1,2\n3,x\n', ', line 3, column \"b\": need a finite number, got \"x\"'",
        "'a,b\n1,\n', ', line 2, column \"b\": need a finite number, got an empty cell'",
        "'a,b\n1, \n', ', line 2, column \"b\": need a finite number, got an empty cell'",
        "'a,b\nNaN,2\n', ', line 2, column \"a\": need a finite number, got \"NaN\"'",
        "'a,b\n1,-Infinity\n', ', line 2, column \"b\": need a finite number, got \"-Infinity\"'",
        "'a,b\n1,1e999\n', ', line 2, column \"b\": need a finite number, got \"1e999\"'",
        "'a,b\n1,2d\n', ', line 2, column \"b\": need a finite number, got \"2d\"'",
        "'a,b\n1,0x1p3\n', ', line 2, column \"b\": need a finite number, got \"0x1p3\"'",
        "'a,b\n1,1-2\n', ', line 2, column \"b\": need a finite number, got \"1-2\"'",
        "'a,b\n1,\"two\nlines\"\n', ', line 2, column \"b\": need a finite number, got \"two lines\"'",
        // A quoted line break moves the physical line on.
        "'\"a\nb\",c\n1,2\n3,x\n', ', line 4, column \"c\": need a finite number, got \"x\"'",
        "'a;b\n1;2\n', ', line 2, column \"a;b\": need a finite number, got \"1;2\"'"
    })
    void badFilesAreRefusedWithThePlace(String text, String problem) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(DataException.class).hasMessage(file + problem);
    }

    @Test
    void brokenQuotesAreRefused() {
        assertThatThrownBy(() -> parse("a,b\n1,2\n3,\"4\"5\n"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": need well-formed CSV after line 2, got: ")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> parse("a,b\n1,\"2\n3,4\n")).isInstanceOf(DataException.class);
    }

    @Test
    void longCellsAreCutInTheMessage() {
        assertThatThrownBy(() -> parse("a\n" + "x".repeat(1000) + "\n"))
                .hasMessage(file + ", line 2, column \"a\": need a finite number, got \"" + "x".repeat(40) + "...\"");
    }

    @Test
    void undecodableBytesAreRefusedWithTheirLine() throws IOException {
        byte[] text = ("a,b\n" + "1,2\n".repeat(5000) + "3,\u00e4\n" + "1,2\n".repeat(5000))
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, text);
        assertThatThrownBy(() -> CsvTable.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ", line 5002: need UTF-8 text, got bytes that are not");
    }

    @Test
    void missingFilesAndDirectoriesAreNamed() {
        assertThatThrownBy(() -> CsvTable.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": need a CSV file, got none there");
        assertThatThrownBy(() -> CsvTable.read(folder))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": need a CSV file, got a directory");
    }

    @Test
    void aMissingColumnIsNamedBesideThoseThereAre() throws IOException {
        CsvTable table = parse("a,b\n1,1e300\n");
        assertThatThrownBy(() -> table.column("c"))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ", line 1, column \"c\": need this column, got \"a\", \"b\"");
        assertThatThrownBy(() -> table.rows(List.of("a", "A"))).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> table.floatRows(List.of("a", "b")))
                .hasMessage(
                        file + ", line 2, column \"b\": need a number of at most 3.4028235E38 in size, got 1.0E300");
    }

    @Test
    void veryWideTablesAreRead() throws IOException {
        List<String> names = CsvTable.numbered("c", 20_000);
        CsvTable.write(file, names, new double[][] {new double[20_000]});
        assertThat(CsvTable.read(file).columns()).isEqualTo(names);
    }

    @Test
    void whatIsWrittenReadsBackExactly() throws IOException {
        double[][] rows = {{Math.PI, -0.0}, {Double.MIN_VALUE, Double.MAX_VALUE}, {1.0 / 3, 1e-17}};
        List<String> names = List.of("plain", "with, comma \"and\" quotes");
        CsvTable.write(file, names, rows);
        CsvTable table = CsvTable.read(file);
        assertThat(table.columns()).isEqualTo(names);
        assertThat(table.rows(names)).isDeepEqualTo(rows);
        assertThat(Files.readString(file)).doesNotContain("\r");
    }

    @Test
    void aRefusedTableLeavesTheOldFile() throws IOException {
        Files.writeString(file, "old");
        List<String> names = List.of("a", "b");
        assertThatThrownBy(() -> CsvTable.write(file, names, new double[][] {{1, 2}, {1, Double.NaN}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("write: need finite numbers, got NaN in row 1, column 1");
        assertThatThrownBy(() -> CsvTable.write(file, names, new double[][] {{1, 2}, {1}}))
                .hasMessage("write: need 2 cells in row 1, got 1");
        assertThatThrownBy(() -> CsvTable.write(file, List.of("a", "a"), new double[][] {{1, 2}}))
                .hasMessage("write: need distinct column names, got \"a\" twice or empty");
        assertThatThrownBy(() -> CsvTable.write(file, List.of(), new double[][] {{}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(file).hasContent("old");
        try (var entries = Files.list(folder)) {
            assertThat(entries).containsExactly(file);
        }
    }

    @Test
    void wordsMayStandBesideNumbers() throws IOException {
        CsvTable.writeText(file, List.of("row", "status"), List.of(List.of("0", "CONVERGED"), List.of("1", "a,b")));
        assertThat(file).hasContent("row,status\n0,CONVERGED\n1,\"a,b\"\n");
    }

    @Test
    void numberedNames() {
        assertThat(CsvTable.numbered("x", 3)).containsExactly("x0", "x1", "x2");
        assertThatThrownBy(() -> CsvTable.numbered("x", -1)).hasMessage("numbered: need count >= 0, got -1");
    }

    @Tag("data")
    @Test
    void aRealFile() {
        CsvTable table = CsvTable.read(Fixtures.fixture("pyepo_shortest_path_10x10_first20.csv"));
        assertThat(table.size()).isEqualTo(20);
        assertThat(table.columns()).hasSize(186);
        assertThat(table.floatRows(CsvTable.numbered("x", 5))[0][0]).isEqualTo(-0.15219656f);
    }

    private CsvTable parse(String text) throws IOException {
        Files.writeString(file, text);
        return CsvTable.read(file);
    }
}
