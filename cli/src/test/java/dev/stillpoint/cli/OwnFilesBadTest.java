package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the user's that cannot be used: each is refused with its file, line and column, and no run folder is begun. */
class OwnFilesBadTest {
    private static final String GRAPH =
            "train paths --edges edges.csv --contexts contexts.csv --ignore start,closed --epochs 1 ";

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        OwnProblem.write(folder, OwnProblem.graph());
    }

    /** A file, what to replace in it and by what, and the message's end. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    edges.csv     | from,to        | source,to      | , line 1, column "from": need this column, got "source", "to"
                    edges.csv     | A,C            | A              | , line 3: need 2 cells as in the header, got 1
                    edges.csv     | A,C            | A,             | , line 3, column "to": need a value, got an empty cell
                    edges.csv     | A,C            | A,A            | , line 3, column "to": need another node than from, got "A" twice
                    edges.csv     | B,C            | A,B            | , line 4: need every edge once, got "A>B" in line 2 too
                    edges.csv     | C,D            | C,E>F          | , line 7, column "to": need a node without '>', got "E>F"
                    edges.csv     | 'B,D\nC,D\n'   | 'E,D\n'        | : need a way from A to D, got no way from A to D
                    contexts.csv  | day,rain       | day,day        | , line 1, column "day": need this name once
                    contexts.csv  | Mon,0.0        | Mon,wet        | , line 2, column "rain": need a finite number, as other rows have here, got "wet"
                    contexts.csv  | Tue,7.0        | Tue            | , line 3: need 4 cells as in the header, got 3
                    contexts.csv  | Tue,7.0        | 'Tue,'         | , line 3, column "rain": need a value, got an empty cell
                    contexts.csv  | Mon,0.0        | ',0.0'         | , line 2, column "day": need a value, got an empty cell
                    contexts.csv  | Tue,7.0        | 3,7.0          | , line 2, column "day": need a finite number, as other rows have here, got "Mon"; a column of categories is named by --categories
                    decisions.csv | B>D,A>B        | B>E,A>B        | , line 1, column "B>E": need the name of an edge, got another column
                    decisions.csv | 'B>D,'         | ''             | need 5 cells as in the header
                    decisions.csv | '1,1,0,0,0,0'  | '1,x,0,0,0,0'  | column "A>B": need a finite number, got "x"
                    decisions.csv | '1,1,0,0,0,0'  | '1,2,0,0,0,0'  | column "A>B": need 0 or 1, got 2
                    decisions.csv | '1,1,0,0,0,0'  | '1,1,0,0,0,1'  | need a path from A to D, got
                    decisions.csv | '1,1,0,0,0,0'  | '0,1,0,0,0,0'  | need a path from A to D, got
                    decisions.csv | '1,1,0,0,0,0'  | '1,1,0,0,0'    | need 6 cells as in the header, got 5
                    paths.csv     | path           | way            | , line 1, column "way": need the name of an edge, got another column
                    paths.csv     | A>B>D          | A>B>X          | column "path": need nodes of the graph, got "X"
                    paths.csv     | A>B>D          | A>D            | column "path": need one edge from A to D, got none in the graph
                    paths.csv     | A>B>D          | B>D            | need a path from A to D, got
                    paths.csv     | A>B>D          | A>B>C>B>D      | need a path from A to D, got
                    paths.csv     | A>B>D          | 'A>B>D,'       | need 1 cells as in the header, got 2
                    costs.csv     | C>D            | C>E            | , line 1, column "C>E": need the name of an edge, got another column
                    costs.csv     | ',2,2'         | ',2,two'       | , line 2, column "C>D": need a finite number, got "two"
                    costs.csv     | ',2,2'         | ',2'           | , line 2: need 6 cells as in the header, got 5
                    costs.csv     | ',3,3,2,2'     | ',3,-4,2,2'    | , line 2: need costs with a least one, got: the cycle
                    costs.csv     | ',2,2'         | ',2,1e99'      | , line 2, column "C>D": need a number of at most
                    """)
    void aGraphsFilesAreRefusedAtTheirPlace(String file, String good, String bad, String message) throws Exception {
        spoil(file, good, bad);
        String learned = file.equals("costs.csv")
                ? "--costs costs.csv"
                : "--decisions " + (file.equals("paths.csv") ? "paths.csv" : "decisions.csv");
        refused(GRAPH + learned + " --from A --to D", folder.resolve(file).toString(), message);
    }

    @ParameterizedTest
    @CsvSource({"decisions.csv, --decisions", "paths.csv, --decisions", "costs.csv, --costs"})
    void aWrongNumberOfRowsIsRefused(String file, String option) throws Exception {
        Path path = folder.resolve(file);
        List<String> lines = Files.readAllLines(path);
        Files.write(path, lines.subList(0, lines.size() - 1));
        refused(
                GRAPH + option + " " + file + " --from A --to D",
                path + ": need 40 rows, as many as " + folder.resolve("contexts.csv") + " has, got 39");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --from X --to D --costs costs.csv                                     | --from: need a node of
                    --from A --costs costs.csv                                            | --to, --to-column: need one of the two, got neither
                    --from A --from-column start --to D --costs costs.csv                 | --from, --from-column: need one of the two, got both
                    --from-column begin --to D --costs costs.csv                          | --from-column: need a column of
                    --from-column day --to D --costs costs.csv                            | line 2, column "day": need a node of the graph, got "Mon"
                    --from A --to D                                                       | --decisions, --costs: need one of the two files, got neither
                    --from A --to D --costs costs.csv --decisions paths.csv               | got both
                    --from D --to A --costs costs.csv                                     | need a way from D to A, got no way from D to A
                    --from A --to D --costs costs.csv --closed-column day                 | line 2, column "day": need edges of the graph, got "Mon"
                    --from A --to D --costs costs.csv --grid 5                            | --grid: need no --edges beside it
                    --from A --to D --costs costs.csv --categories wind                   | --categories: need columns of
                    --from A --to D --costs costs.csv --test-share 0.9 --validate-share 0.9 | need shares that leave rows to train
                    --from A --to D --costs costs.csv --split last                        | --split: need a whole number or 'order', got 'last'
                    --from A --to D --costs missing.csv                                   | missing.csv: need a CSV file, got none there
                    """)
    void optionsThatDoNotGoTogetherAreRefused(String options, String message) throws Exception {
        refused(GRAPH + options, message);
    }

    @ParameterizedTest
    @CsvSource({"--contexts contexts.csv", "--from A", "--closed-column closed"})
    void optionsOfFilesNeedAGraph(String options) throws Exception {
        refused("train paths " + options, options.split(" ", 2)[0] + ": need --edges beside it");
    }

    private void spoil(String file, String good, String bad) throws Exception {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        String spoilt = text.replaceFirst(
                Pattern.quote(good.replace("\\n", "\n")),
                Matcher.quoteReplacement(bad == null ? "" : bad.replace("\\n", "\n")));
        assertThat(spoilt).as("%s without %s", file, good).isNotEqualTo(text);
        Files.writeString(path, spoilt);
    }

    private void refused(String command, String... places) throws Exception {
        List<Object> words = new ArrayList<>(Arrays.asList(OwnProblem.words(folder, command)));
        Path run = folder.resolve("run");
        words.add("--run");
        words.add(run);
        Ran ran = Ran.of(words.toArray());
        assertThat(ran.code()).as(ran.err()).isNotEqualTo(Main.DONE);
        ran.refused(ran.code(), places);
        assertThat(run).doesNotExist();
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(OwnProblem.graph().keySet());
        }
    }
}
