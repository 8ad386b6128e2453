package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("run.json");
    }

    @Test
    void writesAndReplaces() throws IOException {
        AtomicFile.writeString(file, "first, and longer");
        AtomicFile.writeString(file, "zweite ä");
        assertThat(file).hasContent("zweite ä");
        assertThat(folder).isDirectoryContaining("glob:**/run.json");
        assertNothingElse();
    }

    @Test
    void theTargetIsUntouchedUntilAllIsWritten() throws IOException {
        AtomicFile.writeString(file, "old");
        AtomicFile.write(file, out -> {
            out.write(new byte[1 << 20]);
            out.flush();
            assertThat(file).hasContent("old");
        });
        assertThat(file).hasSize(1 << 20);
        assertNothingElse();
    }

    @Test
    void aFailureLeavesTheOldContentAndNoTemporaryFile() throws IOException {
        AtomicFile.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("disk full");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("AtomicFile: need a writable file, got " + file + " (disk full)");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    throw new IllegalStateException("not ready");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent("old");
        assertNothingElse();
    }

    @Test
    void closingTheStreamIsAllowed() throws IOException {
        AtomicFile.write(file, out -> {
            out.write("done".getBytes(StandardCharsets.UTF_8));
            out.close();
        });
        assertThat(file).hasContent("done");
        assertNothingElse();
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        Path target = Files.createDirectory(folder.resolve("other")).resolve("target.json");
        Files.writeString(target, "old");
        Files.createSymbolicLink(file, target);
        AtomicFile.writeString(file, "new");
        assertThat(target).hasContent("new");
        assertThat(Files.isSymbolicLink(file)).isTrue();
    }

    @Test
    void aDeviceIsWrittenInPlace() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "skipped: no /dev/null here");
        AtomicFile.writeString(device, "gone");
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    @Test
    void unusableTargetsAreNamed() {
        assertThatThrownBy(() -> AtomicFile.writeString(folder, "x")).hasMessageContaining("got a directory");
        Path lost = folder.resolve("missing").resolve("run.json");
        assertThatThrownBy(() -> AtomicFile.writeString(lost, "x"))
                .hasMessage("AtomicFile: need a writable file, got " + lost + " (NoSuchFileException)");
    }

    private void assertNothingElse() throws IOException {
        try (var entries = Files.list(folder)) {
            assertThat(entries).containsExactly(file);
        }
    }
}
