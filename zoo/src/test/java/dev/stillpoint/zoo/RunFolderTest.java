package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.data.DataException;
import dev.stillpoint.train.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temporary;

    private static Epoch epoch(int number) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("steps", 1.0 / (3 * number));
        metrics.put("validationLoss", 1e-300 * number);
        return new Epoch(number, 0.1 * number, 0.005, number % 2, 0.3 * number, metrics);
    }

    @Test
    void createsAFolderAndItsParents() {
        Path path = temporary.resolve("runs/paths/1");
        assertThat(RunFolder.create(path).path()).isEqualTo(path);
        assertThat(path).isEmptyDirectory();
        assertThat(RunFolder.create(path).path()).as("an empty one will do").isEqualTo(path);
    }

    @Test
    void createRefusesWhatIsThere() throws IOException {
        Path path = temporary.resolve("run");
        RunFolder.create(path).append(epoch(1));
        assertThatThrownBy(() -> RunFolder.create(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(path + ": need an empty folder for a new run, got one with files; choose another, or go on"
                        + " with train --resume " + path);
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> RunFolder.create(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": need a folder for the run, got a file");
    }

    @Test
    void openRefusesWhatIsNoRun() throws IOException {
        Path missing = temporary.resolve("missing");
        assertThatThrownBy(() -> RunFolder.open(missing))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": need a run folder (with run.json), got nothing there");
        assertThatThrownBy(() -> RunFolder.open(temporary))
                .isInstanceOf(DataException.class)
                .hasMessage(temporary + ": need a run folder (with run.json), got a folder without it");
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> RunFolder.open(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": need a run folder (with run.json), got a file");
    }

    @Test
    void runJsonComesBack() {
        RunFolder folder = RunFolder.create(temporary.resolve("run"));
        ObjectNode content = JSON.createObjectNode().put("application", "paths").put("x", 0.1);
        folder.writeRun(content);
        assertThat(RunFolder.open(folder.path()).readRun()).isEqualTo(content);
        content.put("x", 0.2);
        folder.writeRun(content);
        assertThat(folder.readRun()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "3", "null", "{", "no JSON"})
    void aDamagedRunJsonIsRefused(String text) throws IOException {
        RunFolder folder = RunFolder.create(temporary.resolve("run"));
        Files.writeString(folder.run(), text);
        assertThatThrownBy(folder::readRun)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.run() + ": need ");
    }

    @Test
    void certificatesComeBackAndDamageIsRefused() throws IOException {
        RunFolder folder = RunFolder.create(temporary.resolve("run"));
        assertThatThrownBy(folder::readCertificates)
                .isInstanceOf(DataException.class)
                .hasMessage(folder.certificates() + ": need a readable file, got NoSuchFileException");
        Certificates certificates = new Certificates(List.of(new HardLimit("constraints", 1e-4)));
        folder.writeCertificates(certificates);
        assertThat(folder.readCertificates()).isEqualTo(certificates);
        Files.writeString(folder.certificates(), "[]");
        assertThatThrownBy(folder::readCertificates)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.certificates() + ": Certificates: need a list of checks");
    }

    @Test
    void epochsComeBackToTheLastBit() {
        RunFolder folder = RunFolder.create(temporary.resolve("run"));
        assertThat(folder.epochs()).isEmpty();
        for (int i = 1; i <= 4; i++) {
            folder.append(epoch(i));
        }
        assertThat(folder.epochs()).containsExactly(epoch(1), epoch(2), epoch(3), epoch(4));
        assertThat(folder.epochs().get(0).metrics().keySet()).containsExactly("steps", "validationLoss");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7})
    void truncateDropsWhatAResumedRunWritesAgain(int last) throws IOException {
        RunFolder folder = RunFolder.create(temporary.resolve("run"));
        folder.truncate(last);
        assertThat(folder.metrics()).doesNotExist();
        for (int i = 1; i <= 3; i++) {
            folder.append(epoch(i));
        }
        folder.truncate(last);
        int kept = Math.min(last, 3);
        assertThat(folder.epochs()).hasSize(kept);
        folder.append(epoch(kept + 1));
        assertThat(folder.epochs()).hasSize(kept + 1).last().isEqualTo(epoch(kept + 1));
        assertThat(Files.readAllLines(folder.metrics())).hasSize(kept + 1);
        assertThat(folder.metrics()).content().endsWith("}\n");
    }

    /** JSON knows no NaN: every line stays JSON that other tools read. */
    @Test
    void numbersThatAreNotFiniteAreNull() throws IOException {
        RunFolder folder = RunFolder.create(temporary.resolve("run"));
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("validationRegret", Double.NaN);
        metrics.put("validationLoss", Double.POSITIVE_INFINITY);
        metrics.put("steps", 3.5);
        folder.append(new Epoch(1, Double.NaN, 0.1, 2, 0.5, metrics));
        var node = JSON.readTree(Files.readString(folder.metrics()));
        assertThat(node.path("loss").isNull()).isTrue();
        assertThat(node.path("metrics").path("validationRegret").isNull()).isTrue();
        Epoch read = folder.epochs().get(0);
        assertThat(read.loss()).isNaN();
        assertThat(read.masked()).isEqualTo(2);
        assertThat(read.metrics().get("validationRegret")).isNaN();
        assertThat(read.metrics().get("validationLoss")).isNaN();
        assertThat(read.metrics()).containsEntry("steps", 3.5);
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        RunFolder folder = RunFolder.create(temporary.resolve("run"));
        folder.append(epoch(1));
        Files.writeString(folder.metrics(), Files.readString(folder.metrics()) + "{\"epoch\": 2, \"lo\n");
        assertThatThrownBy(folder::epochs)
                .isInstanceOf(DataException.class)
                .hasMessage(folder.metrics() + ", line 2: need a JSON object, got something else");
    }
}
