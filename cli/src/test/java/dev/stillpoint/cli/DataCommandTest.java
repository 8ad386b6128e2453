package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.data.PublicFile;
import dev.stillpoint.data.PublicSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
    @TempDir
    Path folder;

    @Test
    void theListSaysWhatIsThere() throws IOException {
        write(PublicSets.MNIST.files().get(0), "not the digits");
        Ran ran = Ran.done("data", "list", "--data", folder);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .containsPattern("(?m)^mnist: 60,000 .* 1 of 4 +11\\.6 +LeCun, Cortes, Burges$")
                .containsPattern("(?m)^svhn: .* 0 of 2 ")
                .contains("Folder: " + folder + " (--data)");
        JsonNode json = Ran.done("data", "list", "--data", folder, "--json").json();
        assertThat(json.path("folder").asText()).isEqualTo(folder.toString());
        assertThat(json.path("sets").path(0).path("there").asInt()).isEqualTo(1);
        assertThat(json.path("sets").path(1).path("bytes").asLong()).isEqualTo(170_052_171L);
    }

    @Test
    void whatDiffersOrIsMissingFails() throws IOException {
        Ran.of("data", "verify", "--data", folder)
                .refused(Main.FAILED, folder + ": need a file of a set to verify, got none");
        write(PublicSets.MNIST.files().get(3), "not the labels");
        Ran ran = Ran.of("data", "verify", "--data", folder);
        assertThat(ran.code()).isEqualTo(Main.FAILED);
        assertThat(ran.out())
                .contains("mnist/train-images-idx3-ubyte.gz: absent (no file there)")
                .contains("mnist/t10k-labels-idx1-ubyte.gz: different (need SHA-256 of the unpacked content ff7bcfd4");
        assertThat(ran.err()).isEqualTo("stillpoint: " + folder + ": need 4 files that are right, got 0\n");
        JsonNode json =
                Ran.of("data", "verify", "svhn", "--data", folder, "--json").json();
        assertThat(json.path("files").path(1).path("state").asText()).isEqualTo("absent");
        Ran.of("data", "fetch", "mnits", "--data", folder)
                .refused(Main.USAGE, "NAME: need one of [mnist, cifar10, svhn");
        Ran.of("data", "fetch").refused(Main.USAGE, "NAME");
        Ran.of("data").refused(Main.USAGE, "need one of list, fetch, verify");
    }

    @Test
    void whatIsThereAndRightIsNotDownloaded() {
        String data = System.getenv("STILLPOINT_DATA");
        assumeTrue(data != null, "skipped: set STILLPOINT_DATA to the data folder to verify MNIST");
        assertThat(Ran.done("data", "verify", "mnist").out().lines())
                .hasSize(4)
                .allMatch(line -> line.contains(": good (the published "));
        Ran ran = Ran.done("data", "fetch", "mnist", "--json");
        assertThat(ran.json().path("files").path(2).path("downloaded").asBoolean(true))
                .isFalse();
        assertThat(ran.err()).contains("mnist/t10k-labels-idx1-ubyte.gz: there already, and right");
    }

    private void write(PublicFile file, String text) throws IOException {
        Path path = folder.resolve(file.path());
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
