package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    private static final byte[] TWO_IMAGES = {
        0,
        0,
        8,
        3,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        3,
        0,
        1,
        2,
        3,
        4,
        5,
        (byte) 250,
        (byte) 251,
        (byte) 252,
        (byte) 253,
        (byte) 254,
        (byte) 255
    };
    private static final byte[] TWO_LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 9, 4};

    @TempDir
    Path folder;

    @Test
    void readsImagesAndLabelsPackedAndNot() throws IOException {
        for (Path file : new Path[] {write("images", TWO_IMAGES), write("images.gz", Archives.gzip(TWO_IMAGES))}) {
            Images images = IdxFile.images(file);
            assertThat(images.count()).isEqualTo(2);
            assertThat(new int[] {images.channels(), images.height(), images.width()})
                    .containsExactly(1, 2, 3);
            assertThat(images.at(0, 0, 1, 0)).isEqualTo(3);
            assertThat(images.at(1, 0, 1, 2)).isEqualTo(255);
        }
        assertThat(IdxFile.labels(write("labels", TWO_LABELS))).containsExactly(9, 4);
    }

    @Test
    void everyTruncationNamesFileAndOffset() throws IOException {
        for (int length = 0; length < TWO_IMAGES.length; length++) {
            Path file = write("cut" + length, Arrays.copyOf(TWO_IMAGES, length));
            int from = length < 16 ? length / 4 * 4 : 16;
            assertThatThrownBy(() -> IdxFile.images(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": need ")
                    .hasMessageContaining(
                            "from byte " + from + ", got " + (length - from) + " and the end of the file");
        }
    }

    @Test
    void aCutOrDamagedArchiveIsRefused() throws IOException {
        byte[] packed = Archives.gzip(TWO_IMAGES);
        Path cut = write("cut.gz", Arrays.copyOf(packed, packed.length - 9));
        assertThatThrownBy(() -> IdxFile.images(cut))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(cut + ": need whole gzip-compressed data after byte ");
        byte[] damaged = packed.clone();
        damaged[packed.length - 6] ^= 1;
        Path wrong = write("wrong.gz", damaged);
        assertThatThrownBy(() -> IdxFile.images(wrong))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(wrong + ": need sound gzip-compressed data after byte 28");
    }

    @Test
    void whatIsNoSuchFileIsRefused() throws IOException {
        Path labels = write("labels", TWO_LABELS);
        refused(labels, "need the magic number 2051 (unsigned bytes, 3 dimensions) at byte 0, got 2049");
        byte[] longer = Arrays.copyOf(TWO_IMAGES, TWO_IMAGES.length + 1);
        refused(write("longer", longer), "need the end of the file at byte 28, got more bytes");
        byte[] huge = TWO_IMAGES.clone();
        huge[4] = (byte) 0x7f;
        refused(write("huge", huge), "need dimension 2 of at least 1 and at most 1 at byte 8, got 2");
        byte[] none = TWO_IMAGES.clone();
        none[7] = 0;
        refused(write("none", none), "need dimension 1 of at least 1 and at most 2147483639 at byte 4, got 0");
        refused(folder.resolve("absent"), "need an idx file of images, got none there");
        refused(folder, "need an idx file of images, got a directory");
    }

    @Test
    void imagesAndLabelsMustAgree() throws IOException {
        Path images = write("images", TWO_IMAGES);
        Path labels = write("labels", TWO_LABELS);
        assertThat(IdxFile.labelled(images, labels, 10).labels()).containsExactly(9, 4);
        assertThatThrownBy(() -> IdxFile.labelled(images, labels, 9))
                .hasMessage(labels + ": need labels from 0 to 8, got 9 for image 0");
        Path three = write("three", new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3});
        assertThatThrownBy(() -> IdxFile.labelled(images, three, 10))
                .hasMessage(three + ": need 2 labels as there are images in " + images + ", got 3");
    }

    @Test
    void readsTheOfficialFiles() {
        String data = System.getenv("STILLPOINT_DATA");
        assumeTrue(data != null, "STILLPOINT_DATA is not set: the official MNIST files are not read");
        Path mnist = Path.of(data, "mnist");
        LabelledImages test = IdxFile.labelled(
                mnist.resolve("t10k-images-idx3-ubyte.gz"), mnist.resolve("t10k-labels-idx1-ubyte.gz"), 10);
        assertThat(test.count()).isEqualTo(10_000);
        assertThat(test.images().height()).isEqualTo(28);
        assertThat(Arrays.copyOf(test.labels(), 10)).containsExactly(7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
    }

    private void refused(Path file, String problem) {
        assertThatThrownBy(() -> IdxFile.images(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": " + problem);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}
