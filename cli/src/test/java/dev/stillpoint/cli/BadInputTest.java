package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.TensorScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are missing, damaged or something else: each is refused by name, and nothing is written. */
class BadInputTest {
    private static final String GOOD = "x0,x1,x2,x3,x4\n0,0,0,0,0\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    private static Path trained = Path.of("");

    @TempDir
    Path folder;

    private Path input = Path.of("");
    private Path results = Path.of("");

    @BeforeAll
    static void train() {
        trained = shared.resolve("run");
        Ran.done("train", "paths", "--grid", 3, "--epochs", 2, "--run", trained);
    }

    @BeforeEach
    void name() throws IOException {
        input = Files.writeString(folder.resolve("contexts.csv"), GOOD);
        results = Files.createDirectory(folder.resolve("results"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                        | need a header line, got an empty file
                    'x0,x1,x2,x3,x4\n'                        | need at least one row below the header, got none
                    'x0,x1,x2,x3\n1,2,3,4\n'                  | "x4"
                    'x0,x1,x1,x2,x3,x4\n1,2,3,4,5,6\n'        | line 1, column "x1"
                    'x0,x1,x2,x3,x4\n1,2,3,4,5\n1,2,c,4,5\n'  | line 3, column "x2": need a finite number, got "c"
                    'x0,x1,x2,x3,x4\n1,NaN,3,4,5\n'           | line 2, column "x1": need a finite number, got "NaN"
                    'x0,x1,x2,x3,x4\n1,2,3,4,Infinity\n'      | line 2, column "x4": need a finite number
                    'x0,x1,x2,x3,x4\n1,2,3,1e39,5\n'          | line 2, column "x3": need a number of at most
                    'x0,x1,x2,x3,x4\n1,,3,4,5\n'              | line 2, column "x1": need a finite number
                    'x0,x1,x2,x3,x4\n1,2,3,4,5\n1,2,3,4\n'    | line 3: need 5 cells as in the header, got 4
                    'x0,x1,x2,x3,x4\n1,2,3,4,5,6\n'           | line 2: need 5 cells as in the header, got 6
                    """)
    void badContextsAreRefusedAtTheirPlace(String text, String place) throws IOException {
        Files.writeString(input, text.replace("\\n", "\n"));
        refusesInput(input, place);
    }

    @Test
    void contextsThatAreNoTextAreRefused() throws IOException {
        Files.write(input, new byte[] {'x', '0', '\n', (byte) 0xff, (byte) 0xfe, '\n'});
        refusesInput(input, "line 2: need UTF-8 text");
        Files.write(input, Files.readAllBytes(trained.resolve("model.safetensors")));
        refusesInput(input, "");
    }

    @Test
    void contextsThatAreNoFileAreRefused() {
        refusesInput(folder.resolve("missing.csv"), "need a CSV file, got none there");
        refusesInput(folder, "need a CSV file, got a directory");
    }

    @Test
    void theInputIsNotOverwritten() {
        infer(trained, input, input).refused(Main.FAILED, input.toString());
        assertThat(input).hasContent(GOOD);
    }

    /** A flip may fall on any byte of the header: checkpoints keep their numbers there. */
    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "checkpoint.safetensors"})
    void aFlipAnywhereInTheHeaderIsRefused(String name) throws IOException {
        Path file = copy().resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        int end =
                8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        for (int i = 0; i < end; i++) {
            bytes[i] ^= 1;
            Files.write(file, bytes);
            int place = i;
            assertThatThrownBy(() -> {
                        try (TensorScope scope = TensorScope.open()) {
                            SafeTensors.readOwn(file);
                        }
                    })
                    .as("byte %s", place)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file.toString());
            bytes[i] ^= 1;
        }
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefused() throws IOException {
        Path nowhere = folder.resolve("missing").resolve("out.csv");
        infer(trained, input, nowhere).refused(Main.FAILED, nowhere.toString());
        assertThat(nowhere.getParent()).doesNotExist();
        Path below = input.resolve("out.csv");
        infer(trained, input, below).refused(Main.FAILED, below.toString());
        assertThat(input).hasContent(GOOD);
        infer(trained, input, results).refused(Main.FAILED, results.toString());
        assertThat(results).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsNoRunIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path missing = folder.resolve("missing");
        refusesRun(empty, empty.toString(), "need a run folder (with run.json), got a folder without it");
        refusesRun(missing, missing.toString(), "nothing there");
        refusesRun(input, input.toString(), "got a file");
        assertThat(empty).isEmptyDirectory();
        assertThat(missing).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "cut to one byte", "emptied", "flipped", "flipped last", "not one", "header"})
    void aDamagedModelIsRefused(String damage) throws IOException {
        Path run = copy();
        Path model = run.resolve("model.safetensors");
        damage(model, damage);
        refusesModel(run, model.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "cut to one byte", "emptied", "flipped", "flipped last", "not one", "header"})
    void aDamagedCheckpointIsRefusedAndKept(String damage) throws IOException {
        Path run = copy();
        Path checkpoint = run.resolve("checkpoint.safetensors");
        damage(checkpoint, damage);
        List<byte[]> before = contents(run);
        Ran ran = Ran.of("train", "--resume", run);
        assertThat(ran.code()).isEqualTo(Main.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errors()).hasSize(2).first().isEqualTo("training in " + run);
        assertThat(ran.errors().get(1)).startsWith("stillpoint: " + checkpoint + ": need ");
        assertThat(contents(run)).usingRecursiveComparison().isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "7",
                "[{\"name\": \"constraints\", \"kind\": \"hard\", \"tolerance\": 1e-4}]",
                "[{\"name\": \"constraints\"}]",
                "[{\"name\": \"constraints\", \"kind\": \"hard\"}]",
                "[{\"name\": \"constraints\", \"kind\": \"hard\", \"tolerance\": -1}]",
                "[{\"name\": \"residual\", \"kind\": \"quantile\", \"calibration\": [], \"pass\": 0.9, \"fail\": 1}]",
                "[{\"name\": \"residual\", \"kind\": \"quantile\", \"calibration\": [\"a\"], \"pass\": 0.9, \"fail\": 1}]"
            })
    void damagedCertificatesAreRefused(String text) throws IOException {
        Path run = copy();
        Path certificates = run.resolve("certificates.json");
        Files.writeString(certificates, text);
        refusesModel(run, certificates.toString());
        Files.write(certificates, new byte[] {(byte) 0xff, (byte) 0xfe});
        refusesModel(run, certificates.toString());
        Files.delete(certificates);
        refusesModel(run, certificates.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                                               | need a JSON object
                    {                                                                | need JSON
                    []                                                               | need a JSON object
                    {}                                                               | application: need one of [cifar10, mnist, paths, polytope, signals, svhn, tomography]
                    {"application": "nonsense", "settings": {}}                      | got 'nonsense'
                    {"application": "paths", "settings": {"nonsense": "1"}}          | settings: --nonsense
                    {"application": "paths", "settings": {"grid": "x"}}              | settings: --grid: need a whole
                    {"application": "paths", "settings": {"grid": "1"}}              | got 1
                    """)
    void aDamagedDescriptionIsRefused(String text, String problem) throws IOException {
        Path run = copy();
        Files.writeString(run.resolve("run.json"), text);
        refusesRun(run, run.resolve("run.json").toString(), problem);
    }

    @Test
    void theSettingsOfAnotherRunAreRefused() throws IOException {
        Path run = copy();
        Path description = run.resolve("run.json");
        ObjectNode stored = (ObjectNode) JSON.readTree(Files.readString(description));
        ((ObjectNode) stored.path("settings")).put("data-seed", "136");
        Files.writeString(description, stored.toString());
        for (Ran ran : List.of(Ran.of("evaluate", run), Ran.of("train", "--resume", run))) {
            ran.refused(Main.FAILED, description.toString(), "need data 'contexts and costs' with SHA-256");
        }
        ((ObjectNode) stored.path("settings")).put("data-seed", "135").put("grid", "4");
        Files.writeString(description, stored.toString());
        refusesRun(run, run.toString());
    }

    @Test
    void aRunThatHasNotFinishedIsRefused() throws IOException {
        Path run = copy();
        for (String name : List.of("model.safetensors", "certificates.json", "report.html")) {
            Files.delete(run.resolve(name));
        }
        refusesModel(run, run.toString(), "train --resume " + run);
    }

    /** No output where there was none, and the present one kept. */
    private void refusesInput(Path contexts, String place) {
        refusesToInfer(trained, contexts, contexts.toString(), place);
    }

    private void refusesModel(Path run, String... places) {
        Ran.of("evaluate", run).refused(Main.FAILED, places);
        refusesToInfer(run, input, places);
    }

    private void refusesRun(Path run, String... places) {
        Ran.of("train", "--resume", run).refused(Main.FAILED, places);
        refusesModel(run, places);
    }

    private void refusesToInfer(Path run, Path contexts, String... places) {
        try {
            Path output = results.resolve("decisions.csv");
            infer(run, contexts, output).refused(Main.FAILED, places);
            assertThat(results).isEmptyDirectory();
            Files.writeString(output, "mine");
            infer(run, contexts, output).refused(Main.FAILED, places);
            assertThat(output).hasContent("mine");
            try (var files = Files.list(results)) {
                assertThat(files).containsExactly(output);
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ran infer(Path run, Path contexts, Path output) {
        return Ran.of("infer", run, "--input", contexts, "--output", output, "--json");
    }

    private Path copy() throws IOException {
        Path run = Files.createDirectory(folder.resolve("run"));
        try (var files = Files.list(trained)) {
            for (Path file : files.toList()) {
                Files.copy(file, run.resolve(file.getFileName()));
            }
        }
        return run;
    }

    private static void damage(Path file, String damage) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case "cut" -> bytes = Arrays.copyOf(bytes, bytes.length * 3 / 4);
            case "cut to one byte" -> bytes = Arrays.copyOf(bytes, 1);
            case "emptied" -> bytes = new byte[0];
            case "flipped" -> bytes[bytes.length * 3 / 4] ^= 1;
            case "flipped last" -> bytes[bytes.length - 1] ^= (byte) 0x80;
            case "header" -> bytes[9] ^= 1;
            case "not one" -> bytes = "once upon a time".getBytes(StandardCharsets.UTF_8);
            default -> throw new AssertionError(damage);
        }
        Files.write(file, bytes);
    }

    private static List<byte[]> contents(Path run) throws IOException {
        try (var files = Files.list(run)) {
            List<byte[]> contents = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                contents.add(Files.readAllBytes(file));
            }
            return contents;
        }
    }
}
