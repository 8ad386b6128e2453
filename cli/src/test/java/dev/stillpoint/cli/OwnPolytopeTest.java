package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A linear program of the user's, from files to decisions, and files that are refused. */
class OwnPolytopeTest {
    private static final String TRAIN = "train polytope --matrix matrix.csv --contexts contexts.csv --epochs 40 ";

    /** Vertices are computed in double. */
    private static final double SAME_NUMBER = 1e-6;

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        OwnProblem.write(folder, OwnProblem.polytope());
    }

    private Object[] words(String command) {
        List<Object> words = new ArrayList<>(Arrays.asList(OwnProblem.words(folder, command)));
        words.add("--run");
        words.add(folder.resolve("run"));
        return words.toArray();
    }

    private CsvText infer(String contexts) throws IOException {
        Path input = Files.writeString(folder.resolve("tomorrow.csv"), contexts);
        Path output = folder.resolve("decided.csv");
        Ran.done("infer", folder.resolve("run"), "--input", input, "--output", output);
        return CsvText.read(output);
    }

    /** Gas below 5 makes the north cheaper, of which flour allows 7. */
    @Test
    void learnsFromDecisions() throws IOException {
        Ran.done(words(TRAIN + "--decisions decisions.csv --bounds bounds.csv"));
        CsvText rows = infer("gas,day\n1,Mon\n9,Tue\n");
        assertThat(rows.number(0, "north")).isCloseTo(7, within(SAME_NUMBER));
        assertThat(rows.number(0, "south")).isCloseTo(3, within(SAME_NUMBER));
        assertThat(rows.number(1, "north")).isCloseTo(2, within(SAME_NUMBER));
        assertThat(rows.cell(1, "decision")).isEqualTo("north=2;south=8");
        for (int i = 0; i < 2; i++) {
            assertThat(rows.cell(i, "certificate_constraints")).isEqualTo("PASS");
            assertThat(rows.cell(i, "certificate_optimality")).isEqualTo("PASS");
            assertThat(rows.number(i, "gap")).isBetween(0.0, SAME_NUMBER);
        }
        Decision decision = Model.load(folder.resolve("run")).infer(Map.of("gas", 1, "day", "Mon"));
        assertThat(Double.parseDouble(decision.details().getOrDefault("north", "")))
                .isCloseTo(7, within(SAME_NUMBER));
    }

    @Test
    void learnsFromCosts() {
        JsonNode test = Ran.done(words(TRAIN + "--costs costs.csv --bounds bounds.csv --json"))
                .json()
                .path("test");
        assertThat(test.path("normalizedRegret").asDouble()).isBetween(-1e-6, 0.02);
        assertThat(test.path("meanCostRegret").asDouble()).isGreaterThan(0.02);
    }

    /** Demand and a limit are columns of the contexts; a demand that no bakery can meet harms no other row. */
    @Test
    void rightHandSidesAndBoundsMayBeARowsOwn() throws IOException {
        spoil("matrix.csv", "=,10", "=,demand");
        spoil("bounds.csv", "south,0,8", "south,0,oven");
        List<String> lines = Files.readAllLines(folder.resolve("contexts.csv"));
        StringBuilder own = new StringBuilder(lines.get(0) + ",demand,oven\n");
        lines.subList(1, lines.size()).forEach(line -> own.append(line).append(",10,8\n"));
        Files.writeString(folder.resolve("contexts.csv"), own);
        Ran.done(words(TRAIN + "--decisions decisions.csv --bounds bounds.csv"));
        CsvText rows = infer("gas,day,demand,oven\n9,Mon,5,8\n9,Mon,5,3\n9,Mon,50,8\n1,Mon,10,8\n");
        assertThat(rows.number(0, "south")).isCloseTo(5, within(SAME_NUMBER));
        assertThat(rows.number(1, "south")).isCloseTo(3, within(SAME_NUMBER));
        assertThat(rows.cell(2, "decision")).isEmpty();
        assertThat(rows.cell(2, "note")).contains("tomorrow.csv, line 4: no x within its bounds satisfies", "demand");
        assertThat(rows.cell(2, "certificate_constraints")).isEqualTo("FAIL");
        assertThat(rows.number(3, "north")).isCloseTo(7, within(SAME_NUMBER));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    matrix.csv    | ',rhs'         | ',right'         | , line 1, column "rhs": need this column
                    matrix.csv    | demand,1,1     | demand,1,one     | , line 2, column "south": need a finite number, got "one"
                    matrix.csv    | demand,1,1     | demand,1         | , line 2: need 5 cells as in the header, got 4
                    matrix.csv    | '=,10'         | '=,need'         | , line 2, column "rhs": need a number or a column of
                    matrix.csv    | '=,10'         | 'equals,10'      | , line 2, column "sense": need =, <= or >=, got "equals"
                    matrix.csv    | demand,1,1     | demand,0,0       | , line 2: need a number that is not 0 in a constraint
                    matrix.csv    | flour,2        | demand,2         | , line 3, column "name": need every constraint once, got "demand" in line 2 too
                    matrix.csv    | name,north     | name,status      | , line 1, column "status": need another name for a variable
                    matrix.csv    | '=,10'         | '=,99'           | : need constraints that some x satisfies, got none: no x within its bounds
                    bounds.csv    | variable,lower | name,lower       | , line 1, column "variable": need this column
                    bounds.csv    | 'south,0,8'    | 'west,0,8'       | , line 3, column "variable": need a variable of the matrix, got "west"
                    bounds.csv    | 'south,0,8'    | 'north,0,8'      | , line 3, column "variable": need every variable once
                    bounds.csv    | 'south,0,8'    | 'south,9,8'      | , line 3, column "upper": need a number >= lower
                    bounds.csv    | 'south,0,8'    | 'south,0,eight'  | , line 3, column "upper": need a number or a column of
                    bounds.csv    | 'south,0,8'    | 'south,0'        | , line 3: need 3 cells as in the header, got 2
                    contexts.csv  | 'Mon,0.0'      | 'Mon,'           | , line 2, column "gas": need a value, got an empty cell
                    decisions.csv | south,north    | south,west       | , line 1, column "west": need the name of a variable
                    decisions.csv | '3,7'          | '3,8'            | , line 2: need constraint demand = 10
                    decisions.csv | '3,7'          | '1,9'            | , line 2: need constraint flour <= 17
                    decisions.csv | '3,7'          | '11,-1'          | , line 2: need 0.0 <= north <= Infinity, got -1.0
                    decisions.csv | '3,7'          | '3,x'            | , line 2, column "north": need a finite number, got "x"
                    decisions.csv | '3,7'          | '3'              | , line 2: need 2 cells as in the header, got 1
                    costs.csv     | '0.0,5'        | 'free,5'         | , line 2, column "north": need a finite number, got "free"
                    costs.csv     | '0.0,5\n'      | ''               | : need 40 rows, as many as
                    """)
    void filesAreRefusedAtTheirPlace(String file, String good, String bad, String message) throws IOException {
        spoil(file, good, bad);
        String learned = file.equals("costs.csv") ? "--costs costs.csv" : "--decisions decisions.csv";
        Ran ran = Ran.of(words(TRAIN + learned + " --bounds bounds.csv"));
        ran.refused(Main.FAILED, folder.resolve(file).toString(), message);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void nextBestVerticesAreNotListed() throws IOException {
        Ran.done(words(TRAIN.replace("40", "2") + "--decisions decisions.csv"));
        Path input = Files.writeString(folder.resolve("tomorrow.csv"), "gas,day\n1,Mon\n");
        Path output = folder.resolve("decided.csv");
        Ran.of("infer", folder.resolve("run"), "--input", input, "--output", output, "--k-best", 2)
                .refused(Main.FAILED, "--k-best: need a model of paths, got one of a polytope");
        assertThat(output).doesNotExist();
    }

    private void spoil(String file, String good, String bad) throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        String spoilt = text.replaceFirst(
                Pattern.quote(good.replace("\\n", "\n")), Matcher.quoteReplacement(bad.replace("\\n", "\n")));
        assertThat(spoilt).as("%s without %s", file, good).isNotEqualTo(text);
        Files.writeString(path, spoilt);
    }
}
