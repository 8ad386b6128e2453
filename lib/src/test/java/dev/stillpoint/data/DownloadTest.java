package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.data.FileServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server on this machine that misbehaves in every way that is to be expected of one. */
class DownloadTest {
    private static final Download.Patience THREE = new Download.Patience(Duration.ofSeconds(20), 3, Duration.ZERO);
    private static final byte[] CONTENT = new byte[200_001];
    private static final String MD5;

    static {
        new Random(5).nextBytes(CONTENT);
        MD5 = Digests.hex(updated("MD5"));
    }

    @TempDir
    Path temporary;

    private DataFolder folder;
    private Path target;
    private final List<Long> progress = new ArrayList<>();

    @BeforeEach
    void name() {
        folder = new DataFolder(temporary.resolve("data"), "the test");
        target = folder.path().resolve("set/file.gz");
    }

    @Test
    void aGoodAnswerIsStoredOnceAndToldOf() throws IOException {
        try (FileServer server = new FileServer(CONTENT, FileServer.GOOD)) {
            assertThat(fetch(server.address())).isTrue();
            assertStored();
            assertThat(fetch(server.address())).isFalse();
            assertThat(server.ranges()).containsExactly("null");
            assertThat(progress).isSorted().endsWith((long) CONTENT.length);
        }
    }

    @Test
    void aCutConnectionIsTakenUpWhereItEnded() throws IOException {
        try (FileServer server = new FileServer(CONTENT, FileServer.CUT, FileServer.CUT, FileServer.GOOD)) {
            fetch(server.address());
            assertStored();
            assertThat(server.ranges()).containsExactly("null", "bytes=100000-", "bytes=150000-");
        }
        Files.delete(target);
        try (FileServer server =
                new FileServer(CONTENT, FileServer.CUT_WITHOUT_RANGES, FileServer.announcing(CONTENT.length))) {
            fetch(server.address());
            assertStored();
        }
    }

    @Test
    void connectionsThatBringNothingMoreAreGivenUp() throws IOException {
        refused("need " + CONTENT.length + " bytes, got 100000 and ", FileServer.CUT_WITHOUT_RANGES);
        refused("need status 200, got 503 (3 attempts)", FileServer.status(503));
        try (FileServer server =
                new FileServer(CONTENT, FileServer.status(503), FileServer.status(500), FileServer.GOOD)) {
            fetch(server.address());
            assertStored();
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        refused("need status 200, got 404", FileServer.status(404));
        refused("need status 200, got 403", FileServer.status(403));
        refused("got another file: need the published MD5, got ", FileServer.CORRUPTED);
        refused("got another file: need the published MD5, got ", (request, file) -> {
            request.sendResponseHeaders(200, 5);
            request.getResponseBody().write("sorry".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        });
    }

    @Test
    void whatWasThereStaysUntilTheRightFileHasCome() throws IOException {
        Files.createDirectories(target.getParent());
        Files.writeString(target, "another");
        try (FileServer server = new FileServer(CONTENT, FileServer.CORRUPTED, FileServer.GOOD)) {
            assertThatThrownBy(() -> fetch(server.address())).isInstanceOf(DataException.class);
            assertThat(target).hasContent("another");
            assertThat(files()).containsExactly(target);
            fetch(server.address());
            assertStored();
        }
    }

    @Test
    void whatAKilledProcessLeftIsTakenUpIfItFits() throws IOException {
        Path part = target.resolveSibling(".file.gz.part");
        Files.createDirectories(target.getParent());
        try (FileServer server = new FileServer(CONTENT, FileServer.GOOD)) {
            Files.write(part, Arrays.copyOf(CONTENT, 1000));
            fetch(server.address());
            assertStored();
            assertThat(server.ranges()).containsExactly("bytes=1000-");
            Files.delete(target);
            Files.write(part, new byte[1000]);
            fetch(server.address());
            assertStored();
            assertThat(server.ranges()).containsExactly("bytes=1000-", "bytes=1000-", "null");
            Files.delete(target);
            Files.write(part, new byte[CONTENT.length + 1]);
            fetch(server.address());
            assertStored();
        }
    }

    @Test
    void redirectionsAreFollowedToAnAddressAsSafe() throws IOException {
        try (FileServer server = new FileServer(CONTENT, FileServer.GOOD);
                FileServer first = new FileServer(CONTENT, FileServer.redirectTo(server.address()))) {
            fetch(first.address());
            assertStored();
        }
        Files.delete(target);
        refused(
                "need a redirection to an address as safe, got file:/etc/passwd",
                FileServer.redirectTo(URI.create("file:/etc/passwd")));
        refused("need at most 5 redirections, got more", FileServer.redirectTo(URI.create("/file.gz")));
    }

    @Test
    void aSecondAddressIsTriedWhenTheFirstFails() throws IOException {
        try (FileServer gone = new FileServer(CONTENT, FileServer.status(404));
                FileServer server = new FileServer(CONTENT, FileServer.GOOD)) {
            fetch(gone.address(), server.address());
            assertStored();
        }
    }

    @Test
    void noSpaceNoServerAndNoFolderAreSaid() throws IOException {
        Files.createDirectories(temporary);
        try (FileServer server = new FileServer(CONTENT, FileServer.announcing(1L << 60))) {
            assertThatThrownBy(() -> fetch(server.address()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("need " + (1L << 60) + " bytes of free space, got ");
            assertThat(files()).isEmpty();
        }
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        URI nobody = URI.create("http://127.0.0.1:" + free + "/file.gz");
        assertThatThrownBy(() -> fetch(nobody))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(nobody + ": need an answer, got java.net.ConnectException");
        Files.writeString(temporary.resolve("file"), "");
        DataFolder below = new DataFolder(temporary.resolve("file"), "the test");
        assertThatThrownBy(() -> Download.fetch(file(nobody), below, THREE, (bytes, total) -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(below.path() + "/set/file.gz: need a folder that can be written to, got ");
    }

    @Test
    void twoDownloadsOfAFileDoNotMix() throws IOException {
        Answer nested = (request, file) -> {
            // While this answer is under way, another download of the same file begins.
            assertThatThrownBy(() -> fetch(URI.create("http://127.0.0.1:1/")))
                    .isInstanceOf(DataException.class)
                    .hasMessage(target + ": need to be its only download, got another one under way");
            FileServer.GOOD.to(request, file);
        };
        try (FileServer server = new FileServer(CONTENT, nested)) {
            fetch(server.address());
            assertStored();
        }
    }

    private void refused(String problem, Answer answer) throws IOException {
        try (FileServer server = new FileServer(CONTENT, answer)) {
            assertThatThrownBy(() -> fetch(server.address()))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(server.address() + ": " + problem);
            assertThat(files()).isEmpty();
        }
    }

    private boolean fetch(URI... addresses) {
        return Download.fetch(file(addresses), folder, THREE, (bytes, total) -> progress.add(bytes));
    }

    private static PublicFile file(URI... addresses) {
        return new PublicFile("set/file.gz", List.of(addresses), CONTENT.length, MD5, new Content.Unpublished());
    }

    /** The file, and nothing half-written beside it. */
    private void assertStored() throws IOException {
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(files()).containsExactly(target);
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(folder.path())) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder.path())) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static java.security.MessageDigest updated(String algorithm) {
        java.security.MessageDigest digest = Digests.of(algorithm);
        digest.update(CONTENT);
        return digest;
    }
}
