package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicSetsTest {
    private static final byte[] TEXT = "stillpoint\n".getBytes(StandardCharsets.US_ASCII);
    /** From md5sum and sha256sum. */
    private static final String MD5 = "ef432cbe4fa1d9fe3c7a57002ba9ac73";

    private static final String SHA256 = "d8084b80d896706cbe96fde94a7a8675d5d50289c6ab24984c4b045d2ad4c1d3";
    private static final String WRONG = "0".repeat(64);

    @TempDir
    Path folder;

    @Test
    void namesAndPathsAreEachOnce() {
        Set<String> seen = new HashSet<>();
        for (PublicSet set : PublicSets.ALL) {
            assertThat(seen.add(set.name())).as(set.name()).isTrue();
            assertThat(PublicSets.named(set.name())).isSameAs(set);
            for (PublicFile file : set.files()) {
                assertThat(file.path()).startsWith(set.name() + "/");
                assertThat(seen.add(file.path())).as(file.path()).isTrue();
            }
        }
        assertThatThrownBy(() -> PublicSets.named("mnits"))
                .hasMessageStartingWith("need one of [mnist, cifar10, svhn")
                .hasMessageEndingWith("got 'mnits'");
    }

    @Test
    void theFilesAtHandAreThePublishedOnes() {
        String data = System.getenv("STILLPOINT_DATA");
        assumeTrue(data != null, "skipped: set STILLPOINT_DATA to the data folder to verify MNIST");
        for (PublicFile file : PublicSets.MNIST.files()) {
            assertThat(file.check(Path.of(data).resolve(file.path())).state())
                    .as(file.path())
                    .isEqualTo(PublicFile.State.GOOD);
        }
    }

    @Test
    void aFileIsRightByItsChecksumOrByItsContent() throws IOException {
        Path plain = Files.write(folder.resolve("plain"), TEXT);
        Path packed = Files.write(folder.resolve("packed"), Archives.gzip(TEXT));
        Path archive =
                Files.write(folder.resolve("archive"), Archives.gzip(Archives.tar(Map.of("a", TEXT, "b", TEXT))));
        good(plain, MD5, new Content.Unpublished());
        good(plain, MD5, new Content.Plain(WRONG));
        good(plain, "", new Content.Plain(SHA256));
        good(packed, MD5, new Content.Gzip(SHA256));
        good(archive, MD5, new Content.Tar(Map.of("a", SHA256)));
        different(packed, MD5, new Content.Unpublished(), "need the published MD5, got ");
        different(plain, "", new Content.Plain(WRONG), "need SHA-256 " + WRONG + ", got " + SHA256);
        different(
                packed,
                "",
                new Content.Gzip(WRONG),
                "need SHA-256 of the unpacked content " + WRONG + ", got " + SHA256);
        different(archive, "", new Content.Tar(Map.of("b", WRONG)), "need SHA-256 of b " + WRONG + ", got " + SHA256);
        different(
                archive,
                "",
                new Content.Tar(Map.of("c", SHA256)),
                "need SHA-256 of c " + SHA256 + ", got no such file");
        different(plain, "", new Content.Tar(Map.of("a", SHA256)), "need 512 bytes of a header from byte 0, got 11");
        assertThat(file("", new Content.Plain(SHA256))
                        .check(folder.resolve("none"))
                        .state())
                .isEqualTo(PublicFile.State.ABSENT);
    }

    @Test
    void theFolderIsTheUsersChoice() {
        Path home = Path.of("/home/ada");
        assertThat(DataFolder.of(java.util.Optional.of(Path.of("here"))).path()).isEqualTo(Path.of("here"));
        assertThat(DataFolder.ofUser(Map.of("STILLPOINT_DATA", "/data"), "Linux", home)
                        .path())
                .isEqualTo(Path.of("/data"));
        assertThat(DataFolder.ofUser(Map.of("STILLPOINT_DATA", " "), "Linux", home)
                        .path())
                .isEqualTo(Path.of("/home/ada/.cache/stillpoint/data"));
        assertThat(DataFolder.ofUser(Map.of("XDG_CACHE_HOME", "/cache"), "Linux", home)
                        .path())
                .isEqualTo(Path.of("/cache/stillpoint/data"));
        assertThat(DataFolder.ofUser(Map.of(), "Mac OS X", home).path())
                .isEqualTo(Path.of("/home/ada/Library/Caches/stillpoint/data"));
        assertThat(DataFolder.ofUser(Map.of("LOCALAPPDATA", "/local"), "Windows 11", home)
                        .path())
                .isEqualTo(Path.of("/local/stillpoint/data"));
        DataFolder empty = new DataFolder(folder, "the test");
        assertThatThrownBy(() -> empty.require(PublicSets.MNIST))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        folder + "/mnist/train-images-idx3-ubyte.gz: need this file of mnist, got none there;"
                                + " 'stillpoint data fetch mnist' downloads it, and --data or STILLPOINT_DATA names another folder");
    }

    private static void good(Path file, String md5, Content content) {
        PublicFile.Check check = file(md5, content).check(file);
        assertThat(check.state()).as(check.detail()).isEqualTo(PublicFile.State.GOOD);
    }

    private static void different(Path file, String md5, Content content, String detail) {
        PublicFile.Check check = file(md5, content).check(file);
        assertThat(check.state()).isEqualTo(PublicFile.State.DIFFERENT);
        assertThat(check.detail()).startsWith(detail);
    }

    private static PublicFile file(String md5, Content content) {
        return new PublicFile("set/file", List.of(URI.create("http://127.0.0.1/")), 11, md5, content);
    }
}
